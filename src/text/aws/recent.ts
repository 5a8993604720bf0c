const window = 50_000;

/** Remembers the last texts that it was given: at least 50,000, at most twice as many. */
export class Recent {
  #older = new Set<string>();
  #newer = new Set<string>();

  /** Whether the text was not among them. It is now. */
  isNew(text: string): boolean {
    if (this.#newer.has(text)) return false;
    const known = this.#older.has(text);
    if (this.#newer.size >= window) {
      this.#older = this.#newer;
      this.#newer = new Set();
    }
    this.#newer.add(text);
    return !known;
  }
}
