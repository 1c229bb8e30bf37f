/** An element that keeps what a reader of the page gets of it: its words, and what a press does. */
export class TextElement {
  onclick: (() => void) | undefined;
  className = '';
  readonly #children: (TextElement | string)[] = [];
  constructor(readonly tag: string) {}

  append(...children: (TextElement | string)[]): void {
    this.#children.push(...children);
  }

  setAttribute(): void {
    // Attributes say nothing in words.
  }

  get text(): string {
    return this.#children.map((child) => (typeof child === 'string' ? child : child.text)).join(' ');
  }

  /** The elements of a class, itself and below. */
  all(className: string): TextElement[] {
    const below = this.#children.flatMap((child) => (typeof child === 'string' ? [] : child.all(className)));
    return this.className.split(' ').includes(className) ? [this, ...below] : below;
  }

  /** Presses the first button with these words. */
  press(words: string): boolean {
    if (this.tag === 'button' && this.text === words) {
      this.onclick?.();
      return true;
    }
    return this.#children.some((child) => typeof child !== 'string' && child.press(words));
  }
}

/** As much of a browser's document as the page's cards are made with. */
export const textDocument = { createElement: (tag: string): TextElement => new TextElement(tag) };
