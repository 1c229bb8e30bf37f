import { dayLater, spanInWords } from './days.js';
import { follow, h, head } from './dom.js';
import { categoryPath, changed, codePath, crosswalkPath } from './paths.js';
import { standingPill } from './standing.js';
import { SYSTEM_NAMES } from './systems.js';

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

/** A header is nowhere on a claim: its days are in force, not billable. */
function validity(record) {
  const span = spanInWords(record);
  if (span === undefined) return undefined;
  const words = { active: 'In force', future: 'Will be in force', ended: 'Was in force' }[record.status];
  return h('p', { className: 'short' }, `${words} ${span}.`);
}

function instead({ replacedBy = [], type }, on, open) {
  if (replacedBy.length === 0) return undefined;
  return h(
    'div',
    { className: 'links instead' },
    h('span', { className: 'short' }, 'Use instead'),
    replacedBy.map((code) => follow(open, codePath(type, code, on), code, 'chip')),
  );
}

/** A day of each state to ask for: its first, or where nobody knows that, its last. */
function stateRow(state, { record, path, open }) {
  const { validFrom, validTo, billable, description } = state;
  const shown = record.status === 'active' && validFrom === record.validFrom && validTo === record.validTo;
  return h(
    'li',
    { 'aria-current': shown && 'true' },
    follow(open, changed(path, { on: validFrom ?? validTo }), spanInWords(state), 'day'),
    h('span', { className: billable ? 'good' : 'dim' }, billable ? 'Billable' : 'Header'),
    description !== record.description && h('span', { className: 'said' }, description),
  );
}

/** Days between two states on which there was no such code. */
function gapRow(before, { validFrom }) {
  if ((before?.validTo ?? null) === null || dayLater(before.validTo, 1) === validFrom) return undefined;
  const span = { validFrom: dayLater(before.validTo, 1), validTo: dayLater(validFrom, -1) };
  return h('li', { className: 'gap' }, h('span', {}, spanInWords(span)), h('span', {}, 'No such code'));
}

function history(asked) {
  const { states = [] } = asked.record;
  if (states.length < 2) return undefined;
  return h(
    'div',
    { className: 'notes' },
    h(
      'div',
      {},
      h('h3', {}, 'History'),
      h(
        'ol',
        { className: 'history' },
        states.flatMap((state, index) => [gapRow(states[index - 1], state), stateRow(state, asked)]),
      ),
    ),
  );
}

function notes(record) {
  const kinds = Object.entries(record.notes ?? {});
  if (kinds.length === 0) return undefined;
  return h(
    'div',
    { className: 'notes' },
    kinds.map(([kind, lines]) =>
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
  );
}

/** A code, as it is on the date asked for. */
export function recordView(record, { path, on, open }) {
  const { type, code, category, description, shortDescription } = record;
  return [
    head(code, on, h('span', { className: 'pill' }, SYSTEM_NAMES[type]), standingPill(record)),
    h('p', { className: 'lead' }, description),
    shortDescription !== description && h('p', { className: 'short' }, shortDescription),
    validity(record),
    instead(record, on, open),
    h(
      'div',
      { className: 'links' },
      follow(open, categoryPath(type, category, { on, limit: '100' }), `Category ${category}`, 'quiet'),
      type === 'icd10' && follow(open, crosswalkPath(code, '', on), 'Procedures it supports', 'quiet'),
      record.states === undefined && follow(open, changed(path, { history: 'true' }), 'History', 'quiet'),
    ),
    history({ record, path, open }),
    notes(record),
  ];
}
