/** Who answers questions in a contest. */
export interface Contestant {
  /** One code; whether it came from where the row wants it. */
  one(code: string): Promise<boolean>;
  /** Many codes in one question. */
  many(codes: readonly string[]): Promise<boolean>;
  /** The long description, to prove that contestants answer the same. */
  description(code: string): Promise<string | undefined>;
}
