/** Characters of a line of source. */
const WIDTH = 100;

/** Phrases as the lines of an array, as `lambda/cache/phrases.ts` has them: joined, each phrase ends with a bar. */
export function listSource(phrases: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const phrase of phrases) {
    if (line !== '' && line.length + phrase.length > WIDTH) {
      lines.push(line);
      line = '';
    }
    line += `${phrase}|`;
  }
  if (line !== '') lines.push(line);
  return ['[', ...lines.map((each) => `  ${quoted(each)},`), ']'].join('\n');
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`;
}
