/**
 * Runs `work` over `items` with at most `limit` at a time, and takes the next item only when a place is
 * free, so that a long or slow source is never read ahead. The first failure, of `work` or of the source, stops
 * the taking of new items and is thrown once those at work are done.
 */
export async function eachInParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const atWork = new Set<Promise<void>>();
  const failures: unknown[] = [];
  try {
    for await (const item of items) {
      const job = work(item)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => void atWork.delete(job));
      atWork.add(job);
      if (atWork.size >= limit) await Promise.race(atWork);
      if (failures.length > 0) break;
    }
  } catch (error) {
    failures.push(error);
  }
  await Promise.all(atWork);
  if (failures.length > 0) throw failures[0];
}
