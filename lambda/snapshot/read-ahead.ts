/**
 * The same items, each asked for while the one before is still worked on: reading and writing then overlap, at the
 * price of one item more in memory.
 */
export async function* readAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  // Whoever stops early never awaits the last one; its failure must not end the process.
  next.catch(() => undefined);
  try {
    for (;;) {
      const item = await next;
      if (item.done === true) return;
      next = iterator.next();
      next.catch(() => undefined);
      yield item.value;
    }
  } finally {
    await next.catch(() => undefined);
    await iterator.return?.();
  }
}
