import { openStore } from '../../lambda/store/open-store';
import { type OrderFileCode, valueOf } from './order-file-codes';
import { RunningService } from './running-service';

/** What one hammering process has seen. */
export interface HammerReport {
  /** Codes answered with a value other than the new one before the publish was over. */
  former: number;
  /** Answers after it. */
  asked: number;
  /** Codes answered with another value than the new one after it. */
  wrong: string[];
}

/** How long it goes on after the publish, milliseconds, and how many rounds at least. */
const AFTERWARDS = { time: 3_000, rounds: 3 };

/** Asks for the same codes over and over, and tells what it was answered before and after a publish. */
async function hammer(expected: Readonly<Record<string, string>>): Promise<void> {
  const service = new RunningService(openStore(process.env.STORE!), process.env.REDIS);
  const codes = Object.keys(expected);
  const report: HammerReport = { former: 0, asked: 0, wrong: [] };
  let publishedAt = Number.POSITIVE_INFINITY;
  process.on('message', (message) => {
    if (message === 'published') publishedAt = Date.now();
  });
  const round = async (): Promise<void> => {
    for (let from = 0; from < codes.length; from += 50) {
      const chunk = codes.slice(from, from + 50);
      // A read that began before the publish was over may still answer as of then.
      const after = Date.now() > publishedAt;
      const response = await service.batch(chunk.map((code) => ({ type: 'icd10', code })));
      const { results } = (await response.json()) as {
        results: { code: string; record?: OrderFileCode }[];
      };
      for (const { code, record } of results) {
        const isNew = valueOf(record) === expected[code];
        if (!after) report.former += isNew ? 0 : 1;
        else {
          report.asked += 1;
          if (!isNew && !report.wrong.includes(code)) report.wrong.push(code);
        }
      }
      // Answers from memory alone would never let the parent's message in.
      await new Promise(setImmediate);
    }
  };
  await round();
  process.send?.({ kind: 'warm' });
  let rounds = 0;
  while (rounds < AFTERWARDS.rounds || Date.now() < publishedAt + AFTERWARDS.time) {
    const after = Date.now() > publishedAt;
    await round();
    if (after) rounds += 1;
  }
  process.send?.({ kind: 'report', report });
  await service.close();
  process.disconnect();
}

// The parent's end is the hammer's too.
process.once('disconnect', () => process.exit());
process.once('message', (message) => {
  void hammer((message as { expected: Record<string, string> }).expected);
});
