/**
 * Redis's glob patterns (`*`, `?`, `[abc]`, `[^a]`, `[a-z]`, `\` escapes) over a key's bytes, for keys that
 * come out of a backup rather than a server.
 */
export function globMatcher(pattern: string): (key: Buffer) => boolean {
  const expression = new RegExp(`^${regexSource(Buffer.from(pattern).toString('latin1'))}$`, 's');
  return (key) => expression.test(key.toString('latin1'));
}

/** Matches when any pattern does; every key when there is none. */
export function anyGlob(patterns: readonly string[]): (key: Buffer) => boolean {
  if (patterns.length === 0) return () => true;
  const matchers = patterns.map(globMatcher);
  return (key) => matchers.some((matches) => matches(key));
}

const literal = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function regexSource(pattern: string): string {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === '*') source += '.*';
    else if (char === '?') source += '.';
    else if (char === '\\' && at + 1 < pattern.length) source += literal(pattern.charAt(++at));
    else if (char === '[') {
      const set = characterClass(pattern, at + 1);
      source += set.source;
      at = set.end;
    } else source += literal(char);
  }
  return source;
}

/** A class from just after its `[`; as in Redis, a missing `]` ends it with the pattern. */
function characterClass(pattern: string, start: number): { source: string; end: number } {
  let at = start;
  const negated = pattern.charAt(at) === '^';
  if (negated) at += 1;
  let members = '';
  for (; at < pattern.length && pattern.charAt(at) !== ']'; at += 1) {
    if (pattern.charAt(at) === '\\' && at + 1 < pattern.length) members += literal(pattern.charAt(++at));
    else if (pattern.charAt(at + 1) === '-' && at + 2 < pattern.length) {
      const ends = [pattern.charAt(at), pattern.charAt(at + 2)].sort();
      members += ends.map(literal).join('-');
      at += 2;
    } else members += literal(pattern.charAt(at));
  }
  if (members === '') return { source: negated ? '.' : '(?!)', end: at };
  return { source: `[${negated ? '^' : ''}${members}]`, end: at };
}
