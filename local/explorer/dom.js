/**
 * An element with properties, attributes (`aria-…`, `role`) and children. Text always goes in as text nodes:
 * no answer of the server is ever parsed as markup.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.includes('-') || name === 'role' || name === 'for') element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(
    ...children.flat().filter((child) => child !== undefined && child !== null && child !== false),
  );
  return element;
}

export function find(id) {
  return document.getElementById(id);
}

/** Words with `code` spans, as the API's descriptions use them. */
export function prose(text) {
  return text.split('`').map((part, index) => (index % 2 === 1 ? h('code', {}, part) : part));
}

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?/g;

/** Coloured JSON, as nodes. */
export function json(value) {
  const text = JSON.stringify(value, null, 2);
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    nodes.push(text.slice(at, match.index));
    const [all, quoted, colon] = match;
    if (quoted !== undefined && colon !== undefined) {
      nodes.push(h('span', { className: 'key' }, quoted), colon);
    } else nodes.push(h('span', { className: quoted === undefined ? 'literal' : 'string' }, all));
    at = match.index + all.length;
  }
  return [...nodes, text.slice(at)];
}
