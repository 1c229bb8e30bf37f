const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names that stand for numbers, the first for `min`. */
  readonly names?: readonly string[];
  /** Forms besides numbers, ranges, steps and lists. */
  readonly special?: RegExp;
}

/** EventBridge's six fields, in order. */
const FIELDS: readonly Field[] = [
  { name: 'minutes', min: 0, max: 59 },
  { name: 'hours', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31, special: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of week', min: 1, max: 7, names: DAYS, special: /^(\?|L|[1-7]L|[1-7]#[1-5])$/ },
  { name: 'year', min: 1970, max: 2199 },
];

/**
 * `expression` as EventBridge takes it, `cron(minutes hours day-of-month month day-of-week year)` in UTC, or
 * a RangeError that names the field at fault. AWS would only refuse it in the middle of a deployment.
 */
export function checkedCron(expression: string): string {
  const fields = cronFields(expression);
  FIELDS.forEach((field, index) => {
    const text = fields[index] ?? '';
    if (!isField(text, field)) throw new RangeError(`${expression}: bad field ${field.name}`);
  });
  if ((fields[2] === '?') === (fields[4] === '?')) {
    throw new RangeError(`${expression}: exactly one of day of month and day of week must be ?`);
  }
  return expression;
}

/**
 * Longest time between two firings, hours, of a schedule that fires every day; undefined when days are
 * restricted, because then the gap depends on the calendar.
 */
export function longestGapHours(expression: string): number | undefined {
  const [minutes = '', hours = '', ...days] = cronFields(checkedCron(expression));
  if (!days.every((field) => field === '*' || field === '?')) return undefined;
  const every = (text: string, size: number): number[] =>
    Array.from({ length: size }, (_, value) => value).filter((value) => matches(text, value, size - 1));
  const firings = every(hours, 24).flatMap((hour) => every(minutes, 60).map((minute) => hour * 60 + minute));
  const [first = 0] = firings;
  const gaps = firings.map((at, index) => (firings[index + 1] ?? first + 24 * 60) - at);
  return Math.max(...gaps) / 60;
}

function cronFields(expression: string): string[] {
  const inner = /^cron\((.+)\)$/.exec(expression)?.[1];
  const fields = inner?.split(' ') ?? [];
  if (fields.length !== FIELDS.length) {
    throw new RangeError(`${expression}: expected cron(...) with ${FIELDS.length} fields`);
  }
  return fields;
}

function isField(text: string, field: Field): boolean {
  if (field.special?.test(text)) return true;
  return text.split(',').every((part) => isPart(part, field));
}

function isPart(part: string, field: Field): boolean {
  const [base = '', step, ...rest] = part.split('/');
  if (rest.length > 0) return false;
  if (step !== undefined && !(/^\d+$/.test(step) && Number(step) >= 1 && Number(step) <= field.max))
    return false;
  if (base === '*') return true;
  const bounds = base.split('-').map((text) => toNumber(text, field));
  const [from, to = from] = bounds;
  if (bounds.length > 2 || from === undefined || to === undefined) return false;
  return from >= field.min && to <= field.max && from <= to;
}

function toNumber(text: string, field: Field): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const index = field.names?.indexOf(text) ?? -1;
  return index < 0 ? undefined : field.min + index;
}

function matches(text: string, value: number, max: number): boolean {
  return text.split(',').some((part) => {
    const [base = '', step] = part.split('/');
    const [from = 0, to] = base === '*' ? [0, max] : base.split('-').map(Number);
    const end = to ?? (step === undefined ? from : max);
    return value >= from && value <= end && (value - from) % Number(step ?? 1) === 0;
  });
}
