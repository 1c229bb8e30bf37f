import { Redis } from 'ioredis';

interface Result {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const redis = new Redis(process.env.BENCH_REDIS ?? '');

/** The least a function on Redis can do: GET and JSON.parse, with ioredis and nothing else in its bundle. */
export async function handler({ rawPath }: { readonly rawPath: string }): Promise<Result> {
  const text = await redis.get(rawPath);
  if (text === null) return { statusCode: 404, headers: {}, body: '' };
  const record: unknown = JSON.parse(text);
  return { statusCode: 200, headers: { 'x-cache': 'redis' }, body: JSON.stringify(record) };
}
