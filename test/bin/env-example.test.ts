import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { environmentConfig } from '../../lib/config/environments';
import { VARIABLE_NAMES } from '../../lib/config/variables';

const text = readFileSync(join(__dirname, '../../.env.example'), 'utf8');
const documented = [...text.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$/gm)];

describe('.env.example', () => {
  it('documents exactly the variables that a deployment knows, each once', () => {
    expect(documented.map(([, name]) => name).sort()).toEqual([...VARIABLE_NAMES].sort());
  });

  it('says what each is for in a comment above it', () => {
    const blocks = text.split(/\n\s*\n/);
    for (const [line] of documented) {
      const block = blocks.find((part) => part.includes(line)) ?? '';
      const comment = block
        .split('\n')
        .filter((each) => each.startsWith('# ') && !/^# [A-Z0-9_]+=/.test(each));
      expect(comment.length).toBeGreaterThan(0);
    }
  });

  it('shows values that a deployment takes, in each environment', () => {
    const examples = documented.map(([, name, value]) => `${name}=${value}`).join('\n');
    for (const environment of ['dev', 'staging', 'prod'] as const) {
      expect(() =>
        environmentConfig(environment, { ...parse(examples), ROTATION_STRATEGY: 'acl' }),
      ).not.toThrow();
    }
  });

  it('turns nothing on by itself: all but the connection string is commented out', () => {
    expect(Object.keys(parse(text))).toEqual(['REDIS_CONNECTION_STRING']);
  });
});
