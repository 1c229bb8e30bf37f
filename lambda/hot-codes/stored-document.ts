import { layout } from '../catalog/layout';
import { SourceUnavailable } from '../names/errors';
import { parseJson } from '../store/json-objects';
import type { ReadableStore } from '../store/object-store';
import { type HotCodes, type HotCodesDocument, hotCodesDocumentSchema, listOf } from './hot-codes-document';

/** A team's document and the version of it that was read, for a conditional write. */
export interface StoredDocument {
  readonly document: HotCodesDocument;
  readonly etag: string;
}

/**
 * A team's stored document, or undefined when there is none.
 * @throws SourceUnavailable when the store cannot answer, or what it holds is no document of this team
 */
export async function readHotCodesDocument(
  store: ReadableStore,
  teamId: string,
): Promise<StoredDocument | undefined> {
  const key = layout.hotCodes(teamId);
  const stored = await store.getWithETag(key);
  if (stored === undefined) return undefined;
  try {
    const document = hotCodesDocumentSchema.parse(parseJson(stored.body));
    if (document.teamId === teamId) return { document, etag: stored.etag };
  } catch (cause) {
    throw notAList(key, teamId, { cause });
  }
  throw notAList(key, teamId);
}

/** A team's ranked list, or undefined when there is none. @throws SourceUnavailable, as above */
export async function readHotCodes(store: ReadableStore, teamId: string): Promise<HotCodes | undefined> {
  const stored = await readHotCodesDocument(store, teamId);
  return stored && listOf(stored.document);
}

/** Starting over would throw a team's history away for good; a person should look first. */
function notAList(key: string, teamId: string, options?: ErrorOptions): SourceUnavailable {
  return new SourceUnavailable(
    `${key} is not a list of hot codes of team ${teamId}; restore its previous version.`,
    options,
  );
}
