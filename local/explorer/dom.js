import { askedInWords } from './days.js';

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
  element.append(...present(children));
  return element;
}

/** Children without those that a condition left out. */
function present(children) {
  return children.flat().filter((child) => child !== undefined && child !== null && child !== false);
}

/** Gives an element new children in the place of those it has. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
}

export function find(id) {
  return document.getElementById(id);
}

/** A button that looks the path up. */
export function follow(open, path, words, className = 'cell') {
  return h('button', { type: 'button', className, onclick: () => open(path) }, words);
}

/** First line of an answer's card: what it is about, and on which date. */
export function head(title, on, ...rest) {
  return h(
    'div',
    { className: 'head' },
    h('span', { className: 'title' }, title),
    ...rest,
    h('span', { className: 'asked' }, askedInWords(on)),
  );
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
