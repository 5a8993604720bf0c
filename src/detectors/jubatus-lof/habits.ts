import { type Login, placeOf, type Surrounding } from './login.ts';

/** Addresses and places of one user that are kept; of more, those not met for longest are forgotten. */
const mostSeen = 2_000;
/** Logins of the window that are kept: counts stand still beyond it. */
const mostRecent = 1_000;

interface Recent {
  readonly time: number;
  readonly place: string;
}

export interface HabitsState {
  readonly seen: readonly string[];
  readonly recent: readonly (readonly [time: number, place: string])[];
}

/** Where the logins of one user came from: ever, and within a window of time. Both bounded; times may jump back. */
export class Habits {
  readonly #window: number;
  readonly #seen = new Set<string>();
  #recent: Recent[] = [];

  /** `window` in milliseconds. */
  constructor(window: number, { seen, recent }: HabitsState = { seen: [], recent: [] }) {
    this.#window = window;
    for (const name of seen) this.#seen.add(name);
    this.#recent = recent.map(([time, place]) => ({ time, place }));
  }

  /** How a login at `time` stands among those told of. Pure. */
  around(login: Login, time: number): Surrounding {
    const places = new Set([placeOf(login)]);
    let logins = 1;
    for (const recent of this.#recent) {
      if (recent.time < time - this.#window || recent.time > time) continue;
      logins++;
      places.add(recent.place);
    }
    const first = namesOf(login).every((name) => !this.#seen.has(name));
    return { first, logins, locations: places.size };
  }

  /** A login happened; it counts in the window, whatever is thought of it. */
  count(login: Login, time: number): void {
    const oldest = time - this.#window;
    const [first] = this.#recent;
    this.#recent.push({ time, place: placeOf(login) });
    if (this.#recent.length > mostRecent || (first !== undefined && first.time < oldest)) {
      this.#recent = this.#recent.filter((recent) => recent.time >= oldest).slice(-mostRecent);
    }
  }

  /** The address and the place are known from now on. */
  remember(login: Login): void {
    for (const name of namesOf(login)) {
      this.#seen.delete(name);
      this.#seen.add(name);
    }
    for (const name of this.#seen) {
      if (this.#seen.size <= mostSeen) break;
      this.#seen.delete(name);
    }
  }

  save(): HabitsState {
    return { seen: [...this.#seen], recent: this.#recent.map(({ time, place }) => [time, place]) };
  }
}

function namesOf({ address, geoid }: Login): string[] {
  const names = geoid === undefined ? [] : [`geoid ${geoid}`];
  if (address !== undefined) names.push(address);
  return names;
}
