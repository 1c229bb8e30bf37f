import { createApp } from '../../lambda/api/app';
import type { RequestContext, ServedRequest } from '../../lambda/api/host';
import type { CodeRecord, CrosswalkLink } from '../../lambda/codes/record';
import { CODE_SYSTEMS } from '../../lambda/codes/systems';
import { type CodeType } from '../../lambda/names/code-types';
import { categoryEntry } from '../../lambda/catalog/shards';
import type { LookupHost } from '../../lambda/lookup/host';
import { createLookups } from '../../lambda/lookup/lookups';

export const RELEASE = '2026.1';

/** An answer whose shape the test itself is about to check. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

function code(type: CodeType, name: string, billable = true): CodeRecord {
  return {
    type,
    code: name,
    description: `Sample: the long words of ${name}`,
    shortDescription: `Sample ${name}`,
    category: CODE_SYSTEMS[type].category(name) ?? '',
    billable,
  };
}

/** A release of a few dozen invented codes, in official order. */
export const RECORDS: readonly CodeRecord[] = [
  code('icd10', 'Z00', false),
  code('icd10', 'Z00.0', false),
  code('icd10', 'Z00.00'),
  code('icd10', 'Z00.01'),
  // Official order is not the order of the letters.
  code('icd10', 'Z00.8'),
  code('icd10', 'Z00.2'),
  code('icd10', 'U07.1'),
  code('cpt', '99213'),
  code('cpt', '0001F'),
  code('hcpcs', 'G0438'),
];

const LINKS: Readonly<Record<string, CrosswalkLink[]>> = {
  'Z00.00': [
    { cpt: '99213', relationship: 'covered', sources: ['Sample A1'] },
    { cpt: 'G0438', relationship: 'covered', sources: ['Sample A1', 'Sample A2'] },
    { cpt: '99299', relationship: 'covered', sources: ['Sample A1'] },
  ],
};

const DEMO_LIST = {
  teamId: 'demo',
  generatedAt: '2026-11-01T06:00:00.000Z',
  codes: ['Z00.00', 'U07.1', 'Z00.01'].map((name, index) => ({
    rank: index + 1,
    type: 'icd10' as const,
    code: name,
    shortDescription: `Sample ${name}`,
    uses: 30 - index,
  })),
};

export interface SmallServiceOptions {
  /** Replaces parts of what lookups stand on. */
  lookups?: Partial<LookupHost>;
  identity?: RequestContext['identity'];
  health?: 'ok' | 'degraded';
  /** In the place of RECORDS. */
  records?: readonly CodeRecord[];
}

/** The app on a catalog in memory, without a cache: every answer is a `miss`. */
export function smallService(options: SmallServiceOptions = {}) {
  const served: ServedRequest[] = [];
  const uses: string[] = [];
  const { records = RECORDS } = options;
  const catalog: LookupHost['catalog'] = {
    record: (_release, type, name) =>
      Promise.resolve(records.find((each) => each.type === type && each.code === name)),
    records: (_release, type, names) => {
      const found = records.filter((each) => each.type === type && names.includes(each.code));
      return Promise.resolve(new Map(found.map((each) => [each.code, each])));
    },
    category: (_release, type, category) => {
      const list = records.filter((each) => each.type === type && each.category === category);
      return Promise.resolve(list.length === 0 ? undefined : list.map(categoryEntry));
    },
    crosswalk: (_release, icd10) => Promise.resolve(LINKS[icd10] ?? []),
    hasType: (_release, type) => Promise.resolve(records.some((each) => each.type === type)),
  };
  const host: LookupHost = {
    cache: {
      get: async (entry) => ({ value: await entry.load(RELEASE), outcome: 'miss', release: RELEASE }),
      getMany: async (entries, loadMany) => {
        const loaded = await loadMany(RELEASE, [...entries]);
        return entries.map(({ key }) => ({ value: loaded.get(key), outcome: 'miss', release: RELEASE }));
      },
      editions: () => ({}),
    },
    catalog,
    now: Date.now,
    hotCodes: (teamId) => Promise.resolve(teamId === 'demo' ? DEMO_LIST : undefined),
    countUse: (team, type, name) => uses.push(`${team} ${type}:${name}`),
    ...options.lookups,
  };
  const app = createApp({
    lookups: createLookups(host),
    health: () => Promise.resolve(options.health ?? 'ok'),
    served: (entry) => served.push(entry),
  });
  const context: RequestContext = { requestId: 'req-1', identity: options.identity ?? { kind: 'open' } };
  const send = async (path: string, init: RequestInit = {}): Promise<Response> =>
    app.fetch(new Request(`http://service${path}`, init), context);
  const batch = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    send('/v1/codes/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { app, send, batch, served, uses };
}
