import { fill, find, h, json } from './dom.js';
import { formValues, kindOf, KINDS } from './kinds.js';
import { dayOf } from './paths.js';
import { inWords } from './days.js';
import { showReference } from './reference.js';
import { view } from './views.js';

const SHOWN_HEADERS = [
  'x-cache',
  'x-catalog-release',
  'x-catalog-edition',
  'x-request-id',
  'etag',
  'cache-control',
  'retry-after',
];
const TRACE_LENGTH = 8;

const OUTCOME_TEXTS = {
  memory: "from this process's own memory",
  redis: 'from Redis',
  miss: 'not cached yet: read from the catalog',
  bypass: 'read from the catalog, because Redis is out',
  stale: 'an expired value, because the catalog is out too',
};

const START = '/v1/icd10/z0000?history=true';

let current = KINDS[0];
let latest;

function credentials() {
  const headers = {};
  if (find('token').value !== '') headers.authorization = `Bearer ${find('token').value.trim()}`;
  if (find('team').value !== '') headers['x-team-id'] = find('team').value.trim();
  return headers;
}

/** Sends a request past the browser's own cache, which would hide what this page is here to show. */
async function send(path, body) {
  const started = performance.now();
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...credentials(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body,
    cache: 'no-store',
  });
  const text = await response.text();
  return { response, ms: performance.now() - started, text };
}

/** Shows a tab's fields; the date stays when the tab changes. */
function selectKind(kind, values = { on: formValues().on ?? '' }) {
  current = kind;
  for (const [index, tab] of [...find('kinds').children].entries()) {
    tab.setAttribute('aria-selected', String(KINDS[index] === kind));
    tab.tabIndex = KINDS[index] === kind ? 0 : -1;
  }
  find('form').replaceChildren(...kind.fields(), h('button', { className: 'go' }, 'Look up'));
  for (const [name, value] of Object.entries(values)) {
    const field = find('form').elements.namedItem(name);
    if (field === null) continue;
    if (field.type === 'checkbox') field.checked = field.value === value;
    else field.value = value;
  }
  const tries = kind.tries.map((path) => {
    const { type, ...named } = kindOf(path).values;
    const label = Object.entries(named)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => (name === 'on' ? `on ${inWords(value)}` : value))
      .join(' ');
    const ask = () => open(kind.request({ type, on: formValues().on, ...named }).path);
    return h('button', { type: 'button', className: 'chip', onclick: ask }, label);
  });
  find('tries').replaceChildren(...(tries.length === 0 ? [] : ['Try ', ...tries]));
}

/** Fills the form from a path and sends it; the address bar then names this very request. */
function open(path) {
  const match = kindOf(path);
  if (match === undefined) return;
  selectKind(match.kind, match.values);
  if (match.kind.name === 'Batch') find('form').scrollIntoView({ block: 'center' });
  else void ask(path);
}

function trace(outcome, ms, status) {
  const label = outcome ?? `HTTP ${status}`;
  find('trace').prepend(
    h(
      'span',
      {},
      h('b', { className: outcome ?? (status < 400 ? 'good' : 'bad') }, label),
      ` ${ms.toFixed(1)} ms`,
    ),
  );
  while (find('trace').children.length > TRACE_LENGTH) find('trace').lastChild.remove();
}

function show({ path, body, response, text, ms }) {
  const { status } = response;
  const outcome = response.headers.get('x-cache') ?? undefined;
  const [release, edition] = ['release', 'edition'].map((name) => response.headers.get(`x-catalog-${name}`));
  if (release !== null) find('release').textContent = release;
  fill(
    find('meta'),
    h('span', { className: 'path' }, `${body === undefined ? 'GET' : 'POST'} ${path}`),
    h('span', { className: `pill ${status < 400 ? 'good' : 'bad'}` }, String(status)),
    ...(outcome === undefined ? [] : [h('span', { className: `pill ${outcome}` }, outcome)]),
    h('span', {}, `${ms.toFixed(1)} ms`),
    ...(outcome === undefined ? [] : [h('span', {}, OUTCOME_TEXTS[outcome])]),
    release !== null && h('span', {}, `release ${release}`),
    edition !== null && h('span', {}, `edition of ${inWords(edition)}`),
  );
  find('headers').replaceChildren(
    ...SHOWN_HEADERS.filter((name) => response.headers.has(name)).flatMap((name) => [
      `${name}: `,
      h('b', {}, response.headers.get(name)),
      '\n',
    ]),
  );
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = { detail: text };
  }
  find('json').replaceChildren(...json(parsed));
  const next = (cursor) => void ask(current.request({ ...formValues(), cursor }).path);
  fill(find('card'), ...view({ status, body: parsed }, { path, on: dayOf(path, body), open, next }));
  trace(outcome, ms, status);
}

/** Names a request in the address bar, so that it can be shared and the browser's Back returns to it. */
function remember(path) {
  if (location.hash === '') history.replaceState(null, '', `#${path}`);
  else if (location.hash !== `#${path}`) history.pushState(null, '', `#${path}`);
}

async function ask(path, body) {
  latest = { path, body };
  if (body === undefined) remember(path);
  try {
    show({ path, body, ...(await send(path, body)) });
  } catch {
    find('card').replaceChildren(
      h('p', { className: 'lead bad' }, 'The server does not answer. Is npm start running?'),
    );
    find('meta').replaceChildren();
    trace(undefined, 0, 0);
  }
  void showHealth();
}

async function showHealth() {
  const health = find('health');
  try {
    const { status } = JSON.parse((await send('/v1/health')).text);
    health.textContent = status === 'ok' ? 'Healthy' : 'Degraded';
    health.className = `health ${status}`;
  } catch {
    health.textContent = 'Not answering';
    health.className = 'health gone';
  }
}

async function copyAsCurl() {
  const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
  const { path, body } = latest;
  const data = body === undefined ? '' : ` -H 'content-type: application/json' -d ${quote(body)}`;
  await navigator.clipboard.writeText(`curl -i${data} ${quote(location.origin + path)}`);
  find('copy').textContent = 'Copied';
  setTimeout(() => (find('copy').textContent = 'Copy as curl'), 1500);
}

/** Arrow keys move between tabs, as screen-reader users expect of a tab list. */
function moveTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const index = (KINDS.indexOf(current) + step + KINDS.length) % KINDS.length;
  selectKind(KINDS[index]);
  find('kinds').children[index].focus();
}

find('kinds').replaceChildren(
  ...KINDS.map((kind) =>
    h(
      'button',
      { type: 'button', role: 'tab', 'aria-controls': 'form', onclick: () => selectKind(kind) },
      kind.name,
    ),
  ),
);
find('kinds').addEventListener('keydown', moveTab);
find('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const { path, body } = current.request(formValues());
  void ask(path, body);
});
find('copy').addEventListener('click', () => void copyAsCurl());
addEventListener('hashchange', () => open(location.hash.slice(1)));

const asked = location.hash.slice(1);
open(kindOf(asked === '' ? START : asked) === undefined ? START : asked || START);
showReference(JSON.parse((await send('/openapi.json')).text), (path) => {
  open(path);
  find('look-up').scrollIntoView({ behavior: 'smooth' });
});
