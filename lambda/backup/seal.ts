import { readableJson, sha256 } from '../store/json-objects';

/**
 * A document with a checksum of its own: the sha256 of its JSON without that member, in the order in which its
 * members are stored. It tells a document that was damaged, or changed by hand, from the one that was written.
 */
export function sealed(document: object): Uint8Array {
  return readableJson({ ...document, checksum: checksumOf(document) });
}

/** Whether a parsed document is what was sealed. */
export function isSealed(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('checksum' in value)) return false;
  const { checksum, ...document } = value;
  return checksum === checksumOf(document);
}

function checksumOf(document: object): string {
  return sha256(Buffer.from(JSON.stringify(document)));
}
