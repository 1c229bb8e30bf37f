import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MENDINGS, takeOut } from './mendings';

const ROOT = join(__dirname, '..', '..');

let tree: string;
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'medical-codes-mendings-'));
  cpSync(join(ROOT, 'lambda'), join(tree, 'lambda'), { recursive: true });
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

test.each(MENDINGS.map((mending) => [mending.name, mending] as const))(
  'the proof of the random sequences can take "%s" out of the product as it stands',
  (_name, mending) => {
    expect(() => takeOut(mending, tree)).not.toThrow();
  },
);
