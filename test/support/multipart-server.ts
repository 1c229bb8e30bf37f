import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  /** Method, key and the operation's query, e.g. `POST a/part?uploads`. */
  readonly name: string;
  readonly headers: IncomingHttpHeaders;
}

/** Uploads in pieces and downloads in ranges, as S3 does them, on a local port. */
export class MultipartServer {
  readonly objects = new Map<string, Buffer>();
  readonly requests: SeenRequest[] = [];
  /** Cuts the answer to this many next GETs after half of what was asked for. */
  brokenDownloads = 0;
  /** Refuses the piece of this number. */
  refusedPiece = 0;
  readonly #uploads = new Map<string, Buffer[]>();

  private constructor(
    private readonly server: Server,
    readonly endpoint: string,
  ) {}

  static async start(): Promise<MultipartServer> {
    const server = createServer((request, response) => void s3.#handle(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const s3 = new MultipartServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return s3;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Uploads begun and neither completed nor aborted. */
  get openUploads(): number {
    return this.#uploads.size;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? '/', this.endpoint);
    const key = decodeURIComponent(url.pathname).split('/').slice(2).join('/');
    const query = url.searchParams;
    const operation = query.has('uploads') ? '?uploads' : query.has('uploadId') ? '?uploadId' : '';
    this.requests.push({ name: `${request.method} ${key}${operation}`, headers: request.headers });
    const id = query.get('uploadId') ?? '';
    if (request.method === 'GET') this.#download(key, request, response);
    else if (operation === '?uploads') {
      this.#uploads.set(`upload-${this.requests.length}`, []);
      const opened = [...this.#uploads.keys()].at(-1);
      xml(
        response,
        200,
        `<InitiateMultipartUploadResult><UploadId>${opened}</UploadId></InitiateMultipartUploadResult>`,
      );
    } else if (request.method === 'PUT' && operation === '?uploadId') {
      const piece = Number(query.get('partNumber'));
      if (piece === this.refusedPiece) xml(response, 403, '<Error><Code>AccessDenied</Code></Error>');
      else {
        this.#uploads.get(id)![piece - 1] = body;
        response.writeHead(200, { etag: etag(body) }).end();
      }
    } else if (request.method === 'POST') {
      this.objects.set(key, Buffer.concat(this.#uploads.get(id)!));
      this.#uploads.delete(id);
      xml(
        response,
        200,
        '<CompleteMultipartUploadResult><ETag>"whole"</ETag></CompleteMultipartUploadResult>',
      );
    } else if (request.method === 'DELETE') {
      this.#uploads.delete(id);
      response.writeHead(204).end();
    } else {
      this.objects.set(key, body);
      response.writeHead(200, { etag: etag(body) }).end();
    }
  }

  #download(key: string, request: IncomingMessage, response: ServerResponse): void {
    const whole = this.objects.get(key);
    if (whole === undefined) {
      xml(response, 404, '<Error><Code>NoSuchKey</Code></Error>');
      return;
    }
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const body = whole.subarray(start);
    response.writeHead(start === 0 ? 200 : 206, { 'content-length': body.length, etag: etag(whole) });
    if (this.brokenDownloads > 0) {
      this.brokenDownloads -= 1;
      response.write(body.subarray(0, body.length >> 1), () =>
        setTimeout(() => request.socket.destroy(), 50),
      );
    } else response.end(body);
  }
}

const etag = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;

function xml(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(text);
}
