import { deployArguments } from '../../bin/deploy/arguments';
import type { AwsAccess, StoredSecret } from '../../bin/deploy/aws-access';
import { deploy, type DeploymentHost } from '../../bin/deploy/deployment';
import type { Answer } from '../../bin/deploy/health';
import type { PingResult } from '../../bin/deploy/redis-ping';
import { Refused, StepFailed } from '../../cli/terminal/failure';
import { ConfigError } from '../../lib/config/config-error';

const STRING = 'redis://default:s3cret@redis.example:6379';
const STACKS = ['MedicalCodes-dev-Storage', 'MedicalCodes-dev-Lookup', 'MedicalCodes-dev-Operations'];
const API = 'https://abc.execute-api.us-east-1.amazonaws.com';

/** An account, a CLI and a Redis that remember what was asked of them, in order. */
class FakeWorld {
  readonly calls: string[] = [];
  readonly lines: string[] = [];
  account = '123456789012';
  bootstrapped: readonly string[] = ['us-east-1'];
  pong: PingResult = { ok: true, milliseconds: 3 };
  /** The one password that Redis takes; undefined: any. */
  password: string | undefined;
  secret: StoredSecret | undefined;
  answers: Answer[] = [{ status: 200, body: '{"status":"ok"}' }];
  failing: string | undefined;
  refusesToConfirm = false;
  cdkVariables: unknown;

  readonly aws: AwsAccess = {
    region: () => Promise.resolve('us-east-1'),
    account: () => Promise.resolve(this.account),
    stackOutputs: (name, region = 'us-east-1') => {
      if (name === 'CDKToolkit') return Promise.resolve(this.bootstrapped.includes(region) ? {} : undefined);
      return Promise.resolve(name.endsWith('Lookup') ? { ApiUrl: API } : { BucketName: 'b' });
    },
    readSecret: () => Promise.resolve(this.secret),
    putSecret: (id, value) => {
      this.calls.push(`put ${id} ${value}`);
      return Promise.resolve();
    },
  };

  readonly host: DeploymentHost = {
    output: {
      note: (text) => this.lines.push(text),
      warn: (text) => this.lines.push(`warning: ${text}`),
    },
    aws: this.aws,
    ping: ({ host, password }) => {
      this.calls.push(`ping ${host}`);
      if (this.password === undefined || this.password === password) return Promise.resolve(this.pong);
      return Promise.resolve({ ok: false, failure: 'auth', detail: 'WRONGPASS' });
    },
    cdk: ({ variables }) => {
      this.cdkVariables = variables;
      const does = (word: string) => (stacks?: readonly string[]) => {
        this.calls.push([word, ...(stacks ?? [])].join(' '));
        return word === this.failing
          ? Promise.reject(new StepFailed(`cdk ${word} failed`))
          : Promise.resolve();
      };
      return { synth: does('synth'), deploy: does('deploy'), diff: does('diff'), destroy: does('destroy') };
    },
    get: (url) => {
      this.calls.push(`get ${url}`);
      return Promise.resolve(this.answers.shift() ?? { status: 200, body: '{"status":"ok"}' });
    },
    stacks: () => STACKS,
    confirm: () =>
      this.refusesToConfirm ? Promise.reject(new Refused('Not confirmed.')) : Promise.resolve(),
  };

  run(
    words: readonly string[] = ['dev'],
    variables: Record<string, string> = { REDIS_CONNECTION_STRING: STRING },
  ) {
    const options = deployArguments(words);
    if (options === undefined) throw new Error('asked for help');
    return deploy(options, variables, this.host);
  }

  get text(): string {
    return this.lines.join('\n');
  }
}

/** Everything but looking. */
const CHANGES = /^(put|deploy|synth)/;

let world: FakeWorld;
beforeEach(() => {
  world = new FakeWorld();
});

