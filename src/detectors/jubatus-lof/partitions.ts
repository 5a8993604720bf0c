import type { NumberArray } from '../../io/model-file.ts';
import { Habits, type HabitsState } from './habits.ts';
import { JubatusAnomaly, type JubatusState } from './jubatus-anomaly.ts';
import type { Setup } from './setup.ts';

/** A model for one value of a field, such as for one user. */
export interface Partition {
  readonly anomaly: JubatusAnomaly;
  readonly habits: Habits;
  /** Logins learnt, of which those that are there often enough made no row. */
  learnt: number;
}

interface PartitionState extends JubatusState {
  readonly key: string;
  readonly learnt: number;
  readonly habits: HabitsState;
}

export interface PartitionsOptions {
  readonly setup: Setup;
  /** The window of `Habits`, in milliseconds. */
  readonly window: number;
  readonly most: number;
}

/** Models by key; of more than `most` the one not met for longest goes, with all it holds. */
export class Partitions {
  readonly #options: PartitionsOptions;
  /** The one met last stands last. */
  readonly #known = new Map<string, Partition>();

  constructor(options: PartitionsOptions, states: readonly PartitionState[] = []) {
    this.#options = options;
    for (const { key, learnt, habits, ...rest } of states) {
      const anomaly = new JubatusAnomaly(options.setup, {}, rest);
      this.#known.set(key, { anomaly, habits: new Habits(options.window, habits), learnt });
    }
  }

  get size(): number {
    return this.#known.size;
  }

  all(): IterableIterator<Partition> {
    return this.#known.values();
  }

  find(key: string): Partition | undefined {
    return this.#known.get(key);
  }

  /** The partition, made where there is none. */
  meet(key: string): Partition {
    const { setup, window, most } = this.#options;
    const known = this.#known.get(key);
    this.#known.delete(key);
    const partition = known ?? { anomaly: new JubatusAnomaly(setup), habits: new Habits(window), learnt: 0 };
    this.#known.set(key, partition);
    if (this.#known.size > most) this.#known.delete(this.#known.keys().next().value as string);
    return partition;
  }

  /** A list for the header of a model file, and arrays whose names begin with a partition's place in it. */
  save(): { readonly list: readonly object[]; readonly arrays: Record<string, NumberArray> } {
    const arrays: Record<string, NumberArray> = {};
    const list = [...this.#known].map(([key, { anomaly, habits, learnt }], index) => {
      const state = anomaly.state();
      for (const [name, array] of Object.entries(state.arrays)) arrays[`${index}/${name}`] = array;
      return { key, learnt, habits: habits.save(), header: state.header };
    });
    return { list, arrays };
  }
}

export type PartitionsState = readonly PartitionState[];
