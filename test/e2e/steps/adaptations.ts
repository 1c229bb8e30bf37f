import { deepEqual } from 'node:assert/strict';
import { readJournal } from '../adaptation/adapted-copy';
import { ADAPTATIONS, OBJECT_LOCK, ROTATE_SECRET } from '../adaptation/adaptations';
import type { Step } from '../step';

export const adaptations: Step = {
  title: 'the emulator needed exactly the listed adaptations',
  run({ journal }) {
    const entries = readJournal(journal);
    const used = [...new Set(entries.map(({ name }) => name))].sort();
    const listed = [...ADAPTATIONS, OBJECT_LOCK, ROTATE_SECRET];
    deepEqual(used, listed.map(({ name }) => name).sort());
    const lines = listed.map(({ name, why }) => {
      const ids = new Set(entries.filter((entry) => entry.name === name).flatMap((entry) => entry.ids));
      return `${name}: ${why}: ${[...ids].sort().join(', ')}`;
    });
    return Promise.resolve(lines.join('\n'));
  },
};