describe('a deployment', () => {
  it('checks, then deploys storage, secret and the rest, then asks the API', async () => {
    await world.run();
    expect(world.calls).toEqual([
      'ping redis.example',
      'synth',
      'deploy MedicalCodes-dev-Storage',
      `put medical-codes/dev/redis ${STRING}`,
      'deploy MedicalCodes-dev-Lookup MedicalCodes-dev-Operations',
      `get ${API}/v1/health`,
    ]);
  });

  it('says beforehand what it will do, and never the password', async () => {
    await world.run();
    expect(world.lines[0]).toMatch(/redis +redis\.example:6379 \(no TLS\)/);
    expect(world.lines[0]).toMatch(/bucket +foresight-dev-medical-codes/);
    expect(world.lines[0]).toMatch(/1\. Redis.*\n.*2\. AWS/);
    expect(world.text).not.toContain('s3cret');
  });

  it('warns when dev has no TLS', async () => {
    await world.run();
    expect(world.text).toMatch(/warning: REDIS_CONNECTION_STRING: has no TLS/);
  });

  it('changes nothing when Redis does not answer', async () => {
    world.pong = { ok: false, failure: 'refused', detail: 'ECONNREFUSED' };
    await expect(world.run()).rejects.toThrow(Refused);
    expect(world.calls.filter((call) => CHANGES.test(call))).toEqual([]);
  });

  it('goes ahead without asking Redis when told to', async () => {
    world.pong = { ok: false, failure: 'refused', detail: 'ECONNREFUSED' };
    await world.run(['dev', '--skip-redis-check']);
    expect(world.calls).not.toContain('ping redis.example');
    expect(world.calls).toContain('deploy MedicalCodes-dev-Storage');
  });

  it('changes nothing in an account that is not the expected one, and names both', async () => {
    const variables = { REDIS_CONNECTION_STRING: STRING, CDK_DEFAULT_ACCOUNT: '999999999999' };
    await expect(world.run(['dev'], variables)).rejects.toThrow(/123456789012.*999999999999/);
    expect(world.calls.filter((call) => CHANGES.test(call))).toEqual([]);
  });

  it('names the command that prepares an account, also for the replica’s region', async () => {
    world.bootstrapped = [];
    await expect(world.run()).rejects.toThrow('npx cdk bootstrap aws://123456789012/us-east-1');
    world.bootstrapped = ['us-east-1'];
    const variables = {
      REDIS_CONNECTION_STRING: STRING,
      REPLICA_REGION: 'eu-west-1',
      CDK_DEFAULT_REGION: 'us-east-1',
    };
    await expect(world.run(['dev'], variables)).rejects.toThrow(
      'npx cdk bootstrap aws://123456789012/eu-west-1',
    );
  });

  it('changes nothing without confirmation', async () => {
    world.refusesToConfirm = true;
    await expect(world.run()).rejects.toThrow(Refused);
    expect(world.calls.filter((call) => CHANGES.test(call))).toEqual([]);
  });

  it('leaves the secret alone when it holds the string already', async () => {
    world.secret = { value: STRING, rotated: false };
    await world.run();
    expect(world.calls.join()).not.toMatch(/put/);
    expect(world.text).toMatch(/✓ unchanged/);
  });

  it('replaces the placeholder of the template and an older string', async () => {
    for (const value of [
      'Xk2PlaceholderPlaceholder',
      'redis://default:older@redis.example:6379',
      undefined,
    ]) {
      world = new FakeWorld();
      world.secret = { value, rotated: false };
      await world.run();
      expect(world.calls).toContain(`put medical-codes/dev/redis ${STRING}`);
    }
  });

  it('keeps a rotated password, but follows a move to another database and the operator’s word', async () => {
    const rotated = { value: 'redis://default:newer@redis.example:6379', rotated: true };
    world.secret = rotated;
    await world.run();
    expect(world.calls.join()).not.toMatch(/put/);
    expect(world.text).toMatch(/kept: rotation changed the password/);

    world = new FakeWorld();
    world.secret = rotated;
    await world.run(['dev', '--replace-rotated']);
    expect(world.calls).toContain(`put medical-codes/dev/redis ${STRING}`);

    world = new FakeWorld();
    world.secret = { value: 'redis://default:newer@former.example:6379', rotated: true };
    await world.run();
    expect(world.calls).toContain(`put medical-codes/dev/redis ${STRING}`);
  });

  it('goes on with a string whose password rotation has replaced, as long as the new one logs in', async () => {
    world.password = 'newer';
    world.secret = { value: 'redis://default:newer@redis.example:6379', rotated: true };
    await world.run();
    expect(world.text).toMatch(/PONG in 3 ms with the rotated password of the secret/);
    expect(world.calls.join()).not.toMatch(/put/);

    for (const secret of [
      undefined,
      { value: 'redis://default:newer@redis.example:6379', rotated: false },
      { value: 'redis://default:newer@former.example:6379', rotated: true },
      { value: 'redis://default:another@redis.example:6379', rotated: true },
    ]) {
      world = new FakeWorld();
      world.password = 'newer';
      world.secret = secret;
      await expect(world.run()).rejects.toThrow(/refuses user or password/);
      expect(world.calls.filter((call) => CHANGES.test(call))).toEqual([]);
    }
  });

  it('needs no string once the secret holds one, and checks that one', async () => {
    world.secret = { value: STRING, rotated: false };
    await world.run(['dev'], {});
    expect(world.calls[0]).toBe('ping redis.example');
    expect(world.calls.join()).not.toMatch(/put/);
    expect(world.cdkVariables).toMatchObject({ REDIS_CONNECTION_STRING: STRING });
  });

  it('refuses a first deployment without a string', async () => {
    await expect(world.run(['dev'], {})).rejects.toThrow(ConfigError);
    expect(world.calls).toEqual([]);
  });

  it('puts no string in when storage could not be deployed', async () => {
    world.failing = 'deploy';
    await expect(world.run()).rejects.toThrow(StepFailed);
    expect(world.calls.join()).not.toMatch(/put/);
  });

  it('says what to do when the API is degraded for want of a release', async () => {
    world.answers = [{ status: 200, body: '{"status":"degraded"}' }];
    await world.run();
    expect(world.text).toMatch(/GET \/v1\/health: degraded/);
    expect(world.text).toMatch(/catalog build --env dev/);
  });
});

describe('the health check after a deployment', () => {
  it('asks again while the API is not there yet, and fails with what it heard last', async () => {
    const { checkHealth } = await import('../../bin/deploy/health');
    let asked = 0;
    const late = (): Promise<Answer> => {
      asked += 1;
      return asked < 3
        ? Promise.reject(new Error('ENOTFOUND'))
        : Promise.resolve({ status: 200, body: '{"status":"ok"}' });
    };
    expect(await checkHealth(API, late, 1)).toEqual({ kind: 'ok' });
    const never = (): Promise<Answer> => Promise.resolve({ status: 502, body: '' });
    expect(await checkHealth(API, never, 1)).toEqual({ kind: 'failing', detail: 'answered 502' });
  });
});
