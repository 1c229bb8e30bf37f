import { readFileSync } from 'node:fs';
import type { Contestant } from './contestant';
import { questionsSchema, type RoundReport, roundSchema, type Task, taskSchema } from './protocol';

/** Answers that are held against the records before the first round. */
const PROVED = 100;

/** Questions asked before each round without being timed: they wake the connection and fill the memory tier. */
const SETTLING = 1_000;

/** Questions between two looks at the clock. */
const BETWEEN_LOOKS = 8;

type Ask = () => Promise<boolean>;

/** Asks the questions in turn, over and over. */
function questioner(contestant: Contestant, codes: readonly string[], batch: number): Ask {
  let at = 0;
  if (batch === 1) return () => contestant.one(codes[at++ % codes.length] ?? '');
  const batches = Array.from({ length: Math.floor(codes.length / batch) }, (_, index) =>
    codes.slice(index * batch, (index + 1) * batch),
  );
  return () => contestant.many(batches[at++ % batches.length] ?? []);
}

async function round(ask: Ask, inFlight: number, milliseconds: number): Promise<RoundReport> {
  let operations = 0;
  let strays = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const lane = async (): Promise<void> => {
    do {
      for (let count = 0; count < BETWEEN_LOOKS; count += 1) {
        if (!(await ask())) strays += 1;
        operations += 1;
      }
    } while (performance.now() - start < milliseconds);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { operations, wallMs, cpuMs: (user + system) / 1_000, strays };
}

async function prove(
  contestant: Contestant,
  questions: readonly (readonly [string, string])[],
): Promise<void> {
  for (const [code, description] of questions.slice(0, PROVED)) {
    const answered = await contestant.description(code);
    if (answered !== description) {
      throw new Error(`${code} is ${JSON.stringify(description)}, answered was ${JSON.stringify(answered)}`);
    }
  }
}

async function work(open: (task: Task) => Contestant): Promise<void> {
  const task = taskSchema.parse(JSON.parse(process.argv[2] ?? ''));
  const questions = questionsSchema.parse(JSON.parse(readFileSync(task.questions, 'utf8')));
  const contestant = open(task);
  await prove(contestant, questions);
  const codes = questions.map(([code]) => code);
  const ask = questioner(contestant, codes, task.batch);
  process.on('message', (message) => {
    const { milliseconds } = roundSchema.parse(message);
    void settle(contestant, codes)
      .then(() => round(ask, task.inFlight, milliseconds))
      .then((report) => process.send?.(report), fail);
  });
  process.send?.('ready');
}

async function settle(contestant: Contestant, codes: readonly string[]): Promise<void> {
  for (const code of codes.slice(0, SETTLING)) await contestant.one(code);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

/** Runs one contestant as a child process of the bench: one task, then a round for each message. */
export function serve(open: (task: Task) => Contestant): void {
  process.on('disconnect', () => process.exit(0));
  work(open).catch(fail);
}
