export interface Partition {
  readonly topic: string;
  readonly partition: number;
}

export interface Assignment {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/** The next offset to read, by `topic/partition`. */
export type Offsets = ReadonlyMap<string, bigint>;

export const keyOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`;

export function partitionOf(key: string): Partition {
  const slash = key.lastIndexOf('/');
  return { topic: key.slice(0, slash), partition: Number(key.slice(slash + 1)) };
}

/** The partitions that a member of a consumer group owns, how far each is done, and how far that is committed. */
export class Ledger {
  readonly #done = new Map<string, bigint>();
  readonly #committed = new Map<string, bigint>();
  #owned: ReadonlyMap<string, Partition> = new Map();
  #generation = 0;

  /** Counts the times that partitions were given out. */
  get generation(): number {
    return this.#generation;
  }

  get owned(): readonly Partition[] {
    return [...this.#owned.values()];
  }

  /** Just after the last record that is done, for every owned partition that has been opened. */
  get done(): Offsets {
    return new Map(this.#done);
  }

  owns(key: string): boolean {
    return this.#owned.has(key);
  }

  /** The group gave out its partitions: forget those that went to others, keep our place in those that stay. */
  take(assignments: readonly Assignment[]): void {
    const all = assignments.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
    this.#owned = new Map(all.map((one) => [keyOf(one), one]));
    for (const key of this.#done.keys()) {
      if (this.#owned.has(key)) continue;
      this.#done.delete(key);
      this.#committed.delete(key);
    }
    this.#generation++;
  }

  /** Where to read on in a partition of which the group holds `committed`: never behind either place. */
  open(key: string, committed: bigint | undefined, begin: bigint): bigint {
    const own = this.#done.get(key);
    const offset = [committed, own].reduce<bigint | undefined>(
      (most, one) => (one !== undefined && (most === undefined || one > most) ? one : most),
      undefined,
    );
    if (this.#owned.has(key)) {
      this.#done.set(key, offset ?? begin);
      if (committed !== undefined || own === undefined) this.#committed.set(key, committed ?? begin);
    }
    return offset ?? begin;
  }

  next(key: string): bigint | undefined {
    return this.#done.get(key);
  }

  /** Ignored for a partition that went to another member in the meantime. */
  finish(key: string, next: bigint): void {
    if (this.#done.has(key)) this.#done.set(key, next);
  }

  commit(key: string, offset: bigint): void {
    if (this.#done.has(key)) this.#committed.set(key, offset);
  }

  /** What of `offsets` is not committed yet. */
  uncommitted(offsets: Offsets): [key: string, offset: bigint][] {
    return [...offsets].filter(([key, offset]) => this.#committed.get(key) !== offset);
  }

  get pending(): boolean {
    return this.uncommitted(this.#done).length > 0;
  }
}
