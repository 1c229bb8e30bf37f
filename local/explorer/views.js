import { inWords } from './days.js';
import { follow, h, head, prose } from './dom.js';
import { changed, codePath, corrected } from './paths.js';
import { recordView } from './record-view.js';
import { standingText } from './standing.js';
import { SYSTEM_NAMES } from './systems.js';

const isHcpcs = (code) => /^[A-V]/.test(code);

function table(heads, rows) {
  const cell = (tag) => (content, index) =>
    h(tag, { className: heads[index].startsWith('#') ? 'number' : '' }, content);
  const named = heads.map((head) => head.replace('#', ''));
  return h(
    'div',
    { className: 'scroll', tabIndex: 0 },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, named.map(cell('th')))),
      h(
        'tbody',
        {},
        rows.map((row) => h('tr', {}, row.map(cell('td')))),
      ),
    ),
  );
}

function categoryView(page, { on, open, next }) {
  return [
    head(page.category, on, h('span', { className: 'pill' }, SYSTEM_NAMES[page.type])),
    table(
      ['Code', 'Short description', 'Claim'],
      page.codes.map((listed) => [
        follow(open, codePath(page.type, listed.code, on), listed.code),
        listed.shortDescription,
        standingText(listed),
      ]),
    ),
    h(
      'div',
      { className: 'more' },
      `${page.codes.length} of ${page.total.toLocaleString()} codes`,
      page.nextCursor !== null &&
        h(
          'button',
          { type: 'button', className: 'quiet', onclick: () => next(page.nextCursor) },
          'Next page',
        ),
    ),
  ];
}

function crosswalkView({ icd10, cpts }, { on, open }) {
  const rows = cpts.map(({ cpt, relationship, sources }) => [
    follow(open, codePath(isHcpcs(cpt) ? 'hcpcs' : 'cpt', cpt, on), cpt),
    relationship,
    sources.join(', '),
  ]);
  return [
    head(icd10, on, h('span', { className: 'pill' }, `${cpts.length} procedures`)),
    rows.length === 0
      ? h('p', { className: 'lead' }, 'The crosswalk has no procedure for this diagnosis.')
      : table(['Procedure', 'Relationship', 'Sources'], rows),
  ];
}

function pairView({ icd10, cpt, related, relationship, sources }, { on }) {
  return [
    head(`${icd10} → ${cpt}`, on),
    h(
      'p',
      { className: `lead ${related ? 'good' : 'bad'}` },
      related ? `Related: ${relationship}` : 'Not related in the crosswalk',
    ),
    sources.length > 0 && h('p', { className: 'short' }, sources.join(', ')),
  ];
}

function hotCodesView({ teamId, generatedAt, codes }, { on, open }) {
  return [
    head(teamId, on),
    generatedAt === null
      ? h('p', { className: 'lead' }, 'Nothing has been counted for this team yet.')
      : table(
          ['#', 'Code', 'Short description', 'Status', '#Uses'],
          codes.map(({ rank, type, code, shortDescription, uses, status }) => [
            String(rank),
            follow(open, codePath(type, code, on), code),
            shortDescription,
            standingText({ status }),
            uses.toLocaleString(),
          ]),
        ),
    generatedAt !== null &&
      h('div', { className: 'more' }, `As of ${new Date(generatedAt).toLocaleString()}`),
  ];
}

function batchError({ detail, suggestion }, { type, on, open }) {
  return h(
    'div',
    {},
    h('p', { className: 'bad' }, prose(detail)),
    suggestion !== undefined && follow(open, codePath(type, suggestion, on), `Try ${suggestion}`, 'quiet'),
  );
}

function batchView({ results }, asked) {
  const { on, open } = asked;
  const found = results.filter((result) => result.found).length;
  return [
    head(`${found} of ${results.length}`, on, h('span', { className: 'short' }, 'found')),
    table(
      ['Code', 'Description', 'Claim'],
      results.map(({ type, code, record, error }) => [
        error === undefined ? follow(open, codePath(type, code, on), code) : code,
        record?.description ??
          (error === undefined
            ? h('span', { className: 'bad' }, 'unknown')
            : batchError(error, { ...asked, type })),
        record === undefined ? '' : standingText(record),
      ]),
    ),
  ];
}

function problemView(problem, { path, open }) {
  const { suggestion, firstDay } = problem;
  return [
    h(
      'div',
      { className: 'head' },
      h('span', { className: 'title words' }, problem.title ?? `HTTP ${problem.status}`),
      h('span', { className: 'pill bad' }, problem.code ?? 'error'),
    ),
    h('p', { className: 'lead' }, prose(problem.detail ?? 'The server gave no reason.')),
    h(
      'div',
      { className: 'links' },
      suggestion !== undefined && follow(open, corrected(path, problem), `Try ${suggestion}`, 'quiet'),
      firstDay !== undefined &&
        follow(open, changed(path, { on: firstDay }), `Ask for ${inWords(firstDay)}`, 'quiet'),
    ),
  ];
}

/**
 * What a person reads of an answer.
 * @param asked `path` and `on`, the date that was named; `open` looks a path up, `next` a list's next page
 */
export function view({ status, body }, asked) {
  if (status >= 400) return problemView({ status, ...body }, asked);
  if ('results' in body) return batchView(body, asked);
  if ('cpts' in body) return crosswalkView(body, asked);
  if ('related' in body) return pairView(body, asked);
  if ('teamId' in body) return hotCodesView(body, asked);
  if ('codes' in body) return categoryView(body, asked);
  return recordView(body, asked);
}
