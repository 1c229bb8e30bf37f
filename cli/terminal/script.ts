import { EXIT } from './failure';
import { Output } from './output';

/**
 * Runs a script to its exit code. What went wrong is said in one line: a stack helps nobody at a terminal.
 */
export async function runScript(run: (output: Output) => Promise<void>): Promise<void> {
  const output = new Output(false);
  try {
    await run(output);
    process.exitCode = EXIT.ok;
  } catch (error) {
    process.exitCode = output.failure(error);
  }
}
