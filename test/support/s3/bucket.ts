import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;

export function xml(status: number, text: string): Answer {
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(text) };
}

export function refusal(status: number, code: string): Answer {
  return xml(status, `<Error><Code>${code}</Code><Message>from the test</Message></Error>`);
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Classes whose objects must be brought back before they can be read. */
const ARCHIVED = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** Objects and uploads under way, and what S3 answers about them. */
export class Bucket {
  readonly objects = new Map<string, Buffer>();
  /** Storage class of the objects that are not STANDARD. */
  readonly classes = new Map<string, string>();
  /** Archived objects that were asked back. */
  readonly returns = new Map<string, 'under way' | 'back'>();
  /** Most keys on a page of a listing. */
  pageLength = 1_000;
  readonly #modified = new Map<string, Date>();
  readonly #uploads = new Map<string, Map<number, Buffer>>();
  #uploadsBegun = 0;

  /** Uploads begun and neither completed nor aborted. */
  get openUploads(): number {
    return this.#uploads.size;
  }

  get(key: string, headers: IncomingHttpHeaders): Answer {
    const whole = this.objects.get(key);
    if (whole === undefined) return refusal(404, 'NoSuchKey');
    const storageClass = this.classes.get(key) ?? 'STANDARD';
    if (ARCHIVED.has(storageClass) && this.returns.get(key) !== 'back')
      return refusal(403, 'InvalidObjectState');
    const etag = etagOf(whole);
    if ((headers['if-match'] ?? etag) !== etag) return refusal(412, 'PreconditionFailed');
    const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
    if (range === null) return { status: 200, headers: this.#describe(key, whole), body: whole };
    const [start, end] = [Number(range[1]), range[2] === '' ? whole.length : Number(range[2]) + 1];
    if (start >= whole.length) return refusal(416, 'InvalidRange');
    const body = whole.subarray(start, end);
    const span = `bytes ${start}-${start + body.length - 1}/${whole.length}`;
    return { status: 206, headers: { ...this.#describe(key, whole), 'content-range': span }, body };
  }

  /** The answer to HEAD, whose body is left out on its way; it tells of archived objects too. */
  head(key: string): Answer {
    const whole = this.objects.get(key);
    return whole === undefined
      ? { status: 404 }
      : { status: 200, headers: this.#describe(key, whole), body: whole };
  }

  /** A write, conditional where its headers say so (Amazon S3 API, PutObject). */
  put(key: string, body: Buffer, headers: IncomingHttpHeaders): Answer {
    const current = this.objects.get(key);
    const match = headers['if-match'];
    if (match !== undefined && current === undefined) return refusal(404, 'NoSuchKey');
    if (match !== undefined && current !== undefined && etagOf(current) !== match)
      return refusal(412, 'PreconditionFailed');
    if (headers['if-none-match'] === '*' && current !== undefined) return refusal(412, 'PreconditionFailed');
    this.objects.set(key, body);
    this.#modified.set(key, new Date());
    this.classes.delete(key);
    return { status: 200, headers: { etag: etagOf(body) } };
  }

  delete(key: string): Answer {
    this.objects.delete(key);
    return { status: 204 };
  }

  list(query: URLSearchParams): Answer {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, Math.min(this.pageLength, Number(query.get('max-keys') ?? this.pageLength)));
    const last = keys.length > page.length ? page.at(-1) : undefined;
    const next = last === undefined ? '' : `<NextContinuationToken>${escaped(last)}</NextContinuationToken>`;
    const contents = page.map((key) => {
      const modified = this.#modifiedAt(key).toISOString();
      return `<Contents><Key>${escaped(key)}</Key><Size>${this.objects.get(key)?.length}</Size><LastModified>${modified}</LastModified><StorageClass>${this.classes.get(key) ?? 'STANDARD'}</StorageClass>${this.#returning(key)}</Contents>`;
    });
    const truncated = `<IsTruncated>${last !== undefined}</IsTruncated>`;
    return xml(200, `<ListBucketResult>${truncated}${contents.join('')}${next}</ListBucketResult>`);
  }

  beginUpload(): Answer {
    this.#uploadsBegun += 1;
    const id = `upload-${this.#uploadsBegun}`;
    this.#uploads.set(id, new Map());
    return xml(
      200,
      `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
  }

  putPiece(id: string, number: number, body: Buffer): Answer {
    const pieces = this.#uploads.get(id);
    if (pieces === undefined) return refusal(404, 'NoSuchUpload');
    pieces.set(number, body);
    return { status: 200, headers: { etag: etagOf(body) } };
  }

  /** Puts the pieces together that `listed`, the request's body, names. */
  completeUpload(id: string, key: string, listed: Buffer, headers: IncomingHttpHeaders): Answer {
    const pieces = this.#uploads.get(id);
    if (pieces === undefined) return refusal(404, 'NoSuchUpload');
    const numbers = [...listed.toString().matchAll(/<PartNumber>(\d+)</g)].map((match) => Number(match[1]));
    const named = numbers.flatMap((number) => pieces.get(number) ?? []);
    if (named.length < numbers.length || named.length === 0) return refusal(400, 'InvalidPart');
    const answer = this.put(key, Buffer.concat(named), headers);
    if (answer.status !== 200) return answer;
    this.#uploads.delete(id);
    const etag = `<ETag>${answer.headers?.etag}</ETag>`;
    return xml(200, `<CompleteMultipartUploadResult>${etag}</CompleteMultipartUploadResult>`);
  }

  abortUpload(id: string): Answer {
    this.#uploads.delete(id);
    return { status: 204 };
  }

  #returning(key: string): string {
    const state = this.returns.get(key);
    if (state === undefined) return '';
    const until = state === 'back' ? '<RestoreExpiryDate>2099-01-01T00:00:00Z</RestoreExpiryDate>' : '';
    return `<RestoreStatus><IsRestoreInProgress>${state !== 'back'}</IsRestoreInProgress>${until}</RestoreStatus>`;
  }

  #modifiedAt(key: string): Date {
    return this.#modified.get(key) ?? new Date('2026-01-01T00:00:00.000Z');
  }

  #describe(key: string, body: Buffer): Record<string, string> {
    const storageClass = this.classes.get(key);
    return {
      etag: etagOf(body),
      'last-modified': this.#modifiedAt(key).toUTCString(),
      ...(storageClass === undefined ? {} : { 'x-amz-storage-class': storageClass }),
    };
  }
}
