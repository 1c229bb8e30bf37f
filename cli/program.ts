import { type Command, CommanderError, Option } from 'commander';
import { ENVIRONMENTS } from '../lambda/names/environments';
import { CliContext, type SharedOptions } from './context';
import { EXIT, UsageError } from './terminal/failure';
import { Output } from './terminal/output';

/**
 * Adds a command with the options every command has. Heavy modules belong behind `await import` in its
 * action, so that `--help` stays instant.
 */
export function addCommand(parent: Command, nameAndArguments: string, description: string): Command {
  return parent
    .command(nameAndArguments)
    .description(description)
    .addOption(
      new Option('--env <env>', "work on that environment's secret and bucket").choices(ENVIRONMENTS),
    )
    .option('--store <url>', 'object store: file:<dir> or s3://<bucket> (default: CATALOG_STORE)')
    .option('--json', 'print one JSON document on standard output, and nothing else');
}

/**
 * A command's action: builds the context, and turns what is thrown into one line (or one JSON document) and
 * the exit code. `Options` is what the command declared beside the shared options; `args` its positional words.
 */
// The parameter lets a command name its own options once, at its action.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function action<Options extends object = object>(
  run: (context: CliContext, options: Options & SharedOptions, args: readonly string[]) => Promise<void>,
): (this: Command) => Promise<void> {
  return async function () {
    const options = this.opts<Options & SharedOptions>();
    const output = new Output(options.json === true);
    try {
      await run(new CliContext(options, output), options, this.args);
    } catch (error) {
      process.exitCode = output.failure(error);
    }
  };
}

/** Parses a whole number option within bounds, for `.option(…, …, wholeNumber('--limit', 1, 1000))`. */
export function wholeNumber(option: string, min: number, max: number): (value: string) => number {
  return (value) => {
    const parsed = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (parsed >= min && parsed <= max) return parsed;
    throw new UsageError(
      `${option} takes a whole number from ${min} to ${max}, not ${JSON.stringify(value)}.`,
    );
  };
}

/**
 * Runs the program on a command line and leaves the exit code in `process.exitCode` (see EXIT). Commander's own findings (unknown option, missing argument) count as the last.
 */
export async function run(program: Command, argv: readonly string[]): Promise<void> {
  const output = new Output(argv.includes('--json'));
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ outputError: () => undefined });
    command.commands.forEach(quiet);
  };
  quiet(program);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version were asked for and printed; a bare group name printed its help too.
      if (error.exitCode === 0) return;
      if (error.code === 'commander.help') {
        process.exitCode = EXIT.refused;
        return;
      }
      const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
      process.exitCode = output.failure(new UsageError(`${message} (see --help)`));
      return;
    }
    process.exitCode = output.failure(error);
  }
}
