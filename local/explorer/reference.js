import { find, h, prose } from './dom.js';
import { kindOf } from './kinds.js';

/** The path with its examples filled in. */
function examplePath(path, parameters) {
  return path.replace(/\{(\w+)\}/g, (_all, name) => {
    const parameter = parameters.find((each) => each.name === name);
    return encodeURIComponent(parameter?.example ?? name);
  });
}

function rows(heading, entries) {
  return h(
    'div',
    {},
    h('h4', {}, heading),
    h(
      'table',
      {},
      h(
        'tbody',
        {},
        entries.map(([name, words]) => h('tr', {}, h('td', {}, name), h('td', {}, prose(words)))),
      ),
    ),
  );
}

function route(document_, path, method, operation, open) {
  const responses = Object.entries(operation.responses).map(([status, response]) => {
    const shared = response.$ref?.split('/').at(-1);
    return [status, (shared === undefined ? response : document_.components.responses[shared]).description];
  });
  const example = examplePath(path, operation.parameters);
  const tryable = kindOf(example) !== undefined;
  return h(
    'details',
    { className: 'route' },
    h(
      'summary',
      {},
      h('span', { className: `verb ${method}` }, method.toUpperCase()),
      h('span', { className: 'path' }, path),
      h('span', { className: 'summary' }, operation.summary),
    ),
    h(
      'div',
      { className: 'body' },
      h('p', {}, prose(operation.description)),
      operation.parameters.length > 0 &&
        rows(
          'Parameters',
          operation.parameters.map((each) => [each.name, each.description]),
        ),
      rows('Answers', responses),
      tryable &&
        h(
          'div',
          {},
          h('button', { type: 'button', className: 'quiet', onclick: () => open(example) }, 'Try it'),
        ),
    ),
  );
}

/** Lists every route of the OpenAPI description, by tag. */
export function showReference(document_, open) {
  find('about').textContent = 'Paths have no trailing slash; HEAD works wherever GET does.';
  const groups = document_.tags.map(({ name, description }) => {
    const operations = Object.entries(document_.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => operation.tags.includes(name))
        .map(([method, operation]) => route(document_, path, method, operation, open)),
    );
    return [h('h3', {}, name, h('span', {}, description)), ...operations];
  });
  find('routes').replaceChildren(...groups.flat());
}
