import { ConfigError } from '../../lib/config/config-error';
import { EXIT, Refused, StepFailed } from './refused';

/**
 * Runs a script to its exit code. What it expected to go wrong is said in one line; of what it did not expect
 * only the message, because a stack helps nobody at a terminal.
 */
export async function runScript(run: () => Promise<void>): Promise<void> {
  try {
    await run();
    process.exitCode = EXIT.done;
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    console.error(`error: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError || error instanceof Refused) return EXIT.refused;
  if (error instanceof StepFailed) return EXIT.failed;
  return EXIT.failed;
}
