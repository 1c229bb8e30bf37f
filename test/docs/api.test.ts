import { StartedServer } from '../local/started-server';
import { documentAt } from './documents';

/** Requests that the page shows, with the answer below each. */
function examples(): { name: string; method: string; path: string; body?: string; answer: unknown }[] {
  const blocks = documentAt('docs/api.md').text.matchAll(/```http\n([^]*?)\n```\s+```json\n([^]*?)\n```/g);
  return [...blocks].map(([, request = '', answer = '']) => {
    const [name = '', ...body] = request.split('\n');
    const [method = '', path = ''] = name.split(' ');
    return {
      name,
      method,
      path,
      answer: JSON.parse(answer),
      ...(body.length > 0 && { body: body.join('\n') }),
    };
  });
}

describe('docs/api.md', () => {
  let server: StartedServer;
  beforeAll(async () => {
    server = await StartedServer.ready({});
  });
  afterAll(() => server.stop());

  it('shows examples of records, batches and problems', () => {
    expect(examples().length).toBeGreaterThanOrEqual(4);
  });

  test.each(examples())('shows what npm start answers to $name', async ({ method, path, body, answer }) => {
    const init = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } };
    const response = await fetch(`${await server.url()}${path}`, { method, ...init });
    expect(await response.json()).toEqual(answer);
  });
});
