import { styleText } from 'node:util';
import { formatBytes, table } from '../terminal/table';
import { HIT_RATE_LIMIT_PERCENT, MEMORY_LIMIT_PERCENT } from '../../lib/config/limits';
import { FAMILY_NAMES } from './families';
import type { RedisPlan } from './plans';
import type { Report } from './report';

const BAR_WIDTH = 30;
/** Below this hit ratio the alarm rings. */

const count = (value: number): string => value.toLocaleString('en');
const share = (value: number | null): string => (value === null ? '' : `${value.toFixed(1)} %`);
const heading = (text: string): string => styleText('bold', text);

function bar(percent: number): string {
  const filled = Math.min(BAR_WIDTH, Math.round((percent / 100) * BAR_WIDTH));
  const colour = percent > MEMORY_LIMIT_PERCENT ? 'red' : 'green';
  return styleText(colour, '█'.repeat(filled)) + '░'.repeat(BAR_WIDTH - filled);
}

function memoryLine({ memory }: Report): string {
  const { usedBytes, planBytes, planPercent, evictedKeys } = memory;
  const evicted = evictedKeys === null ? '' : `, ${count(evictedKeys)} keys evicted since its start`;
  if (planBytes === null || planPercent === null) {
    return `${formatBytes(usedBytes)} used${evicted} (no plan known: set PLAN_MEMORY_MB)`;
  }
  return `${bar(planPercent)} ${formatBytes(usedBytes)} of ${formatBytes(planBytes)}, ${share(planPercent)}${evicted}`;
}

/** Measured against estimated: `-40 %` is 40 % less than planned. */
function against(bytes: number, estimate: number | null): string {
  if (estimate === null || estimate === 0) return '';
  const difference = Math.round((bytes / estimate - 1) * 100);
  return `${difference > 0 ? '+' : ''}${difference} %`;
}

function familyTable(report: Report): string {
  const rows = report.families.map((one) => [
    FAMILY_NAMES[one.family],
    count(one.keys),
    formatBytes(one.bytes),
    `${count(one.bytesPerKey)} B`,
    share(one.planPercent),
    one.estimateBytes === null ? '' : formatBytes(one.estimateBytes),
    against(one.bytes, one.estimateBytes),
  ]);
  const { unaccountedBytes, planBytes } = report.memory;
  const rest = planBytes === null ? null : (unaccountedBytes / planBytes) * 100;
  return table(
    ['family', 'keys', 'memory', 'per key', 'of plan', 'estimate', 'against it'],
    [...rows, ['Server and key tables', '', formatBytes(unaccountedBytes), '', share(rest), '', '']],
    [1, 2, 3, 4, 5, 6],
  );
}

function hitLine({ hitRatio }: Report): string {
  if (hitRatio === null) return 'Hit ratio: Redis does not tell.';
  const { hits, misses, percent } = hitRatio;
  if (percent === null) return 'Hit ratio: nothing has been read yet.';
  const text = `Hit ratio: ${percent.toFixed(1)} % of ${count(hits + misses)} reads since the server started`;
  return percent < HIT_RATE_LIMIT_PERCENT
    ? styleText('yellow', `${text}, below ${HIT_RATE_LIMIT_PERCENT} %`)
    : text;
}

const NONE = 'none of the list; split the data over shards (docs/scaling.md)';
const price = (plan: RedisPlan | null): string =>
  plan === null ? NONE : `${plan.name}, $${plan.monthlyUsd} a month`;

function adviceLines({ plan, full, prices }: Report): string[] {
  const { current, smallest, shortOf, replicated } = plan;
  const twice = replicated ? ', every byte twice for its replica' : '';
  return [
    ...(current === null
      ? []
      : [
          `Now:           ${price(current)}${shortOf.length === 0 ? '' : ` (short of ${shortOf.join(', ')})`}`,
        ]),
    `Smallest fit:  ${price(smallest)}`,
    ...(full === null
      ? []
      : [
          `All codes:     ${price(full.smallest)}, for ${formatBytes(full.bytes)} once every code of the live release is cached`,
        ]),
    `Filled to at most ${MEMORY_LIMIT_PERCENT} %${twice}. Prices: ${prices}.`,
  ];
}

/** The report for a terminal. */
export function render(report: Report): string {
  const how =
    report.method === 'MEMORY USAGE'
      ? 'Memory of a family is projected from a sample by MEMORY USAGE.'
      : 'MEMORY USAGE is refused here; memory of a family is estimated from a sample of dumped values.';
  const { connections, opsPerSecond, averageOpsPerSecond } = report.load;
  const average = averageOpsPerSecond === null ? '' : `, ${averageOpsPerSecond} on average`;
  const load = `Load: ${connections ?? '?'} connections, ${opsPerSecond ?? '?'} operations a second now${average}`;
  return [
    heading('Memory'),
    memoryLine(report),
    '',
    familyTable(report),
    how,
    '',
    heading('Use'),
    hitLine(report),
    load,
    '',
    heading('Plan'),
    ...adviceLines(report),
  ].join('\n');
}
