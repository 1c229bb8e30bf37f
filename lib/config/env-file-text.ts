import { isUtf8 } from 'node:buffer';
import { parse } from 'dotenv';
import { ConfigError } from './config-error';

const ASSIGNMENT = /^\s*(?:export\s+)?(?<name>[A-Za-z_][\w.-]*)\s*=(?<value>.*)$/;
/** A whole line that says nothing, or what may stand behind a quoted value. */
const BLANK_OR_COMMENT = /^\s*(#.*)?$/;
const QUOTES = ["'", '"', '`'];
const LINE_FEED = 0x0a;
const UTF_16_MARKS = ['\xFF\xFE', '\xFE\xFF'];
const BYTE_ORDER_MARK = '\uFEFF';
/** What stands for bytes that are no UTF-8. */
const REPLACEMENT = '\uFFFD';

/**
 * Variables of a `.env` file. dotenv skips in silence what it cannot read and cuts an unquoted value at its `#`;
 * here every line is blank, a comment or an assignment that means what it seems to, or the file is refused.
 * @param fileName for the message
 * @throws ConfigError naming the line, never quoting it: a secret may stand there
 */
export function parseEnvFile(bytes: Buffer, fileName: string): Record<string, string> {
  const text = decoded(bytes, fileName);
  const lines = text.split(/\r\n|\r|\n/);
  let next = 0;
  while (next < lines.length) {
    const line = lines[next] ?? '';
    next = BLANK_OR_COMMENT.test(line) ? next + 1 : assignmentEnd(lines, next, fileName);
  }
  return parse(text);
}

/** Index of the line after the assignment that begins at `start`; a quoted value may go over several. */
function assignmentEnd(lines: readonly string[], start: number, fileName: string): number {
  const refuse = (problem: string, remedy: string): never => {
    throw new ConfigError(fileName, `line ${start + 1} ${problem}`, remedy);
  };
  const { name = '', value = '' } = ASSIGNMENT.exec(lines[start] ?? '')?.groups ?? {};
  if (name === '') return refuse('is no assignment', 'write NAME=value, or # before a remark');
  const quote = QUOTES.find((mark) => value.trimStart().startsWith(mark));
  if (quote === undefined) {
    if (/(?:^|\S)#/.test(value)) return refuse(`has a # inside ${name}`, 'put the value in single quotes');
    return start + 1;
  }
  const rest = [value.trimStart().slice(1), ...lines.slice(start + 1)];
  const last = rest.findIndex((line) => closingQuote(line, quote) >= 0);
  if (last < 0) return refuse(`opens a quote for ${name} that nothing closes`, 'close it');
  const closing = rest[last] ?? '';
  if (!BLANK_OR_COMMENT.test(closing.slice(closingQuote(closing, quote) + 1))) {
    return refuse(`goes on behind the quoted value of ${name}`, 'use other quotes around the whole value');
  }
  return start + last + 1;
}

/** Where a line ends a quoted value: at the quote that no backslash escapes; -1 where it does not. */
function closingQuote(line: string, quote: string): number {
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '\\' && line[at + 1] === quote) at += 1;
    else if (line[at] === quote) return at;
  }
  return -1;
}

/** As UTF-8, without the mark that some editors put first. Editors on Windows may also save UTF-16. */
function decoded(bytes: Buffer, fileName: string): string {
  const refuse = (end: number, problem: string): never => {
    const line = bytes.subarray(0, end).filter((byte) => byte === LINE_FEED).length + 1;
    throw new ConfigError(fileName, `line ${line} ${problem}`, 'save the file as UTF-8');
  };
  if (UTF_16_MARKS.includes(bytes.toString('latin1', 0, 2))) return refuse(0, 'begins as UTF-16 does');
  if (bytes.includes(0)) return refuse(bytes.indexOf(0), 'holds a byte that no text has');
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) {
    const sound = text.slice(0, text.indexOf(REPLACEMENT));
    return refuse(Buffer.byteLength(sound), 'is not UTF-8');
  }
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
