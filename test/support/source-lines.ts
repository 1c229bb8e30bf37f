/** A line of an ICD-10-CM order file. */
export function orderLine(code: string, flag: 0 | 1, long: string, short = long.slice(0, 60)): string {
  orderLine.count = (orderLine.count % 99_999) + 1;
  return `${String(orderLine.count).padStart(5, '0')} ${code.padEnd(7)} ${flag} ${short.padEnd(60)} ${long}\r\n`;
}
orderLine.count = 0;

/** A record of a HCPCS contractor file: the first line of a procedure. */
export function hcpcsLine(code: string, long: string, dates = '2001010120020202        N'): string {
  return (
    `${`${code}001003${long.padEnd(80)}${`short ${code}`.padEnd(28)}`.padEnd(268)}${dates}`.padEnd(320) +
    '\r\n'
  );
}
