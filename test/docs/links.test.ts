import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { DOCUMENTS, documentAt, ROOT, sources } from './documents';

interface Link {
  readonly from: string;
  readonly target: string;
}

const links: readonly Link[] = DOCUMENTS.flatMap(({ path, prose }) =>
  [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({ from: path, target })),
);
const local = links.filter(({ target }) => !/^[a-z]+:/.test(target));

/** What is wrong with a link to another place of the repository. */
function problem({ from, target }: Link): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : normalize(join(from, '..', path));
  if (!existsSync(join(ROOT, file))) return `${from}: ${target} leads nowhere`;
  if (anchor === undefined || !file.endsWith('.md')) return undefined;
  return documentAt(file).anchors.includes(anchor) ? undefined : `${from}: ${target} names no heading`;
}

describe('links in the docs', () => {
  it('lead to a file and a heading that are there', () => {
    expect(local.length).toBeGreaterThan(20);
    expect(local.flatMap((link) => problem(link) ?? [])).toEqual([]);
  });

  it('are encrypted where they leave the repository, but for the server on this machine', () => {
    const outside = DOCUMENTS.flatMap(({ prose }) => prose.match(/\bhttp:\/\/[^\s)>`]+/g) ?? []);
    expect(outside.filter((url) => !/^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(url))).toEqual([]);
  });

  it('reach every page from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      for (const { from, target } of local) {
        const [path = ''] = target.split('#');
        if (from === page && path.endsWith('.md')) reached.add(normalize(join(from, '..', path)));
      }
    }
    expect(DOCUMENTS.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
  });
});

describe('files and pages that are named', () => {
  it('exist, where a page names one of the repository’s', () => {
    const named = DOCUMENTS.flatMap(({ path, code }) =>
      code
        .filter((each) =>
          /^(\.ci|\.github|bin|cli|lambda|lib|local|test|data|docs|bench)\/[\w./-]*$/.test(each),
        )
        .map((each) => ({ from: path, target: each })),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ target }) => !existsSync(join(ROOT, target)))).toEqual([]);
  });

  it('exist, where a program or a comment names a page', () => {
    const named = [...sources(['bin', 'cli', 'lambda', 'lib', 'local', '.github'])].flatMap(([from, text]) =>
      [...text.matchAll(/docs\/[\w/-]+\.md(#[a-z0-9-]+)?/g)].map(([target]) => ({
        from,
        target: `/${target}`,
      })),
    );
    expect(named.length).toBeGreaterThan(5);
    const missing = named.filter(({ target }) => {
      const [path = '', anchor] = target.slice(1).split('#');
      return (
        !existsSync(join(ROOT, path)) || (anchor !== undefined && !documentAt(path).anchors.includes(anchor))
      );
    });
    expect(missing).toEqual([]);
  });
});
