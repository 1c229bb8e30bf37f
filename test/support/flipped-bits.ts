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
