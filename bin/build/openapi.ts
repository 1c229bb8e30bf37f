import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '../../lambda/api/rest/openapi/document';

/** Committed, so that the deployed document can be read and compared without building anything. */
export const OPENAPI_PATH = 'docs/openapi.json';

/** Writes the API's description, generated from the schemas that the handlers parse with. */
export function writeOpenApi(root: string): string {
  writeFileSync(join(root, OPENAPI_PATH), `${JSON.stringify(openApiDocument(), null, 2)}\n`);
  return OPENAPI_PATH;
}
