/** The `code` of a Node system error. */
export function errorCode(error: unknown): string | undefined {
  // Not instanceof: a test runner's realm has an Error of its own.
  const coded = typeof error === 'object' && error !== null && 'code' in error;
  return coded && typeof error.code === 'string' ? error.code : undefined;
}
