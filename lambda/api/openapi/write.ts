import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from './document';

/** Where the document is committed; the app answers this file. */
export const OPENAPI_FILE = join(__dirname, '..', 'openapi.json');

/** The document's text as it is committed. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}

/** Regenerates the committed document; part of `npm run build`. */
export function writeOpenApi(): void {
  writeFileSync(OPENAPI_FILE, openApiText());
}
