import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const ROOT = join(__dirname, '../..');

/** A page for people, taken apart as far as tests look at it. */
export interface Document {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
  /** Text without blocks of code. */
  readonly prose: string;
  /** What stands between backticks, on one line. */
  readonly code: readonly string[];
  /** Lines of the blocks of code that a shell reads, continued lines joined, comments and outputs left out. */
  readonly shellLines: readonly string[];
  /** Anchors of the headings, as GitHub makes them. */
  readonly anchors: readonly string[];
}

const FENCE = /^( *)```(\w*)\n([^]*?)^\1```$/gm;

/** What GitHub makes of a heading. */
function anchorOf(heading: string): string {
  return heading
    .replace(/`/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function anchorsOf(prose: string): string[] {
  const seen = new Map<string, number>();
  return [...prose.matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) => {
    const anchor = anchorOf(heading);
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

function shellLines(block: string): string[] {
  return block
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** Takes a page apart. */
export function document(path: string, text: string): Document {
  const blocks = [...text.matchAll(FENCE)];
  const prose = text.replace(FENCE, '');
  return {
    path,
    text,
    prose,
    code: [...prose.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replace(/\s+/g, ' ')),
    shellLines: blocks
      .filter(([, , language = '']) => /^(sh|bash)$/.test(language))
      .flatMap(([, , , block = '']) => shellLines(block)),
    anchors: anchorsOf(prose),
  };
}

function pagesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join(folder, path));
}

/** Every page of the project. */
export const DOCUMENTS: readonly Document[] = [
  ...readdirSync(ROOT).filter((path) => path.endsWith('.md')),
  ...['docs', 'data', '.github', 'bench']
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap(pagesUnder),
]
  .filter((path) => !path.includes('node_modules'))
  .sort()
  .map((path) => document(path, readFileSync(join(ROOT, path), 'utf8')));

/** A page by its path. */
export function documentAt(path: string): Document {
  const found = DOCUMENTS.find((each) => each.path === path);
  if (found === undefined) throw new Error(`there is no ${path}`);
  return found;
}

/** The rows of the first table below a heading, each as its cells. */
export function tableBelow(page: Document, heading: string): string[][] {
  const [, section = ''] = page.prose.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  const rows = own.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

/** The product's source, and what it is tested with, as one text by file. */
export function sources(folders: readonly string[]): ReadonlyMap<string, string> {
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|js|mjs|cjs|sh|py|yml)$/.test(path))
      .map((path) => join(ROOT, folder, path)),
  );
  return new Map(files.map((path) => [relative(ROOT, path), readFileSync(path, 'utf8')]));
}
