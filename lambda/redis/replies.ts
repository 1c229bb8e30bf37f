/**
 * A reply that no server gives to the command it came for: damaged on its way, or meant for another command because one
 * before it was. Nothing that comes on its connection afterwards can be relied on.
 */
export class DamagedReply extends Error {
  constructor() {
    super('a reply does not fit its command');
    this.name = 'DamagedReply';
  }
}

/** A reply of bytes, or of nothing. @throws DamagedReply */
export function bytesReply(reply: unknown): Buffer | null {
  if (reply === null || Buffer.isBuffer(reply)) return reply;
  throw new DamagedReply();
}

/** A reply of so many members. @throws DamagedReply */
export function listReply(reply: unknown, members: number): readonly unknown[] {
  if (!Array.isArray(reply) || reply.length !== members) throw new DamagedReply();
  return Array.from<unknown>(reply);
}

/** A reply of so many values, each bytes or nothing. @throws DamagedReply */
export function bytesReplies(reply: unknown, members: number): readonly (Buffer | null)[] {
  return listReply(reply, members).map(bytesReply);
}
