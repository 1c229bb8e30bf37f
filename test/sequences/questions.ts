import { UNKNOWN_RELEASE } from '../../lambda/cache/generation';
import type { RunningService } from '../lookup/running-service';
import {
  CATEGORIES,
  CPT_CODES,
  ICD10_CODES,
  LINKED_CODES,
  shortOf,
  type Source,
  type SourceCode,
} from './releases';
import type { Seeded } from './seeded';

/** Something to ask, and what a release's source says of it; undefined for what it does not hold (404). */
export interface Question {
  readonly text: string;
  ask(service: RunningService): Promise<Response>;
  /** What of an answer's body is judged. */
  said(body: never): unknown;
  expected(source: Source): unknown;
  /** Set where an answer that names no release may have each of its items from another one. */
  readonly piecewise?: true;
}

/** Codes that stand in every team's stored list, whichever release is live. */
export const HOT_CODES = ICD10_CODES.filter((_, at) => at % 6 === 0);
export const TEAMS = ['t1', 't2', 't3'];

interface Coded {
  code: string;
  shortDescription: string;
  description?: string;
  billable: boolean;
}

const whole = (each: SourceCode | undefined): unknown =>
  each && [each.code, shortOf(each), each.description, each.billable];
const wholeSaid = (each: Coded | undefined): unknown =>
  each && [each.code, each.shortDescription, each.description, each.billable];

function get(path: string): Pick<Question, 'text' | 'ask'> {
  return { text: `GET ${path}`, ask: (service) => service.get(path) };
}

const codeQuestion = (code: string): Question => ({
  ...get(`/v1/icd10/${code}`),
  said: (body: Coded) => wholeSaid(body),
  expected: ({ icd10 }) => whole(icd10.get(code)),
});

const categoryQuestion = (category: string): Question => ({
  ...get(`/v1/icd10/categories/${category}`),
  said: ({ codes }: { codes: Coded[] }) =>
    codes.map(({ code, shortDescription, billable }) => [code, shortDescription, billable]),
  expected: ({ icd10 }) => {
    const listed = [...icd10.values()].filter(({ code }) => code.startsWith(category));
    return listed.length === 0 ? undefined : listed.map((each) => [each.code, shortOf(each), each.billable]);
  },
});

const crosswalkQuestion = (icd10: string): Question => ({
  ...get(`/v1/crosswalk/${icd10}`),
  said: ({ cpts }: { cpts: { cpt: string }[] }) => cpts.map(({ cpt }) => cpt).sort(),
  expected: (source) =>
    source.icd10.has(icd10)
      ? CPT_CODES.filter((cpt) => source.links.has(`${icd10} ${cpt}`)).sort()
      : undefined,
});

const pairQuestion = (icd10: string, cpt: string): Question => ({
  ...get(`/v1/crosswalk/${icd10}/${cpt}`),
  said: ({ related }: { related: boolean }) => related,
  expected: (source) => {
    const linked = source.links.has(`${icd10} ${cpt}`);
    return source.icd10.has(icd10) && (linked || source.cpt.has(cpt)) ? linked : undefined;
  },
});

const batchQuestion = (codes: readonly string[]): Question => ({
  text: `POST a batch of ${codes.join(' ')}`,
  ask: (service) => service.batch(codes.map((code) => ({ type: 'icd10', code }))),
  said: ({ results }: { results: { record?: Coded }[] }) => results.map(({ record }) => wholeSaid(record)),
  expected: ({ icd10 }) => codes.map((code) => whole(icd10.get(code))),
  piecewise: true,
});

const hotQuestion = (team: string): Question => ({
  ...get(`/v1/teams/${team}/hot-codes`),
  said: ({ codes }: { codes: Coded[] }) =>
    codes.map(({ code, shortDescription }) => [code, shortDescription]),
  expected: ({ icd10 }) =>
    HOT_CODES.flatMap((code) => {
      const held = icd10.get(code);
      return held === undefined ? [] : [[code, shortOf(held)]];
    }),
});

export function drawQuestion(seeded: Seeded): Question {
  const code = seeded.pick(ICD10_CODES);
  switch (seeded.between(0, 9)) {
    case 0:
    case 1:
      return batchQuestion([...new Set(Array.from({ length: 12 }, () => seeded.pick(ICD10_CODES)))]);
    case 2:
    case 3:
      return categoryQuestion(seeded.pick(CATEGORIES));
    case 4:
      return crosswalkQuestion(seeded.chance(0.8) ? seeded.pick(LINKED_CODES) : code);
    case 5:
      return pairQuestion(seeded.chance(0.8) ? seeded.pick(LINKED_CODES) : code, seeded.pick(CPT_CODES));
    case 6:
      return hotQuestion(seeded.pick(TEAMS));
    default:
      return codeQuestion(code);
  }
}

/** Each value that a cache may hold, once; of the pairs only those of codes that have links. */
export function everyQuestion(): Question[] {
  return [
    ...ICD10_CODES.flatMap((code) => [codeQuestion(code), crosswalkQuestion(code)]),
    ...CATEGORIES.map(categoryQuestion),
    ...LINKED_CODES.flatMap((code) => CPT_CODES.slice(0, 4).map((cpt) => pairQuestion(code, cpt))),
    ...TEAMS.map(hotQuestion),
  ];
}

/** By their text: a body that was parsed outside of jest's realm has prototypes of its own. */
function isSame(said: unknown, expected: unknown): boolean {
  return JSON.stringify(said) === JSON.stringify(expected);
}

/** Each item is what some release says. */
function isPieced(said: unknown, question: Question, sources: readonly Source[]): boolean {
  const expected = sources.map((source) => question.expected(source));
  return (
    Array.isArray(said) &&
    said.every((item: unknown, at) =>
      expected.some((list) => Array.isArray(list) && isSame(item, list[at] as unknown)),
    )
  );
}

/** An answer as it is judged. */
export interface Judged {
  readonly release: string;
  readonly outcome: string;
  readonly status: number;
  /** What is wrong with it. */
  readonly fault: string | undefined;
}

/** Asks, and holds the answer against the source of the release that it names. */
export async function judge(
  question: Question,
  service: RunningService,
  sources: readonly Source[],
): Promise<Judged> {
  const response = await question.ask(service);
  const { status } = response;
  const body = (await response.json()) as never;
  const release = response.headers.get('x-catalog-release') ?? UNKNOWN_RELEASE;
  const outcome = response.headers.get('x-cache') ?? 'none';
  const judged = { release, outcome, status };
  if (status === 503) return { ...judged, fault: undefined };
  if (status !== 200 && status !== 404)
    return { ...judged, fault: `status ${status}: ${JSON.stringify(body)}` };
  const said = status === 404 ? undefined : question.said(body);
  const named = sources.filter((each) => release === UNKNOWN_RELEASE || each.release === release);
  if (named.some((source) => isSame(said, question.expected(source)))) return { ...judged, fault: undefined };
  if (release === UNKNOWN_RELEASE && question.piecewise === true && isPieced(said, question, sources))
    return { ...judged, fault: undefined };
  const really = sources.filter((source) => isSame(said, question.expected(source)));
  const shown = JSON.stringify({ said, expected: named.map((source) => question.expected(source)) });
  return {
    ...judged,
    fault: `wrong: named ${release}, which is what ${really.map((each) => each.release).join(', ') || 'no release'} says. ${shown}`,
  };
}
