import { createRandom } from '../../algorithms/index.ts';
import type { Event, Score } from '../../event/index.ts';
import { callOf } from './call.ts';
import { groupOf, Strangest } from './strangest.ts';

const day = 86_400_000;
/** So many calls' values are kept; of more, a random sample. */
const mostCalls = 2 ** 20;
/** So many days of actors are open at a time, and so many are kept when they are over. */
const mostOpen = 2 ** 16;
const mostDays = 2 ** 18;
/** This share of the days, the first, is left out where the model knew nothing yet. */
const learning = 0.2;

interface Day {
  readonly date: number;
  readonly strangest: Strangest;
}

/**
 * What ordinary calls scored, each judged before it was learnt: one by one, and as days of an actor, which are made of
 * calls in the same way as the behaviour behind a finding is.
 */
export class Baseline {
  readonly #calls: number[] = [];
  #seen = 0;
  readonly #random = createRandom(1);
  readonly #open = new Map<string, Day>();
  readonly #over: { readonly date: number; readonly value: number }[] = [];
  #newest = Number.NEGATIVE_INFINITY;

  add(event: Event, score: Score): void {
    this.#sample(score.value);
    const { principal, session } = callOf(event);
    const date = Math.floor(event.time / day);
    if (date > this.#newest) this.#close(date - 1);
    const key = `${principal ?? ''}\0${session ?? ''}\0${date}`;
    let open = this.#open.get(key);
    if (open === undefined) {
      if (this.#open.size >= mostOpen) this.#close(Number.POSITIVE_INFINITY);
      open = { date, strangest: new Strangest() };
      this.#open.set(key, open);
    }
    open.strangest.add(groupOf(event, score), score.value);
  }

  /** Of every call, in no order. */
  calls(): Float64Array {
    return Float64Array.from(this.#calls);
  }

  /** Of every day of an actor, ascending; without the first fifth of the days where the model `began` with nothing. */
  days(began: boolean): Float64Array {
    this.#close(Number.POSITIVE_INFINITY);
    const dates = [...new Set(this.#over.map(({ date }) => date))].sort((a, b) => a - b);
    const from = began ? (dates[Math.floor(dates.length * learning)] ?? 0) : Number.NEGATIVE_INFINITY;
    const kept = this.#over.filter(({ date }) => date >= from);
    return Float64Array.from(kept, ({ value }) => value).sort();
  }

  #sample(value: number): void {
    this.#seen++;
    if (this.#calls.length < mostCalls) this.#calls.push(value);
    else {
      const at = this.#random.integer(this.#seen);
      if (at < mostCalls) this.#calls[at] = value;
    }
  }

  /** Days before a date are over. Records of one day may come a little later than the first of the next. */
  #close(before: number): void {
    if (before !== Number.POSITIVE_INFINITY) this.#newest = before + 1;
    for (const [key, { date, strangest }] of this.#open) {
      if (date >= before) continue;
      this.#open.delete(key);
      const value = strangest.value();
      if (value !== undefined && this.#over.length < mostDays) this.#over.push({ date, value });
    }
  }
}
