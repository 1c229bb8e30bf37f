/** Bytes of a megabyte, as Redis and its plans count them. */
export const MEGABYTE = 1_048_576;
