/** Collects an option that may be given several times, for `.option(…, …, repeated)`. */
export function repeated(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
