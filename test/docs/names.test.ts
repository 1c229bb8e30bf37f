import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Route, ROUTES } from '../../lambda/api/rest/routes';
import { OPERATIONS } from '../../lambda/api/rest/openapi/operations';
import { isCodeType } from '../../lambda/names/code-types';
import { ENVIRONMENTS } from '../../lambda/names/environments';
import { SETTING } from '../../lambda/names/settings';
import { BACKUP_METRICS, LOOKUP_METRICS, MONITOR_METRICS } from '../../lambda/telemetry/metrics';
import { VARIABLE_NAMES } from '../../lib/config/variables';
import { runbookSection } from '../../lib/observability/runbook';
import { template } from '../lib/synthesis';
import { resources } from '../lib/templates';
import { DOCUMENTS, documentAt, ROOT, sources } from './documents';

const everything = DOCUMENTS.map(({ text }) => text).join('\n');
const METRICS: readonly string[] = [...LOOKUP_METRICS, ...MONITOR_METRICS, ...BACKUP_METRICS];

const alarms = [
  ...new Set(
    ENVIRONMENTS.flatMap((name) =>
      resources(template(name, 'Observability'), 'AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
        (Properties.AlarmName as string).replace(`MedicalCodes-${name}-`, ''),
      ),
    ),
  ),
];

describe('variables in the docs', () => {
  /** Read by programs that are not ours. */
  const FOREIGN = ['NODE_EXTRA_CA_CERTS', 'REDISCLI_AUTH', 'GITHUB_STEP_SUMMARY'];

  it('exist: a name in capitals stands in the code, or is one that the reader makes up', () => {
    const product = [...sources(['bin', 'cli', 'lambda', 'lib', 'local', 'test', '.github']).values()].join(
      '\n',
    );
    const ours = new Set(product.match(/\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\b/g));
    // Before an extension it is the name of a publisher's file.
    const named = DOCUMENTS.flatMap(({ path, text }) =>
      (text.match(/\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\b(?!\.[a-z])/g) ?? []).map((name) => ({ path, name })),
    );
    expect(named.length).toBeGreaterThan(50);
    const strange = named.filter(
      ({ name }) => !ours.has(name) && !FOREIGN.includes(name) && !everything.includes(`env:${name}`),
    );
    expect(strange).toEqual([]);
  });

  it('are every one that a deployment reads', () => {
    const example = readFileSync(join(ROOT, '.env.example'), 'utf8');
    const told = new Set(`${everything}\n${example}`.match(/\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)*\b/g));
    expect(VARIABLE_NAMES.filter((name) => !told.has(name))).toEqual([]);
  });

  it('are every one that a function gets', () => {
    expect(Object.values(SETTING).filter((name) => !new RegExp(`\\b${name}\\b`).test(everything))).toEqual(
      [],
    );
  });
});

describe('metrics and alarms in the docs', () => {
  it('exist: a name in camel case is a metric, an alarm, an output, or a name of somebody else’s', () => {
    const outputs = ['ApiUrl', 'BucketName', 'RedisSecretArn', 'DashboardUrl', 'VpcId'];
    const known = new Set([...METRICS, ...alarms, ...outputs]);
    const inCode = [...sources(['bin', 'cli', 'lambda', 'lib', 'local']).values()].join('\n');
    const named = DOCUMENTS.flatMap(({ path, code }) =>
      code.filter((each) => /^[A-Z][a-z]+([A-Z][a-z0-9]+)+$/.test(each)).map((name) => ({ path, name })),
    );
    expect(named.length).toBeGreaterThan(20);
    const strange = named.filter(({ name }) => !known.has(name) && !new RegExp(`\\b${name}\\b`).test(inCode));
    expect(strange).toEqual([]);
  });

  it('are every metric that is emitted, in its table', () => {
    const { code } = documentAt('docs/metrics.md');
    expect(METRICS.filter((name) => !code.includes(name))).toEqual([]);
  });

  it('are every alarm, each with a section of the runbook that its description links', () => {
    expect(alarms.length).toBeGreaterThan(10);
    const { anchors } = documentAt('docs/runbook.md');
    const missing = alarms.filter((name) => {
      const [, anchor = ''] = runbookSection(name).split('#');
      return !anchors.includes(anchor);
    });
    expect(missing).toEqual([]);
  });

  it('are no alarm that is gone: sections in camel case are alarms', () => {
    const sections = [...documentAt('docs/runbook.md').prose.matchAll(/^## ([A-Z][a-z]+[A-Z]\w+)$/gm)];
    expect(sections.map(([, name]) => name).filter((name) => !alarms.includes(name ?? ''))).toEqual([]);
  });
});

describe('routes in the docs', () => {
  const ROUTE = /(https?:\/\/[^\s/`]+)?(\/v1\/[^\s`)\]"']+|\/openapi\.json)/g;
  const named = DOCUMENTS.filter(({ path }) => path !== 'CHANGELOG.md').flatMap(({ path, text }) =>
    [...text.matchAll(ROUTE)]
      .filter(([, host = '']) => host === '' || host.includes('127.0.0.1'))
      .map(([, , route = '']) => ({ path, route: route.replace(/[.,:;]$/, '') })),
  );

  /** Whether a word of a path may stand in a place of a route; the service's code systems alone are a `{type}`. */
  function fits(place: string, word = ''): boolean {
    if (place === '{type}') return word.startsWith('{') || isCodeType(word);
    return place === word || place.startsWith('{');
  }

  /** The route that a path, with or without values in its places, belongs to: the one with the most words in common. */
  function routeOf(path: string): Route | undefined {
    const words = path.split('/');
    const inCommon = (route: Route): number =>
      route.path.split('/').filter((place, at) => place === words[at]).length;
    return ROUTES.filter((route) => {
      const places = route.path.split('/');
      return places.length === words.length && places.every((place, at) => fits(place, words[at]));
    }).sort((a, b) => inCommon(b) - inCommon(a))[0];
  }

  it('exist, with the parameters they are said to take', () => {
    expect(named.length).toBeGreaterThan(8);
    const strange = named.filter(({ route }) => {
      const [path = '', query = ''] = route.split('?');
      const found = routeOf(path);
      const known = JSON.stringify(OPERATIONS[found?.path ?? '']?.parameters);
      const parameters = query.split('&').filter((each) => each !== '');
      return (
        found === undefined || parameters.some((each) => !known.includes(`"${each.replace(/=.*/, '')}"`))
      );
    });
    expect(strange).toEqual([]);
  });

  it('are every one that is served, in the table of the API', () => {
    const told = documentAt('docs/api.md').code.flatMap((each) => {
      const found = /^([A-Z]+) (\/\S+?)(\?\S*)?$/.exec(each);
      const route = found?.[2] === undefined ? undefined : routeOf(found[2]);
      return route === undefined || found === null ? [] : [`${found[1]} ${route.path}`];
    });
    expect(
      ROUTES.map(({ method, path }) => `${method} ${path}`).filter((each) => !told.includes(each)),
    ).toEqual([]);
  });
});
