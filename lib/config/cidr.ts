/** A block of IPv4 addresses; `first` and `last` as numbers, both inclusive. */
export interface Cidr {
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

/** The block that `text` names, or a RangeError that says what is wrong with it. */
export function parseCidr(text: string): Cidr {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const [a = 0, b = 0, c = 0, d = 0, prefix = 33] = match?.slice(1).map(Number) ?? [];
  if (match === null || [a, b, c, d].some((octet) => octet > 255) || prefix > 32) {
    throw new RangeError('is not an IPv4 block like 10.0.0.0/16');
  }
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - prefix);
  if (address % size !== 0) throw new RangeError(`does not start where a /${prefix} starts`);
  return { text, first: address, last: address + size - 1, prefix };
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return a.first <= b.last && b.first <= a.last;
}
