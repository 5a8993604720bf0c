import type { Known } from './habit.ts';
import { leave } from './learn.ts';
import { namesInUse, User } from './user.ts';

const leastSweep = 2 ** 16;
/** Of too many users, one in so many is let go at a time. */
const share = 20;

/** Everybody who is known; bounded. */
export class Users {
  readonly #all: Map<string, User>;
  readonly #known: Known;
  readonly #most: number;
  #sweepAt = leastSweep;

  constructor(all: Map<string, User>, known: Known, most: number) {
    this.#all = all;
    this.#known = known;
    this.#most = most;
  }

  get size(): number {
    return this.#all.size;
  }

  find(name: string): User | undefined {
    return this.#all.get(name);
  }

  /** The user of a name, a new one where there is none. */
  enrol(name: string): User {
    const found = this.#all.get(name);
    if (found !== undefined) return found;
    if (this.#all.size >= this.#most) this.#letGo();
    const user = new User(name);
    this.#all.set(name, user);
    return user;
  }

  all(): Iterable<User> {
    return this.#all.values();
  }

  /** Forget the names that nobody holds any longer, when there are many. */
  sweep(): void {
    const { names } = this.#known;
    if (names.size <= this.#sweepAt) return;
    names.retain(namesInUse(this.#all.values()));
    this.#sweepAt = Math.max(leastSweep, 2 * names.size);
  }

  /** Forget those who were away the longest. */
  #letGo(): void {
    const longest = [...this.#all.values()].sort((a, b) => a.usedAt - b.usedAt);
    for (const user of longest.slice(0, Math.max(1, Math.floor(this.#most / share)))) {
      leave(user, this.#known.fleet);
      this.#all.delete(user.name);
    }
  }
}
