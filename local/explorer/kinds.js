import { find, h } from './dom.js';
import { categoryPath, codePath, crosswalkPath, hotCodesPath } from './paths.js';

const TYPES = [
  ['icd10', 'ICD-10-CM'],
  ['cpt', 'CPT'],
  ['hcpcs', 'HCPCS'],
];

const text = (name, label, properties = {}) =>
  h(
    'label',
    { className: 'grow' },
    h('span', {}, label),
    h('input', { name, className: 'code', autocomplete: 'off', spellcheck: false, ...properties }),
  );

const choice = (name, label, options) =>
  h(
    'label',
    {},
    h('span', {}, label),
    h('select', { name }, ...options.map(([value, words]) => h('option', { value }, words))),
  );

const count = (label) =>
  h(
    'label',
    {},
    h('span', {}, label),
    h('input', { name: 'limit', type: 'number', min: 1, max: 1000, value: '100' }),
  );

/** Date of service. An empty field is a date too: today. */
const day = () =>
  h(
    'label',
    { className: 'day' },
    h('span', {}, 'Date of service', h('small', {}, 'or today')),
    h('input', { name: 'on', type: 'date', min: '1900-01-01', max: '2999-12-31' }),
  );

const tick = (name, value, label) =>
  h('label', { className: 'tick' }, h('input', { type: 'checkbox', name, value }), h('span', {}, label));

/** `icd10 Z00.00` per line, as the body of a batch. */
function batchBody(lines, on) {
  const codes = lines
    .split('\n')
    .map((line) => line.trim().split(/[\s,:]+/))
    .filter(([first]) => first !== '')
    .map(([type, code = '']) => ({ type: type.toLowerCase(), code }));
  return JSON.stringify({ on: on === '' ? undefined : on, codes });
}

/**
 * The tabs of the page. `match` reads a request path back into the fields, so that every answer has a link
 * of its own and every code on the page can be followed.
 */
export const KINDS = [
  {
    name: 'Code',
    fields: () => [choice('type', 'System', TYPES), text('code', 'Code'), day()],
    request: ({ type, code, on }) => ({ path: codePath(type, code, on) }),
    match: /^\/v1\/(?<type>icd10|cpt|hcpcs)\/(?<code>[^/?]+)$/,
    tries: ['/v1/icd10/z0000', '/v1/cpt/99213', '/v1/hcpcs/a7011', '/v1/icd10/Z.0000', '/v1/icd10/QA0'],
  },
  {
    name: 'Category',
    fields: () => [
      choice('type', 'System', TYPES),
      text('category', 'Category'),
      choice('billable', 'Show', [
        ['', 'all codes'],
        ['true', 'billable codes'],
        ['false', 'header codes'],
      ]),
      count('Per page'),
      day(),
      tick('status', 'all', 'with ended and future codes'),
    ],
    request: ({ type, category, ...query }) => ({ path: categoryPath(type, category, query) }),
    match: /^\/v1\/(?<type>icd10|cpt|hcpcs)\/categories\/(?<category>[^/?]+)$/,
    tries: ['/v1/icd10/categories/Z00', '/v1/cpt/categories/evaluation-and-management'],
  },
  {
    name: 'Crosswalk',
    fields: () => [text('icd10', 'ICD-10-CM code'), text('cpt', 'CPT or HCPCS code, if any'), day()],
    request: ({ icd10, cpt, on }) => ({ path: crosswalkPath(icd10, cpt, on) }),
    match: /^\/v1\/crosswalk\/(?<icd10>[^/?]+)(?:\/(?<cpt>[^/?]+))?$/,
    tries: ['/v1/crosswalk/Z00.00', '/v1/crosswalk/Z00.00/99395', '/v1/crosswalk/Z00.00/99213'],
  },
  {
    name: 'Hot codes',
    fields: () => [text('teamId', 'Team'), count('Most codes'), day()],
    request: ({ teamId, limit, on }) => ({ path: hotCodesPath(teamId, { limit, on }) }),
    match: /^\/v1\/teams\/(?<teamId>[^/?]+)\/hot-codes$/,
    tries: ['/v1/teams/demo/hot-codes'],
  },
  {
    name: 'Batch',
    fields: () => [
      h(
        'label',
        { className: 'grow' },
        h('span', {}, 'One system and code per line, up to 200'),
        h('textarea', { name: 'lines', spellcheck: false, value: 'icd10 z0000\ncpt 99213\nicd10 Z99.999' }),
      ),
      day(),
    ],
    request: ({ lines, on }) => ({ path: '/v1/codes/batch', body: batchBody(lines, on) }),
    match: /^\/v1\/codes\/batch$/,
    tries: [],
  },
];

/** The tab a request path belongs to and what its fields hold; undefined for other routes. */
export function kindOf(path) {
  const url = new URL(path, location.origin);
  for (const kind of KINDS) {
    const match = kind.match.exec(url.pathname);
    if (match === null) continue;
    const fromPath = Object.entries(match.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value ?? ''),
    ]);
    return { kind, values: { ...Object.fromEntries(url.searchParams), ...Object.fromEntries(fromPath) } };
  }
  return undefined;
}

/** What the form's fields hold now. */
export function formValues() {
  return Object.fromEntries(new FormData(find('form')));
}
