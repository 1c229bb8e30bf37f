/** One key as a backup holds it. */
export interface SnapshotRecord {
  readonly key: Buffer;
  /** What DUMP answered, unchanged. */
  readonly payload: Buffer;
  /** When the key expires, Unix time in milliseconds; 0 means never. */
  readonly expiresAt: number;
}

const LEASE_SUFFIX = Buffer.from(':lease');

/** Leases live 3 s and belong to a process at work; restoring one would only block a loader. */
export function isLease(key: Buffer): boolean {
  return (
    key.length >= LEASE_SUFFIX.length && key.subarray(key.length - LEASE_SUFFIX.length).equals(LEASE_SUFFIX)
  );
}

/** A key as a person may read it: unprintable bytes as `\xNN`, shortened past 80 characters. */
export function printableKey(key: Buffer): string {
  const text = key.toString('latin1').replace(/[^\x20-\x7e]/g, (char) => {
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
