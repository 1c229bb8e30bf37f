import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { layout } from '../../lambda/catalog/layout';
import type { ObjectStore } from '../../lambda/store/object-store';
import { openStore } from '../../lambda/store/open-store';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A directory with one small live release, written object by object. */
export class PublishedStore {
  readonly folder = mkdtempSync(join(tmpdir(), 'medical-codes-published-'));
  readonly store: ObjectStore = openStore(`file:${this.folder}`);
  readonly release = '2026.1';
  readonly #shards = ['A00', 'B01', 'C02', 'Z00'];

  static async publish(): Promise<PublishedStore> {
    const published = new PublishedStore();
    await published.#write();
    return published;
  }

  async #write(): Promise<void> {
    const objects: Record<string, { sha256: string; bytes: number }> = {};
    for (const category of this.#shards) {
      const record = {
        type: 'icd10',
        code: category,
        description: `Sample ${category}`,
        shortDescription: category,
        category,
        billable: true,
      };
      const bytes = gzipSync(JSON.stringify([record]));
      const key = layout.codes(this.release, 'icd10', category);
      await this.store.put(key, bytes);
      objects[key.slice(layout.release(this.release).length)] = {
        sha256: sha256(bytes),
        bytes: bytes.length,
      };
    }
    const total = this.#shards.length;
    const manifest = Buffer.from(
      JSON.stringify({
        release: this.release,
        createdAt: new Date().toISOString(),
        counts: { icd10: { total, billable: total, header: 0 } },
        crosswalkLinks: 0,
        codesWithNotes: 0,
        sources: [],
        objects,
      }),
    );
    await this.store.put(layout.manifest(this.release), manifest);
    const pointer = {
      release: this.release,
      manifestSha256: sha256(manifest),
      publishedAt: new Date().toISOString(),
    };
    await this.store.put(layout.pointer, Buffer.from(JSON.stringify(pointer)));
  }

  /** Flips a bit in every shard, as a bad disk would. */
  damageEveryShard(): void {
    for (const category of this.#shards) {
      const path = join(this.folder, layout.codes(this.release, 'icd10', category));
      const bytes = readFileSync(path);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(path, bytes);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
