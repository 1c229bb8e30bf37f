import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One line of an order file, read here in a way of its own so that the importer's mistakes would show. */
export interface OrderFileCode {
  code: string;
  billable: boolean;
  shortDescription: string;
  description: string;
}

/** The official file's codes in its own order. */
export function orderFileCodes(path: string): OrderFileCode[] {
  return gunzipSync(readFileSync(path))
    .toString('latin1')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const bare = line.slice(6, 13).trim();
      return {
        code: bare.length > 3 ? `${bare.slice(0, 3)}.${bare.slice(3)}` : bare,
        billable: line[14] === '1',
        shortDescription: line.slice(16, 76).trim(),
        description: line.slice(77).trim(),
      };
    });
}

/** What may change of a code between two order files; `unknown` for a code that a release does not hold. */
export function valueOf(code: Omit<OrderFileCode, 'code'> | undefined): string {
  if (code === undefined) return 'unknown';
  return JSON.stringify([code.billable, code.shortDescription, code.description]);
}
