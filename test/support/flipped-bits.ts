/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An alteration of a proxy's replies: of every `every` bytes, on the average, one has a random bit flipped. */
export function randomlyFlippedBits(random: () => number, every: number): (reply: Buffer) => Buffer {
  return (reply) => {
    const altered = Buffer.from(reply);
    for (let at = 0; at < altered.length; at += 1) {
      if (random() * every < 1) altered[at]! ^= 1 << Math.floor(random() * 8);
    }
    return altered;
  };
}
