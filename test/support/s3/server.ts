import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, Bucket, refusal } from './bucket';
import { codeOf, type Fault, type SeenRequest } from './faults';

const BUCKET = 'test-bucket';

/** One bucket, `test-bucket`, behind S3's protocol on a local port, with faults on demand. */
export class S3Server {
  readonly url = `s3://${BUCKET}`;
  readonly bucket = new Bucket();
  readonly requests: SeenRequest[] = [];
  /** Asked before each request is served; `count` is 1 for the first request of that name. */
  fault: (request: SeenRequest, count: number) => Fault | undefined = () => undefined;

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

  /** Variables that send the AWS SDK here. */
  get variables(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL_S3: this.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? '/', this.endpoint);
    const [bucket, key] = placeOf(url);
    const seen = { name: nameOf(request, key, url.searchParams), headers: request.headers };
    this.requests.push(seen);
    const fault = this.fault(seen, this.requests.filter(({ name }) => name === seen.name).length);
    if (fault === 'never-answers') return;
    if (typeof fault === 'object') await new Promise((resolve) => setTimeout(resolve, fault.latency));
    if (typeof fault === 'number') send(request, response, refusal(fault, codeOf(fault)));
    else {
      const known = bucket === BUCKET;
      const answer = known ? this.#serve(request, key, url.searchParams, body) : refusal(404, 'NoSuchBucket');
      send(request, response, answer, typeof fault === 'object' ? undefined : fault);
    }
  }

  #serve(request: IncomingMessage, key: string, query: URLSearchParams, body: Buffer): Answer {
    const { bucket } = this;
    const { method, headers } = request;
    const upload = query.get('uploadId');
    switch (method) {
      case 'GET':
        return key === '' ? bucket.list(query) : bucket.get(key, headers);
      case 'HEAD':
        return bucket.head(key);
      case 'DELETE':
        return upload === null ? bucket.delete(key) : bucket.abortUpload(upload);
      case 'POST':
        return upload === null ? bucket.beginUpload() : bucket.completeUpload(upload, key, body, headers);
      case 'PUT':
        return upload === null
          ? bucket.put(key, body, headers)
          : bucket.putPiece(upload, Number(query.get('partNumber')), body);
      default:
        return refusal(405, 'MethodNotAllowed');
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Bucket and key of a path-style URL. */
function placeOf({ pathname }: URL): [bucket: string, key: string] {
  const [, bucket = '', ...rest] = decodeURIComponent(pathname).split('/');
  return [bucket, rest.join('/')];
}

function nameOf({ method }: IncomingMessage, key: string, query: URLSearchParams): string {
  const piece = query.get('partNumber');
  const operation = ['uploads', 'uploadId', 'list-type'].find((each) => query.has(each));
  const suffix = piece !== null ? `?partNumber=${piece}` : operation === undefined ? '' : `?${operation}`;
  return `${method} ${key}${suffix}`;
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers = {}, body = Buffer.alloc(0) }: Answer,
  fault?: Exclude<Fault, number | object>,
): void {
  if (fault === 'lost-answer') {
    request.socket.destroy();
    return;
  }
  const length = status === 204 ? {} : { 'content-length': body.length };
  response.writeHead(status, { ...headers, ...length });
  if (fault === 'stalled-body' || fault === 'truncated-body') {
    response.write(body.subarray(0, body.length >> 1));
    if (fault === 'truncated-body') request.socket.destroySoon();
    return;
  }
  response.end(request.method === 'HEAD' ? undefined : fault === 'wrong-bytes' ? damaged(body) : body);
}

function damaged(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  if (copy.length > 0) copy[copy.length >> 1]! ^= 1;
  return copy;
}
