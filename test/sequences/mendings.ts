import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A change that takes something out of the product again. */
interface Undoing {
  readonly file: string;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

/** Something that keeps answers right, and what the product would be without it. */
export interface Mending {
  readonly name: string;
  /** What went wrong before it. */
  readonly against: string;
  readonly undoing: readonly Undoing[];
}

/** Those that random sequences are to miss when they are gone. */
export const MENDINGS: readonly Mending[] = [
  {
    name: 'overtaken',
    against: 'two publishers: the slower one marks its release over the live one',
    undoing: [
      {
        file: 'lambda/cache/invalidate.ts',
        from: '      if (!(await stillLive())) return false;\n',
        to: '      await stillLive();\n',
      },
    ],
  },
  {
    name: 'told-in-full',
    against: 'a publish cut off: what it did not remove is believed',
    undoing: [
      {
        file: 'lambda/cache/generation.ts',
        from: '(told && recent.includes(stamp))',
        to: 'recent.includes(stamp)',
      },
    ],
  },
  {
    name: 'all-former-releases',
    against: 'a publish after a cut one compares with the release before it only',
    undoing: [
      {
        file: 'lambda/catalog/publish/publish-plan.ts',
        from: 'recent.slice(Math.max(0, since))',
        to: 'recent.slice(-1)',
      },
    ],
  },
  {
    name: 'untold-cache',
    against: 'a publish that told no cache: a reader that learns of it believes what is cached',
    undoing: [
      {
        file: 'lambda/cache/release-mark.ts',
        from: 'if told == ARGV[4] then',
        to: 'if true then',
      },
    ],
  },
  {
    name: 'restored-release',
    against: 'a restore or a migration brings values of another release in',
    undoing: [
      {
        file: 'lambda/snapshot/restore-batch.ts',
        from: 'if (ofRelease !== undefined) return ofRelease;',
        to: '',
      },
    ],
  },
  {
    name: 'replica-told',
    against: 'a replica that missed a publish is read while the primary is out',
    undoing: [
      {
        file: 'lambda/cache/standby.ts',
        from: 'told: text === String(live.stamp)',
        to: 'told: true',
      },
    ],
  },
  {
    name: 'same-connection',
    against: 'a replica that missed a publish takes over between two looks at the release',
    undoing: [
      {
        file: 'lambda/cache/generation.ts',
        from: 'generation.told && generation.over !== over',
        to: 'false',
      },
    ],
  },
  {
    name: 'unique-marks',
    against: 'values in memory come back to life under a mark that was used before',
    undoing: [
      {
        file: 'lambda/cache/release-mark.ts',
        from: "randomBytes(9).toString('base64url')",
        to: "'the mark'",
      },
    ],
  },
  {
    name: 'clock-set-back',
    against: 'a clock set back: memory answers for as long as it is behind',
    undoing: [
      {
        file: 'lambda/cache/release-watch.ts',
        from: 'age >= 0 && age < RELEASE_CHECK_MS',
        to: 'age < RELEASE_CHECK_MS',
      },
    ],
  },
  {
    name: 'checksum',
    against: 'values of other keys, and damaged ones, are believed',
    undoing: [
      {
        file: 'lambda/cache/frames.ts',
        from: 'checksum(key, frame) !== frame.readUInt32LE(1)',
        to: 'false',
      },
    ],
  },
  {
    name: 'expiry-of-marks',
    against: 'a former release key without expiry is believed for ever',
    undoing: [
      {
        file: 'lambda/cache/release-mark.ts',
        from: 'if (expiresAt <= now) return undefined;',
        to: '',
      },
    ],
  },
  {
    name: 'hot-lists',
    against: "teams' lists keep codes and wordings of a former release",
    undoing: [
      {
        file: 'lambda/catalog/publish/publish-plan.ts',
        from: 'if (former.length > 0) for (const teamId',
        to: 'if (false) for (const teamId',
      },
    ],
  },
  {
    name: 'leases-dropped',
    against: 'what was loaded before a publish is written after it',
    undoing: [
      {
        file: 'lambda/cache/invalidate.ts',
        from: 'client.unlink(batch.map(keys.lease)), client.unlink([...batch])',
        to: 'client.exists(batch.map(keys.lease)), client.unlink([...batch])',
      },
    ],
  },
  {
    name: 'one-server',
    against:
      'the primary dies while a publish removes keys, and a copy that holds them is told to be believed',
    undoing: [
      {
        file: 'lambda/catalog/publish/publish-release.ts',
        from: 'if ((await cache.server()) === server) return',
        to: 'if (true) return',
      },
    ],
  },
];

/**
 * Takes a mending out of a tree.
 * @throws where it does not stand there as the list has it
 */
export function takeOut({ name, undoing }: Mending, tree: string): void {
  for (const { file, from, to } of undoing) {
    const path = join(tree, file);
    const [before, after, ...more] = readFileSync(path, 'utf8').split(from);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${name}: ${file} does not say exactly once: ${from}`);
    }
    writeFileSync(path, before + to + after);
  }
}
