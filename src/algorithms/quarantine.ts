/** What can be held: times in milliseconds. */
interface Held {
  readonly id: string;
  readonly time: number;
}

/** So many are held of one owner, and of all together; the oldest go. */
const mostOfOwner = 64;
const mostOfAll = 16_384;

/** Things that wait for a person's word, or for their age, before they are learnt. Bounded. */
export class Quarantine<Item extends Held> {
  /** In the order in which they came. */
  readonly #held = new Map<string, Item>();
  readonly #ofOwner = new Map<string, Set<string>>();
  readonly #owner: (item: Item) => string;

  /** @param owner whose it is, so that nobody's things push out all others'. */
  constructor(owner: (item: Item) => string) {
    this.#owner = owner;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Whether nothing of an owner can be added unless something goes. */
  isFull(owner: string): boolean {
    return this.#held.size >= mostOfAll || (this.#ofOwner.get(owner)?.size ?? 0) >= mostOfOwner;
  }

  add(item: Item): void {
    this.take(item.id);
    const owner = this.#owner(item);
    const own = this.#ofOwner.get(owner) ?? new Set();
    if (own.size >= mostOfOwner) this.#takeFirst(own);
    if (this.#held.size >= mostOfAll) this.#takeFirst(this.#held.keys());
    this.#held.set(item.id, item);
    this.#ofOwner.set(owner, own.add(item.id));
  }

  /** Remove and return what has an id. */
  take(id: string): Item | undefined {
    const item = this.#held.get(id);
    if (item === undefined) return undefined;
    this.#held.delete(id);
    const owner = this.#owner(item);
    const own = this.#ofOwner.get(owner);
    own?.delete(id);
    if (own?.size === 0) this.#ofOwner.delete(owner);
    return item;
  }

  /** The one held longest that is not dated after a time, when it is older than `age` then; it is held no longer. */
  due(time: number, age: number): Item | undefined {
    if (this.#held.size === 0) return undefined;
    // What a wrong clock dated far ahead must not keep in all that came after it.
    for (const item of this.#held.values())
      if (item.time <= time) return time - item.time > age ? this.take(item.id) : undefined;
    return undefined;
  }

  all(): Iterable<Item> {
    return this.#held.values();
  }

  #takeFirst(ids: Iterable<string>): void {
    for (const id of ids) {
      this.take(id);
      return;
    }
  }
}
