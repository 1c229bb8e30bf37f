import { Command } from 'commander';
import { action, addCommand, run, wholeNumber } from '../../cli/program';
import { StepFailed } from '../../cli/terminal/failure';
import { AppError } from '../../lambda/names/errors';

/** Runs one command line against a tiny program and captures what it writes. */
async function execute(
  act: () => Promise<void>,
  ...args: string[]
): Promise<{ exitCode: unknown; stdout: string; stderr: string }> {
  const program = new Command('codes');
  addCommand(program, 'work <thing>', 'Does it.')
    .option('--limit <n>', 'how many', wholeNumber('--limit', 1, 10))
    .action(
      action(async (context, options: { limit?: number }, [thing]) => {
        await act();
        context.output.note('on the way');
        context.output.result({ thing, limit: options.limit ?? 5 }, () => `did ${thing}`);
      }),
    );
  let stdout = '';
  let stderr = '';
  const out = jest
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => ((stdout += String(text)), true));
  const err = jest
    .spyOn(process.stderr, 'write')
    .mockImplementation((text) => ((stderr += String(text)), true));
  process.exitCode = 0;
  try {
    await run(program, ['node', 'codes', ...args]);
    return { exitCode: process.exitCode, stdout, stderr };
  } finally {
    process.exitCode = 0;
    out.mockRestore();
    err.mockRestore();
  }
}

const nothing = (): Promise<void> => Promise.resolve();

test('a person reads text', async () => {
  expect(await execute(nothing, 'work', 'x')).toEqual({
    exitCode: 0,
    stdout: 'on the way\ndid x\n',
    stderr: '',
  });
});

test('with --json standard output is one document and remarks go to standard error', async () => {
  const { stdout, stderr } = await execute(nothing, 'work', 'x', '--json', '--limit', '7');
  expect(JSON.parse(stdout)).toEqual({ thing: 'x', limit: 7 });
  expect(stderr).toBe('on the way\n');
});

test.each([
  [['work'], /missing required argument 'thing'/],
  [['work', 'x', '--nope'], /unknown option '--nope'/],
  [['work', 'x', '--env', 'qa'], /--env/],
  [['work', 'x', '--limit', '11'], /--limit takes a whole number from 1 to 10, not "11"/],
  [['wrok', 'x'], /unknown command 'wrok'/],
])('%j is bad usage: one line and exit code 2', async (args, message) => {
  const { exitCode, stdout, stderr } = await execute(nothing, ...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a failure exits 1 with its message and no stack', async () => {
  const fail = (): Promise<void> => Promise.reject(new StepFailed('2 keys differ'));
  expect(await execute(fail, 'work', 'x')).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'error: 2 keys differ\n',
  });
});

test('with --json a failure is the document', async () => {
  const fail = (): Promise<void> => Promise.reject(new AppError('UNAVAILABLE', 'the store does not answer'));
  const { exitCode, stdout } = await execute(fail, 'work', 'x', '--json');
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    error: { code: 'UNAVAILABLE', message: 'the store does not answer' },
  });
});

test('a check that fails after its answer adds no second document', async () => {
  const program = new Command('codes');
  addCommand(program, 'compare', 'Compares.').action(
    action((context) => {
      context.output.result({ differing: 2 }, () => '2 differ');
      return Promise.reject(new StepFailed('2 keys differ'));
    }),
  );
  const written: string[] = [];
  const out = jest
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => written.push(String(text)) > 0);
  const err = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  await run(program, ['node', 'codes', 'compare', '--json']);
  const { exitCode } = process;
  process.exitCode = 0;
  out.mockRestore();
  err.mockRestore();
  expect(JSON.parse(written.join(''))).toEqual({ differing: 2 });
  expect(exitCode).toBe(1);
});
