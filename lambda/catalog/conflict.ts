/** A catalog operation that the state of the store forbids; the message says what to do instead. */
export class CatalogConflict extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CatalogConflict';
  }
}
