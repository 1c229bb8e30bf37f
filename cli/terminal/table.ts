/**
 * Rows as aligned columns for a terminal; numbers, the columns named in `right`, line up at the right.
 * @param header column titles, or undefined for none
 */
export function table(
  header: readonly string[] | undefined,
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const all = header === undefined ? rows : [header, ...rows];
  const columns = Math.max(0, ...all.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...all.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? '';
        return right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const lines = header === undefined ? rows.map(line) : [line(header), rule, ...rows.map(line)];
  return lines.join('\n');
}

/** Bytes for people: `512 B`, `3.4 KB`, `17.8 MB` (1 KB = 1,024 bytes). */
export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = '';
  for (const each of units) {
    value /= 1_024;
    unit = each;
    if (value < 1_024) break;
  }
  return `${value.toFixed(1)} ${unit}`;
}
