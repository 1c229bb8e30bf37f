import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentVariables } from '../../../lib/config/environment-files';
import { ConfigError } from '../../../lib/config/config-error';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'environment-files-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
const read = (processVariables: Record<string, string> = {}) =>
  environmentVariables('dev', { directory, processVariables });

describe('variables of an environment', () => {
  it('are none, without a word, when nobody gave any', () => {
    expect(read()).toEqual({ variables: {}, warnings: [] });
  });

  it('come from the shell first, then from the file, then from the context of cdk.json', () => {
    write(
      '.env.dev',
      'REDIS_CONNECTION_STRING=redis://file\nBUCKET_PREFIX=file\nALARM_EMAIL=file@example.com\n',
    );
    write('cdk.json', JSON.stringify({ context: { dev: { redisConnectionString: 'redis://context' } } }));
    const { variables } = read({ BUCKET_PREFIX: 'shell', ALARM_EMAIL: '' });
    expect(variables).toEqual({
      REDIS_CONNECTION_STRING: 'redis://file',
      BUCKET_PREFIX: 'shell',
      ALARM_EMAIL: 'file@example.com',
    });
  });

  it('take the connection string from cdk.json only with a warning that does not repeat it', () => {
    write(
      'cdk.json',
      JSON.stringify({ context: { dev: { redisConnectionString: 'redis://:s3cret@host' } } }),
    );
    const { variables, warnings } = read();
    expect(variables).toEqual({ REDIS_CONNECTION_STRING: 'redis://:s3cret@host' });
    expect(warnings.join()).toMatch(/do not commit/);
    expect(warnings.join()).not.toContain('s3cret');
  });

  it('of another environment stay out', () => {
    write('.env.prod', 'BUCKET_PREFIX=prod\n');
    write('cdk.json', JSON.stringify({ context: { prod: { redisConnectionString: 'redis://prod' } } }));
    expect(read().variables).toEqual({});
  });

  it('count as not set when empty', () => {
    write('.env.dev', 'BUCKET_PREFIX=\nALARM_EMAIL="  "\n');
    expect(read().variables).toEqual({});
  });

  it('keep what is quoted whole', () => {
    write('.env.dev', "REDIS_CONNECTION_STRING='redis://u:a#b@host'\n");
    expect(read().variables.REDIS_CONNECTION_STRING).toBe('redis://u:a#b@host');
  });

  it('name a misspelt one, but leave those of other tools alone', () => {
    write('.env.dev', 'BUCKET_PERFIX=acme\nAWS_PROFILE=dev\nNODE_EXTRA_CA_CERTS=/ca.pem\n');
    expect(read().warnings).toEqual([expect.stringMatching(/^\.env\.dev: BUCKET_PERFIX .*\.env\.example/)]);
  });

  it.each([
    ['a list', { context: { dev: ['redis://:s3cret@h'] } }],
    ['a number', { context: { dev: { redisConnectionString: 5 } } }],
  ])('are refused in one line when cdk.json holds %s instead', (_, content) => {
    write('cdk.json', JSON.stringify(content));
    expect(() => read()).toThrow(ConfigError);
    expect(() => read()).toThrow(/^cdk\.json: [^\n]+; [^\n]+$/);
  });

  it('are refused without quoting the file when cdk.json is no JSON', () => {
    write('cdk.json', '{"context": {"dev": {"redisConnectionString": "redis://:s3cret@h"');
    expect(() => read()).toThrow(/^cdk\.json: is not JSON/);
    expect(() => read()).not.toThrow(/s3cret/);
  });

  it('are trimmed, wherever they come from', () => {
    write('.env.dev', "BUCKET_PREFIX=' acme'\n");
    expect(read({ ALARM_EMAIL: 'a@example.com ' }).variables).toEqual({
      BUCKET_PREFIX: 'acme',
      ALARM_EMAIL: 'a@example.com',
    });
  });

  it('of the file win over what a tool presumes, and those of the shell over the file', () => {
    write('.env.dev', 'CDK_DEFAULT_REGION=eu-central-1\nREPLICA_REGION=us-east-1\n');
    const presumed = { CDK_DEFAULT_REGION: 'us-east-1', CDK_DEFAULT_ACCOUNT: '111111111111' };
    const found = (processVariables: Record<string, string>) =>
      environmentVariables('dev', { directory, processVariables, presumed }).variables;
    expect(found({})).toEqual({
      CDK_DEFAULT_REGION: 'eu-central-1',
      CDK_DEFAULT_ACCOUNT: '111111111111',
      REPLICA_REGION: 'us-east-1',
    });
    expect(found({ CDK_DEFAULT_REGION: 'eu-west-1' })).toMatchObject({ CDK_DEFAULT_REGION: 'eu-west-1' });
  });
});
