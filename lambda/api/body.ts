import { AppError, InvalidRequest } from '../names/errors';

/** Largest accepted request body, bytes. */
export const MAX_BODY_BYTES = 64 * 1024;

function tooLarge(): AppError {
  return new AppError(
    'PAYLOAD_TOO_LARGE',
    `The body is larger than ${MAX_BODY_BYTES / 1024} KB; split the batch into several requests.`,
  );
}

/** Reads at most the limit, whatever Content-Length says: chunked bodies have none. */
async function readBytes(request: Request): Promise<Buffer> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * The body as parsed JSON, its shape still unchecked.
 * @throws InvalidRequest naming `content-type` or `body`; AppError PAYLOAD_TOO_LARGE above 64 KB
 */
export async function readJson(request: Request): Promise<unknown> {
  const contentType = request.headers.get('content-type') ?? '';
  if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType.trim())) {
    throw new InvalidRequest('content-type', 'content-type must be application/json.');
  }
  const bytes = await readBytes(request);
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return parsed;
  } catch {
    throw new InvalidRequest('body', 'body is not JSON in UTF-8.');
  }
}
