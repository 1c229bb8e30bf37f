import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { freePort, type RedisServer, startRedisServer } from '../../local/redis-server';
import type { EnvironmentName } from '../../lambda/names/environments';
import { installAdaptation } from './adaptation/install';
import type { Api } from './api';
import { createAuthority } from './authority';
import { Checkout } from './checkout';
import { ACCOUNT, type Emulator, REGION, startEmulator } from './emulator';
import { type Issuer, startIssuer } from './issuer';
import { pythonEnvironment } from './python';

const ROOT = resolve(__dirname, '../..');

/** Everything that the steps share. */
export interface World {
  readonly root: string;
  /** Temporary folder of this run: the checkout, logs, and what the emulator writes. */
  readonly folder: string;
  readonly logs: string;
  readonly checkout: Checkout;
  readonly emulator: Emulator;
  readonly issuer: Issuer;
  /** Speaks plain Redis on `port`, TLS on `tlsPort`. */
  readonly redis: RedisServer;
  readonly tlsPort: number;
  /** The first password of Redis. */
  readonly canary: string;
  /** Every password so far: whatever shows one has leaked it. */
  readonly secrets: string[];
  readonly pythonBin: string;
  /** What scripts are run with; nothing of it is secret. */
  readonly environment: Readonly<Record<string, string>>;
  readonly journal: string;
  /** Outputs of each deployed environment. */
  readonly outputs: Partial<Record<EnvironmentName, Readonly<Record<string, string>>>>;
  /** The deployed API of dev. Set by the step that deploys it. */
  api: Api | undefined;
  stop(): Promise<void>;
}

/** Variables that let nothing of the person's own configuration in. */
function baseEnvironment(folder: string): Record<string, string> {
  return {
    // The pinned Node, as npm's scripts have it anyhow, for the emulator's functions too.
    PATH: [join(ROOT, 'node_modules/.bin'), dirname(process.execPath), process.env.PATH ?? ''].join(':'),
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'tmp'),
    LANG: 'C.UTF-8',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: REGION,
    npm_config_update_notifier: 'false',
  };
}

export async function createWorld(): Promise<World> {
  const pythonBin = pythonEnvironment(ROOT);
  const folder = mkdtempSync(join(tmpdir(), 'medical-codes-e2e-'));
  for (const name of ['home', 'tmp', 'logs', 'authority', 'adaptation']) mkdirSync(join(folder, name));
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const item of started.reverse()) await item.stop();
    started.length = 0;
  };
  try {
    const canary = `canary-${randomBytes(12).toString('hex')}`;
    const authority = createAuthority(join(folder, 'authority'));
    const tlsPort = await freePort();
    const redis = await startRedisServer({
      password: canary,
      args: [
        ...['--tls-port', String(tlsPort), '--tls-auth-clients', 'no', '--tls-ca-cert-file', authority.ca],
        ...['--tls-cert-file', authority.certificate, '--tls-key-file', authority.key],
      ],
    });
    started.push(redis);
    const issuer = await startIssuer();
    started.push(issuer);
    const base = { ...baseEnvironment(folder), NODE_EXTRA_CA_CERTS: authority.ca };
    const logs = join(folder, 'logs');
    const emulator = await startEmulator(pythonBin, base, join(logs, 'emulator.log'));
    started.push(emulator);
    const adaptation = installAdaptation(ROOT, join(folder, 'adaptation'));
    const environment = { ...base, ...adaptation, AWS_ENDPOINT_URL: emulator.url };
    const journal = adaptation.E2E_JOURNAL ?? '';
    writeFileSync(journal, '');
    // The steps' own clients of the AWS SDK.
    Object.assign(process.env, { ...environment, PATH: process.env.PATH, HOME: process.env.HOME });
    const checkout = Checkout.create(ROOT, join(folder, 'checkout'), logs, environment);
    const parts = { root: ROOT, folder, logs, checkout, emulator, issuer, redis, tlsPort, canary, pythonBin };
    return { ...parts, environment, journal, outputs: {}, secrets: [canary], api: undefined, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Removes what the run wrote; kept after a failure, for whoever looks into it. */
export function discard(world: World): void {
  rmSync(world.folder, { recursive: true, force: true });
}

/** The API of dev, for steps after its deployment. */
export function deployedApi({ api }: World): Api {
  if (api === undefined) throw new Error('dev is not deployed yet');
  return api;
}
