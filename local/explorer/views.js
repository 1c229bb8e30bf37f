import { h, prose } from './dom.js';

const SYSTEM_NAMES = { icd10: 'ICD-10-CM', cpt: 'CPT', hcpcs: 'HCPCS Level II' };

const NOTE_TITLES = {
  inclusionTerms: 'Inclusion terms',
  includes: 'Includes',
  excludes1: 'Excludes 1',
  excludes2: 'Excludes 2',
  codeFirst: 'Code first',
  codeAlso: 'Code also',
  useAdditionalCode: 'Use additional code',
  notes: 'Notes',
};

const codePath = (type, code) => `/v1/${type}/${encodeURIComponent(code)}`;
const isHcpcs = (code) => /^[A-V]/.test(code);

const billableText = (billable) =>
  h('span', { className: billable ? 'good' : 'dim' }, billable ? 'billable' : 'header');

/** A button that looks the path up. */
function follow(open, path, words, className = 'cell') {
  return h('button', { type: 'button', className, onclick: () => open(path) }, words);
}

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

function head(title, ...rest) {
  return h('div', { className: 'head' }, h('span', { className: 'title' }, title), ...rest);
}

function recordView(record, open) {
  const notes = Object.entries(record.notes ?? {});
  return [
    head(
      record.code,
      h('span', { className: 'pill' }, SYSTEM_NAMES[record.type]),
      h(
        'span',
        { className: `pill ${record.billable ? 'good' : 'dim'}` },
        record.billable ? 'Billable' : 'Header, not billable',
      ),
    ),
    h('p', { className: 'lead' }, record.description),
    record.shortDescription !== record.description && h('p', { className: 'short' }, record.shortDescription),
    (record.validFrom ?? record.validTo) !== undefined &&
      h(
        'p',
        { className: 'short' },
        `Valid ${record.validFrom ?? '…'} to ${record.validTo ?? 'further notice'}`,
      ),
    h(
      'div',
      { className: 'links' },
      follow(
        open,
        `/v1/${record.type}/categories/${encodeURIComponent(record.category)}?limit=100`,
        `Category ${record.category}`,
        'quiet',
      ),
      record.type === 'icd10' &&
        follow(open, `/v1/crosswalk/${encodeURIComponent(record.code)}`, 'Procedures it supports', 'quiet'),
    ),
    notes.length > 0 &&
      h(
        'div',
        { className: 'notes' },
        notes.map(([kind, lines]) =>
          h(
            'div',
            {},
            h('h3', {}, NOTE_TITLES[kind] ?? kind),
            h(
              'ul',
              {},
              lines.map((line) => h('li', {}, line)),
            ),
          ),
        ),
      ),
  ];
}

function categoryView(page, open, next) {
  return [
    head(page.category, h('span', { className: 'pill' }, SYSTEM_NAMES[page.type])),
    table(
      ['Code', 'Short description', 'Claim'],
      page.codes.map(({ code, shortDescription, billable }) => [
        follow(open, codePath(page.type, code), code),
        shortDescription,
        billableText(billable),
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

function crosswalkView({ icd10, cpts }, open) {
  const rows = cpts.map(({ cpt, relationship, sources }) => [
    follow(open, codePath(isHcpcs(cpt) ? 'hcpcs' : 'cpt', cpt), cpt),
    relationship,
    sources.join(', '),
  ]);
  return [
    head(icd10, h('span', { className: 'pill' }, `${cpts.length} procedures`)),
    rows.length === 0
      ? h('p', { className: 'lead' }, 'The crosswalk has no procedure for this diagnosis.')
      : table(['Procedure', 'Relationship', 'Sources'], rows),
  ];
}

function pairView({ icd10, cpt, related, relationship, sources }) {
  return [
    head(`${icd10} → ${cpt}`),
    h(
      'p',
      { className: `lead ${related ? 'good' : 'bad'}` },
      related ? `Related: ${relationship}` : 'Not related in the crosswalk',
    ),
    sources.length > 0 && h('p', { className: 'short' }, sources.join(', ')),
  ];
}

function hotCodesView({ teamId, generatedAt, codes }, open) {
  return [
    head(teamId),
    generatedAt === null
      ? h('p', { className: 'lead' }, 'Nothing has been counted for this team yet.')
      : table(
          ['#', 'Code', 'Short description', '#Uses'],
          codes.map(({ rank, type, code, shortDescription, uses }) => [
            String(rank),
            follow(open, codePath(type, code), code),
            shortDescription,
            uses.toLocaleString(),
          ]),
        ),
    generatedAt !== null &&
      h('div', { className: 'more' }, `As of ${new Date(generatedAt).toLocaleString()}`),
  ];
}

function batchView({ results }, open) {
  const found = results.filter((result) => result.found).length;
  return [
    head(`${found} of ${results.length}`, h('span', { className: 'short' }, 'found')),
    table(
      ['Code', 'Description'],
      results.map(({ type, code, record }) => [
        follow(open, codePath(type, code), code),
        record?.description ?? h('span', { className: 'bad' }, 'unknown'),
      ]),
    ),
  ];
}

function problemView(problem, open, path) {
  const retry = path.replace(/[^/]+$/, encodeURIComponent(problem.suggestion ?? ''));
  return [
    h(
      'div',
      { className: 'head' },
      h('span', { className: 'title words' }, problem.title ?? `HTTP ${problem.status}`),
      h('span', { className: 'pill bad' }, problem.code ?? 'error'),
    ),
    h('p', { className: 'lead' }, prose(problem.detail ?? 'The server gave no reason.')),
    problem.suggestion !== undefined &&
      h('div', { className: 'links' }, follow(open, retry, `Try ${problem.suggestion}`, 'quiet')),
  ];
}

/** What a person reads of an answer. */
export function view({ status, body, path }, open, next) {
  if (status >= 400) return problemView({ status, ...body }, open, path);
  if ('results' in body) return batchView(body, open);
  if ('cpts' in body) return crosswalkView(body, open);
  if ('related' in body) return pairView(body);
  if ('teamId' in body) return hotCodesView(body, open);
  if ('codes' in body) return categoryView(body, open, next);
  return recordView(body, open);
}
