/** Requests that the page makes, as paths of the API. */

const segment = encodeURIComponent;

/** Path and query; parameters left empty are left out. */
export function withQuery(path, query) {
  const entries = Object.entries(query).filter(([, value]) => value !== '' && value !== undefined);
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries)}`;
}

/** The same request with some parameters of its query changed. */
export function changed(path, query) {
  const { pathname, searchParams } = new URL(path, location.origin);
  return withQuery(pathname, { ...Object.fromEntries(searchParams), ...query });
}

/** The same request with the code that the API suggests in the place of the bad one, which `field` names. */
export function corrected(path, { field, suggestion }) {
  const { pathname, search } = new URL(path, location.origin);
  const segments = pathname.split('/');
  segments[field === 'icd10' ? 3 : segments.length - 1] = segment(suggestion);
  return segments.join('/') + search;
}

/** Date that a request names; undefined where it means today. */
export function dayOf(path, body) {
  const named =
    body === undefined ? new URL(path, location.origin).searchParams.get('on') : JSON.parse(body).on;
  return named ?? undefined;
}

/** The page always asks for the history, because a person wants to see why a code is no longer what it was. */
export const codePath = (type, code, on) =>
  withQuery(`/v1/${type}/${segment(code)}`, { on, history: 'true' });

export const categoryPath = (type, category, query) =>
  withQuery(`/v1/${type}/categories/${segment(category)}`, query);

export const crosswalkPath = (icd10, cpt, on) =>
  withQuery(`/v1/crosswalk/${segment(icd10)}${cpt === '' ? '' : `/${segment(cpt)}`}`, { on });

export const hotCodesPath = (teamId, query) => withQuery(`/v1/teams/${segment(teamId)}/hot-codes`, query);
