import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartedServer } from '../local/started-server';
import { runCodes } from '../support/codes-cli';
import { documentAt, ROOT } from './documents';

jest.setTimeout(60_000);

const readme = documentAt('README.md');

/** What README prints below its request: status, headers and body. */
function printedAnswer(): { status: number; headers: [string, string][]; body: unknown } {
  const [, answer = ''] = /```\n(HTTP\/1\.1 [^]*?)```/.exec(readme.text) ?? [];
  const [head = '', body = ''] = answer.split('\n\n');
  const [first = '', ...headers] = head.split('\n');
  return {
    status: Number(first.split(' ')[1]),
    headers: headers.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    body: JSON.parse(body),
  };
}

describe('the README', () => {
  let server: StartedServer | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  it('begins with two commands: one that sets up and starts, one that asks', () => {
    expect(readme.shellLines.slice(0, 2)).toEqual([
      'npm run setup && npm start',
      expect.stringMatching(/^curl -i http:\/\/127\.0\.0\.1:3000\/v1\//),
    ]);
  });

  it('shows the answer that its request gets from npm start', async () => {
    const [, request = ''] = readme.shellLines;
    server = StartedServer.npm({ PORT: '0' });
    const path = new URL(request.replace('curl -i ', '')).pathname;
    const printed = printedAnswer();
    const answer = await server.get(path);
    expect(answer.status).toBe(printed.status);
    expect(printed.headers.length).toBeGreaterThan(2);
    for (const [name, value] of printed.headers)
      expect([name, answer.headers.get(name)]).toEqual([name, value]);
    expect(await answer.json()).toEqual(printed.body);
    expect(readme.prose).toContain('Ask again and `x-cache` says `memory`');
    expect((await server.get(path)).headers.get('x-cache')).toBe('memory');
  });

  it('builds, publishes and serves real codes by the commands it names', async () => {
    const home = mkdtempSync(join(tmpdir(), 'medical-codes-readme-'));
    const store = `file:${home}/catalog`;
    const told = readme.shellLines.filter((line) => line.includes('file:/tmp/catalog'));
    expect(told).toHaveLength(3);
    try {
      for (const line of told.slice(0, 2)) {
        const words = line
          .replace(/^npm run codes -- /, '')
          .replace('file:/tmp/catalog', store)
          .replace(/\bicd10cm-order-\d+\.txt/, join(ROOT, 'data/sample/icd10cm-order-sample.txt'));
        expect(await runCodes(words.split(' '))).toMatchObject({ exitCode: 0 });
      }
      expect(told[2]).toBe('CATALOG_STORE=file:/tmp/catalog npm start');
      server = await StartedServer.ready({ CATALOG_STORE: store });
      const answer = await server.get('/v1/icd10/z0000');
      expect([answer.status, answer.headers.get('x-catalog-release')]).toEqual([200, '2026.1']);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});
