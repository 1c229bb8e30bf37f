import { Duration, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { MedicalFunction } from '../../../lib/functions/medical-function';
import { environmentConfig } from '../../../lib/config/environments';
import { app } from '../synthesis';

function synthesize(settings: Record<string, string>): void {
  const it = app();
  const stack = new Stack(it, 'Stack');
  new MedicalFunction(stack, 'Lookup', {
    name: 'lookup',
    config: environmentConfig('dev', {}),
    memoryMb: 128,
    timeout: Duration.seconds(3),
    settings,
    permissions: [],
    logKey: new Key(stack, 'Key'),
  });
  it.synth();
}

describe('the settings of a function', () => {
  it('are those that handlers read', () => {
    expect(() => synthesize({ CATALOG_STORE: 's3://bucket' })).not.toThrow();
  });

  it('stop the synthesis when one is misspelt', () => {
    expect(() => synthesize({ CATALOGUE_STORE: 's3://bucket' })).toThrow(
      /no handler reads a setting named CATALOGUE_STORE/,
    );
  });

  it('stop the synthesis when one holds a connection string, without repeating it', () => {
    const attempt = () => synthesize({ REDIS_SECRET_ARN: 'rediss://default:CANARY@host:6379' });
    expect(attempt).toThrow(/REDIS_SECRET_ARN holds a connection string/);
    expect(attempt).not.toThrow(/CANARY/);
  });
});
