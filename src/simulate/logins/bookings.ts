import type { Random } from '../../algorithms/random.ts';
import type { Person } from './people.ts';
import { shuffled } from './world.ts';

/** Who is spoken for on which days, so that one thing happens to a person at a time. */
export class Bookings {
  readonly #taken = new Map<Person, [from: number, to: number][]>();

  isFree(person: Person, from: number, to: number): boolean {
    return !this.#taken.get(person)?.some(([first, last]) => from <= last && first <= to);
  }

  take(person: Person, from: number, to: number): void {
    const taken = this.#taken.get(person);
    if (taken === undefined) this.#taken.set(person, [[from, to]]);
    else taken.push([from, to]);
  }

  /**
   * One of the people with a first day between `earliest` and `latest` from when they are free for `length` days; taken
   * at once, with `before` days ahead of it. Undefined when nobody is.
   */
  find(
    people: readonly Person[],
    range: { readonly earliest: number; readonly latest: number; readonly length: number; readonly before?: number },
    random: Random,
    fits: (person: Person, day: number) => boolean = () => true,
  ): { readonly person: Person; readonly day: number } | undefined {
    const { earliest, latest, length, before = 0 } = range;
    const days = Array.from({ length: Math.max(0, latest - earliest + 1) }, (_, i) => earliest + i);
    // A few of many do, mostly; of these, those with least on their minds first.
    const few = people.length > 64 ? Array.from({ length: 32 }, () => random.pick(people)) : [];
    const byCount = (a: Person, b: Person): number => this.#count(a) - this.#count(b);
    for (const person of lazily(few.sort(byCount), () => shuffled(people, random).sort(byCount))) {
      for (const day of shuffled(days, random)) {
        if (!this.isFree(person, day - before, day + length - 1) || !fits(person, day)) continue;
        this.take(person, day - before, day + length - 1);
        return { person, day };
      }
    }
    return undefined;
  }

  #count(person: Person): number {
    return this.#taken.get(person)?.length ?? 0;
  }
}

function* lazily<T>(first: readonly T[], then: () => readonly T[]): Generator<T> {
  yield* first;
  yield* then();
}
