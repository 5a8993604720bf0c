/** How many records of a source were of each type; those that are no event too. */
export interface Tallying {
  tally(): readonly { readonly type: string; readonly count: number }[];
}

/** Counts records by type, of which there must be few: none may come from the records' own text. */
export class Tally implements Tallying {
  readonly #counts = new Map<string, number>();

  add(type: string): void {
    this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
  }

  tally(): readonly { readonly type: string; readonly count: number }[] {
    return [...this.#counts].map(([type, count]) => ({ type, count })).sort((a, b) => b.count - a.count);
  }
}
