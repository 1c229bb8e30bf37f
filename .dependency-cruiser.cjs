/** Who may import whom. `npm run check` holds it. */
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
          '^lambda/(names|telemetry/metrics|cache/ttl|cache/keys|catalog/layout|backup/layout|functions/settings)\\.ts$',
      },
    },
    {
      name: 'configuration-knows-no-cdk',
      comment:
        'The operator CLI reads an environment’s figures; loading the CDK for them would take a second.',
      severity: 'error',
      from: {
        path: '^lib/(environments|variables|config-error|plan|lifecycle|cron|cidr|network-config)\\.ts$',
      },
      to: { path: 'node_modules/(aws-cdk-lib|constructs)/', reachable: true },
    },
    {
      name: 'functions-stand-alone',
      comment: 'A function shares code through lambda/<subject>, never through another function.',
      severity: 'error',
      from: { path: '^lambda/functions/([^/]+)/' },
      to: { path: '^lambda/functions/[^/]+/', pathNot: '^lambda/functions/$1/' },
    },
    {
      name: 'domain-knows-no-function',
      severity: 'error',
      from: { path: '^lambda/', pathNot: '^lambda/functions/' },
      to: { path: '^lambda/functions/[^/]+/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'product-knows-no-tests',
      severity: 'error',
      from: { path: '^(bin|lib|lambda|cli|local)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
};
