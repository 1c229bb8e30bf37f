import type { CodeType } from '../names/code-types';
import { InvalidRequest } from '../names/errors';

/**
 * Where a page of a category ended. It names the last code rather than an offset, so that pages neither
 * repeat nor skip codes when a release with more or fewer codes goes live between them.
 */
export interface PagePosition {
  readonly type: CodeType;
  readonly category: string;
  readonly lastCode: string;
}

const VERSION = '1';

/** The position as opaque URL-safe text. */
export function encodeCursor({ type, category, lastCode }: PagePosition): string {
  return Buffer.from([VERSION, type, category, lastCode].join(':')).toString('base64url');
}

/**
 * Last code of the previous page.
 * @throws InvalidRequest naming `cursor` when it is no cursor, or one of another list
 */
export function decodeCursor(cursor: string, type: CodeType, category: string): string {
  const parts = Buffer.from(cursor, 'base64url').toString('utf8').split(':');
  const [version, ofType, ofCategory, lastCode] = parts;
  if (parts.length !== 4 || version !== VERSION || lastCode === undefined || lastCode === '') {
    throw new InvalidRequest(
      'cursor',
      'cursor is not one of this service; pass nextCursor of the previous page as it was, or leave it out.',
    );
  }
  if (ofType !== type || ofCategory !== category) {
    throw new InvalidRequest(
      'cursor',
      `cursor belongs to another list, not to ${type} category ${category}; leave it out to start there.`,
    );
  }
  return lastCode;
}
