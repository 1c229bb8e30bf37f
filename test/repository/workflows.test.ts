import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENTS } from '../../lambda/names/environments';
import { devDependencies, overrides, scripts } from '../../package.json';
import { documentAt } from '../docs/documents';

const ROOT = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const WORKFLOWS = ['.github/workflows/ci.yml', '.github/workflows/deploy.yml'] as const;

/** The shell lines of a workflow: of `run: …` and of the blocks below `run: |`. prettier has read it as YAML. */
function shellLines(workflow: string): string[] {
  const lines = workflow.split('\n');
  return lines.flatMap((line, at) => {
    const found = /^( *)(?:- )?run: (.*)$/.exec(line);
    if (found === null) return [];
    const [, indent = '', command = ''] = found;
    if (command !== '|') return [command];
    const rest = lines.slice(at + 1);
    const end = rest.findIndex((each) => each.trim() !== '' && !each.startsWith(`${indent}  `));
    return rest
      .slice(0, end === -1 ? undefined : end)
      .map((each) => each.trim())
      .filter((each) => each !== '');
  });
}

describe.each(WORKFLOWS)('%s', (path) => {
  const workflow = read(path);
  const lines = shellLines(workflow);

  it('runs scripts that there are', () => {
    const named = lines.flatMap((line) => [...line.matchAll(/npm run (?:-s )?"?([\w:]+)(\$ENVIRONMENT)?/g)]);
    for (const [, script = '', perEnvironment] of named) {
      const wanted = perEnvironment ? ENVIRONMENTS.map((name) => `${script}${name}`) : [script];
      for (const each of wanted) expect(Object.keys(scripts)).toContain(each);
    }
    const files = lines
      .filter((line) => /^\.?[\w]*\/|^\.ci\//.test(line))
      .map((line) => line.split(' ')[0] ?? '');
    for (const file of files) accessSync(join(ROOT, file), constants.X_OK);
    expect(named.length + files.length).toBeGreaterThan(0);
  });

  it('takes the pinned Node', () => {
    expect(workflow).toContain('node-version-file: .nvmrc');
  });

  it('puts nothing of the outside into a shell line but by a variable', () => {
    expect(lines.filter((line) => line.includes('${{'))).toEqual([]);
  });

  it('pins its actions to a version and may do no more than it says', () => {
    const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action = '']) => action);
    expect(actions.length).toBeGreaterThan(1);
    expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40})$/.test(action))).toEqual([]);
    expect(workflow).toMatch(/^permissions:\n {2}contents: read$/m);
  });
});

describe('continuous integration', () => {
  it('runs what a contributor runs, on the real files where a variable names them', () => {
    const lines = shellLines(read('.github/workflows/ci.yml'));
    expect(lines.at(-1)).toBe('.ci/run');
    expect(lines.join('\n')).toContain('REAL_DATA_DIR=$RUNNER_TEMP/real-data" >> "$GITHUB_ENV"');
    expect(documentAt('CONTRIBUTING.md').code).toContain('REAL_DATA_URL');
  });

  it('keeps REAL_DATA_DIR when there is no data beside the checkout', () => {
    expect(read('.ci/run')).toMatch(/^if \[ -d \.\.\/shared\/data \]; then REAL_DATA_DIR=/m);
  });
});

describe('the deployment', () => {
  const workflow = read('.github/workflows/deploy.yml');
  const [, diff = '', deploy = ''] = /\n {2}diff:\n([^]*?)\n {2}deploy:\n([^]*)$/.exec(workflow) ?? [];

  it('offers every environment', () => {
    expect(workflow).toContain(`options: [${ENVIRONMENTS.join(', ')}]`);
  });

  it('shows the diff before the job that waits for a reviewer, and gives the diff no right to deploy', () => {
    expect(diff).toContain('npm run -s "cdk:diff:$ENVIRONMENT"');
    expect(diff).not.toContain('environment:');
    expect(diff).toContain("format('AWS_DIFF_ROLE_{0}'");
    expect(deploy).toContain('needs: diff');
    expect(deploy).toContain('environment: ${{ inputs.environment }}');
    expect(deploy).toContain("format('AWS_DEPLOY_ROLE_{0}'");
  });

  it('logs in by OIDC, with no key of AWS in the repository', () => {
    expect(workflow).toContain('id-token: write');
    expect(workflow).not.toMatch(/aws-(access-key-id|secret-access-key)|AWS_SECRET/i);
  });

  it('hands the connection string to the deploy script alone', () => {
    expect(workflow.match(/secrets\.\w+/g)).toEqual(['secrets.REDIS_CONNECTION_STRING']);
    expect(deploy).toContain('REDIS_CONNECTION_STRING: ${{ secrets.REDIS_CONNECTION_STRING }}');
  });
});

describe('updates of dependencies', () => {
  const dependabot = read('.github/dependabot.yml');

  it('leave alone what is held on purpose', () => {
    const held = ['aws-cdk', 'typescript', 'node', ...Object.keys(overrides)];
    for (const name of held) expect(dependabot).toContain(`- dependency-name: ${name}\n`);
    expect(devDependencies['aws-cdk']).toBe('2.1148.1');
  });

  it('look at every place that names some', () => {
    for (const [ecosystem, folder, file] of [
      ['npm', '/', 'package.json'],
      ['pip', '/test/e2e', 'test/e2e/requirements.txt'],
      ['github-actions', '/', '.github/workflows/ci.yml'],
    ] as const) {
      expect(dependabot).toContain(`- package-ecosystem: ${ecosystem}\n    directory: ${folder}\n`);
      expect(existsSync(join(ROOT, file))).toBe(true);
    }
  });
});

describe('an issue', () => {
  it('is asked for what doctor says, as JSON', () => {
    const template = read('.github/ISSUE_TEMPLATE/problem.yml');
    expect(template).toContain('npm run -s codes -- doctor --json');
    expect(template).toMatch(/id: doctor[^]*?required: true/);
  });
});
