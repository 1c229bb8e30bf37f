import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with a request instead of serving it; undefined serves it. */
export type Fault = 'hang' | 'stall-body' | 'drop-answer' | number | undefined;

const BUCKET = 'test-bucket';

/** The few S3 operations the catalog uses, on a local port, with faults on demand. */
export class S3Server {
  readonly objects = new Map<string, Buffer>();
  readonly requests: string[] = [];
  /** Asked before each request is served. */
  fault: (request: string, count: number) => Fault = () => undefined;
  private constructor(
    private readonly server: Server,
    readonly endpoint: string,
  ) {}

  static async start(): Promise<S3Server> {
    const server = createServer((request, response) => void s3.#handle(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const s3 = new S3Server(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return s3;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const url = new URL(request.url ?? '/', this.endpoint);
    const [, bucket, ...rest] = decodeURIComponent(url.pathname).split('/');
    const key = rest.join('/');
    const name = `${request.method} ${key}`;
    this.requests.push(name);
    const fault = this.fault(name, this.requests.filter((each) => each === name).length);
    if (fault === 'hang') return;
    if (typeof fault === 'number') {
      this.#error(response, fault, fault === 503 ? 'SlowDown' : 'Fault');
      return;
    }
    if (bucket !== BUCKET) {
      this.#error(response, 404, 'NoSuchBucket');
      return;
    }
    if (fault === 'stall-body') {
      response.writeHead(200, { 'content-length': '100', etag: '"x"' });
      response.write('half');
      return;
    }
    if (request.method === 'PUT') {
      this.#put(key, Buffer.concat(chunks), request, response, fault);
      return;
    }
    if (request.method === 'DELETE') {
      this.objects.delete(key);
      response.writeHead(204).end();
      return;
    }
    if (key === '') {
      this.#list(url, response);
      return;
    }
    const body = this.objects.get(key);
    if (body === undefined) {
      this.#error(response, 404, 'NoSuchKey');
      return;
    }
    response.writeHead(200, { etag: etag(body), 'content-length': body.length }).end(body);
  }

  #put(key: string, body: Buffer, request: IncomingMessage, response: ServerResponse, fault: Fault): void {
    const current = this.objects.get(key);
    const match = request.headers['if-match'];
    if (match !== undefined && current === undefined) {
      this.#error(response, 404, 'NoSuchKey');
      return;
    }
    const refused =
      (request.headers['if-none-match'] === '*' && current !== undefined) ||
      (match !== undefined && current !== undefined && etag(current) !== match);
    if (refused) {
      this.#error(response, 412, 'PreconditionFailed');
      return;
    }
    this.objects.set(key, body);
    if (fault === 'drop-answer') request.socket.destroy();
    else response.writeHead(200, { etag: etag(body) }).end();
  }

  #list(url: URL, response: ServerResponse): void {
    const prefix = url.searchParams.get('prefix') ?? '';
    const after = url.searchParams.get('continuation-token') ?? '';
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, 2);
    const more = keys.length > page.length;
    const contents = page
      .map(
        (key) =>
          `<Contents><Key>${key}</Key><Size>${this.objects.get(key)?.length}</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`,
      )
      .join('');
    response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end(
        `<ListBucketResult><IsTruncated>${more}</IsTruncated>${contents}${more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''}</ListBucketResult>`,
      );
  }

  #error(response: ServerResponse, status: number, code: string): void {
    response
      .writeHead(status, { 'content-type': 'application/xml' })
      .end(`<Error><Code>${code}</Code><Message>from the test</Message></Error>`);
  }
}

const etag = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;
