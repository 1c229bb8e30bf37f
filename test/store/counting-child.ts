import { FileStore } from '../../lambda/store/file-store';

/** Adds 1 to the object `counter` of a store so many times, by conditional writes that are repeated until won. */
async function main([directory = '', times = '']: string[]): Promise<void> {
  const store = new FileStore(directory);
  for (let won = 0; won < Number(times);) {
    const current = await store.getWithETag('counter');
    const next = Buffer.from(String(Number(Buffer.from(current?.body ?? []).toString()) + 1));
    if ((await store.putIfMatch('counter', next, current?.etag)).written) won += 1;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
