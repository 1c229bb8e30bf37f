/** Ended by a person or a pipeline: Ctrl-C, or SIGTERM. */
export class Interrupted extends Error {
  constructor(
    readonly signal: NodeJS.Signals,
    consequence: string,
  ) {
    super(`Ended by ${signal}: ${consequence}`);
    this.name = 'Interrupted';
  }
}

/** Exit codes that shells know for a program ended by a signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs work that must not be cut off anywhere: a first Ctrl-C or SIGTERM aborts the signal, and the work ends at its
 * next safe point and says where it stands; a second one ends the process at once.
 * @param consequence what it means to have ended before anything was changed, as a sentence
 */
export async function interruptible<T>(
  consequence: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const end = (signal: keyof typeof EXIT_CODES): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES[signal]);
    process.stderr.write(`\nending at the next safe point (${signal}); once more ends at once\n`);
    controller.abort(new Interrupted(signal, consequence));
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, end);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
}
