import type { Login, Surrounding } from './login.ts';

/** A login that is not learnt yet. */
export interface Held {
  readonly event: string;
  /** Whose model would learn it. */
  readonly key: string;
  readonly login: Login;
  readonly surrounding: Surrounding;
  /** By the clock of `Quarantine`. */
  readonly since: number;
}

const day = 86_400_000;
/** Of more than these the oldest are dropped, not learnt. */
const most = 10_000;

export interface QuarantineState {
  readonly clock: number;
  readonly latest: number | null;
  readonly held: readonly Held[];
}

/** Logins kept apart until a person has spoken or they are old enough. Bounded. */
export class Quarantine {
  readonly #age: number;
  /** Milliseconds that have passed. */
  #clock: number;
  /** The time of the last event. */
  #latest: number | undefined;
  readonly #held = new Map<string, Held>();

  /** `age` in milliseconds; Infinity: nothing is let out by its age. */
  constructor(age: number, { clock, latest, held }: QuarantineState = { clock: 0, latest: null, held: [] }) {
    this.#age = age;
    this.#clock = clock;
    this.#latest = latest ?? undefined;
    for (const each of held) this.#held.set(each.event, each);
  }

  get size(): number {
    return this.#held.size;
  }

  add(held: Omit<Held, 'since'>): void {
    this.#held.delete(held.event);
    this.#held.set(held.event, { ...held, since: this.#clock });
    if (this.#held.size > most) this.#held.delete(this.#held.keys().next().value as string);
  }

  /** Take one out by its event's id. */
  take(event: string): Held | undefined {
    const held = this.#held.get(event);
    this.#held.delete(event);
    return held;
  }

  /**
   * Time goes on; what is old enough now comes out, oldest first. From one event to the next at most a day passes: a forged
   * time lets nothing out.
   */
  advance(time: number): Held[] {
    this.#clock += Math.min(day, Math.max(0, time - (this.#latest ?? time)));
    this.#latest = time;
    const old: Held[] = [];
    for (const held of this.#held.values()) {
      if (this.#clock - held.since < this.#age) break;
      old.push(held);
    }
    for (const { event } of old) this.#held.delete(event);
    return old;
  }

  /** What is held, oldest first, with the time at which it came: less certain where days without a login lie between. */
  *all(): Generator<Held & { readonly time: number }> {
    for (const held of this.#held.values()) yield { ...held, time: (this.#latest ?? 0) - (this.#clock - held.since) };
  }

  save(): QuarantineState {
    return { clock: this.#clock, latest: this.#latest ?? null, held: [...this.#held.values()] };
  }
}
