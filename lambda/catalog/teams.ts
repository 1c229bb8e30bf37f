import type { ObjectStore } from '../store/object-store';
import { layout } from './layout';

/** Ids of all teams that have a list. */
export async function teamsOf(store: Pick<ObjectStore, 'list'>): Promise<string[]> {
  const teams: string[] = [];
  for await (const { key } of store.list(layout.teams)) {
    const teamId = key.slice(layout.teams.length).split('/')[0] ?? '';
    if (key === layout.hotCodes(teamId)) teams.push(teamId);
  }
  return teams;
}
