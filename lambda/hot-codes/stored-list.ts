import { type HotCodes, hotCodesSchema } from '../codes/record';
import { SourceUnavailable } from '../names/errors';
import { layout } from '../catalog/layout';
import { parseJson } from '../store/json-objects';
import type { ObjectStore } from '../store/object-store';

/**
 * A team's stored list of most used codes, or undefined when there is none.
 * @throws SourceUnavailable when the store cannot answer, or what it holds is no list of this team
 */
export async function readHotCodes(store: ObjectStore, teamId: string): Promise<HotCodes | undefined> {
  const key = layout.hotCodes(teamId);
  const bytes = await store.get(key);
  if (bytes === undefined) return undefined;
  let value: unknown;
  try {
    value = parseJson(bytes);
  } catch (error) {
    throw new SourceUnavailable(`${key} is not JSON.`, { cause: error });
  }
  const parsed = hotCodesSchema.safeParse(value);
  if (parsed.success && parsed.data.teamId === teamId) return parsed.data;
  throw new SourceUnavailable(`${key} is not a list of hot codes of team ${teamId}.`);
}
