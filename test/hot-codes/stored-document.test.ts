import { readHotCodes } from '../../lambda/hot-codes/stored-document';
import { SourceUnavailable } from '../../lambda/names/errors';
import { SmallCatalog } from '../support/small-catalog';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

const list = {
  teamId: 'demo',
  generatedAt: '2026-01-01T00:00:00.000Z',
  codes: [{ rank: 1, type: 'cpt', code: '99213', shortDescription: 'x', uses: 3 }],
};

test('a team’s list is read as it was stored; a team without one has none', async () => {
  await space.store.put('teams/demo/hot-codes.json', Buffer.from(JSON.stringify(list)));
  expect(await readHotCodes(space.store, 'demo')).toEqual(list);
  expect(await readHotCodes(space.store, 'other')).toBeUndefined();
});

test.each([
  ['cut off', '{"teamId":"demo"'],
  ['of another shape', '{"teamId":"demo"}'],
  ['of another team', JSON.stringify({ ...list, teamId: 'other' })],
])('a list that is %s is unavailability, never an answer', async (_what, content) => {
  await space.store.put('teams/demo/hot-codes.json', Buffer.from(content));
  await expect(readHotCodes(space.store, 'demo')).rejects.toThrow(SourceUnavailable);
});
