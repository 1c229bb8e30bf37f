/** Who may import whom. `npm run check` holds it. */

/**
 * The floors of lambda/, the ground floor first. A file may import its own room and the floors below it; rooms of one
 * floor do not know each other. docs/architecture.md has the picture.
 */
const FLOORS = [
  ['names'],
  ['codes'],
  ['telemetry'],
  ['redis', 'store'],
  ['embedded', 'catalog/(?!publish/)', 'snapshot'],
  ['cache'],
  ['catalog/publish'],
  ['backup', 'hot-codes', 'monitor', 'rotation'],
  ['lookup'],
  ['warm'],
  ['api'],
  ['functions'],
];

const rooms = (floors) => floors.flat().join('|');

/** Each room may reach neither its neighbours nor the floors above it. */
const floorRules = FLOORS.flatMap((floor, level) =>
  floor.map((room) => ({
    name: `floor-of-${room.replace(/\W.*/, '')}`,
    comment:
      'Imports inside lambda/ go down: take what is shared to a lower floor, or hand it in from above.',
    severity: 'error',
    from: { path: `^lambda/${room}` },
    to: {
      path: `^lambda/(${rooms([floor.filter((each) => each !== room), ...FLOORS.slice(level + 1)])})`,
    },
  })),
).filter(({ to }) => to.path !== '^lambda/()');

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'lambda-knows-no-infrastructure',
      comment: 'What runs in Lambda must not pull in the CDK.',
      severity: 'error',
      from: { path: '^lambda/' },
      to: { path: '^(lib|bin|cli|local|test)/|node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
    },
    {
      name: 'infrastructure-takes-only-names',
      comment: 'Stacks share names, limits and key patterns with the handlers, never their code.',
      severity: 'error',
      from: { path: '^lib/' },
      to: {
        path: '^lambda/',
        pathNot:
          '^lambda/(names/|telemetry/metrics|catalog/layout|backup/backup-layout|redis/connection-string)',
      },
    },
    {
      name: 'configuration-knows-no-cdk',
      comment:
        'The operator CLI reads an environment’s figures; loading the CDK for them would take a second.',
      severity: 'error',
      from: { path: '^lib/config/' },
      to: { path: 'node_modules/(aws-cdk-lib|constructs)/', reachable: true },
    },
    {
      name: 'functions-stand-alone',
      comment: 'A function shares code through lambda/<subject>, never through another function.',
      severity: 'error',
      from: { path: '^lambda/functions/([^/]+)/' },
      to: { path: '^lambda/functions/[^/]+/', pathNot: '^lambda/functions/$1/' },
    },
    ...floorRules,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'product-knows-no-tests',
      severity: 'error',
      from: { path: '^(bin|lib|lambda|cli|local)/' },
      to: { path: '^test/' },
    },
    {
      name: 'nothing-knows-the-bench',
      comment: 'Its peers and its figures must never weigh on the product; its own tests may look at it.',
      severity: 'error',
      from: { pathNot: '^(bench|test/bench)/' },
      to: { path: '^bench/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
};
