/** Words as numbers, so that who uses them holds numbers only. A number is used again once its word is dropped. */
export class Names {
  readonly #ids = new Map<string, number>();
  readonly #words: (string | undefined)[] = [];
  readonly #free: number[] = [];

  /** A word's number; -1 for one not known. */
  find(word: string): number {
    return this.#ids.get(word) ?? -1;
  }

  /** A word's number, a new one where it has none. */
  add(word: string): number {
    const known = this.#ids.get(word);
    if (known !== undefined) return known;
    const id = this.#free.pop() ?? this.#words.length;
    this.#words[id] = word;
    this.#ids.set(word, id);
    return id;
  }

  word(id: number): string | undefined {
    return this.#words[id];
  }

  get size(): number {
    return this.#ids.size;
  }

  /** Drop every word whose number is not among these. */
  retain(used: ReadonlySet<number>): void {
    for (const [word, id] of this.#ids) {
      if (used.has(id)) continue;
      this.#ids.delete(word);
      this.#words[id] = undefined;
      this.#free.push(id);
    }
  }

  save(): { readonly words: readonly (string | null)[]; readonly free: readonly number[] } {
    return { words: this.#words.map((word) => word ?? null), free: this.#free };
  }

  /** Throws RangeError when a number that is said to be free has a word. */
  static load(words: readonly (string | null)[], free: readonly number[]): Names {
    const names = new Names();
    for (const [id, word] of words.entries()) {
      names.#words[id] = word ?? undefined;
      if (word !== null) names.#ids.set(word, id);
    }
    for (const id of free) {
      if (words[id] !== null) throw new RangeError(`Name ${id} is not free.`);
      names.#free.push(id);
    }
    return names;
  }
}
