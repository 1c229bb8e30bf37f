/** Where a process gets its Redis connection string from. */
export interface ConnectionSource {
  /** The connection string as this process knows it. */
  current(): Promise<string>;
  /** The connection string as it is now, read anew: after a rotation it differs from `current`. */
  refresh(): Promise<string>;
}

/** A connection string that never changes while the process lives, such as one from the environment. */
export function constantSource(connectionString: string): ConnectionSource {
  const answer = (): Promise<string> => Promise.resolve(connectionString);
  return { current: answer, refresh: answer };
}
