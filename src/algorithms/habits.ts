import { DecayedBag } from './decayed-bag.ts';
import { later } from './later.ts';
import { newnessOf } from './newness.ts';
import { WeekRhythm } from './week-rhythm.ts';

/** Habits fade in steps of this share of their half-life. */
const steps = 64;
/** What weighs less is forgotten. */
const least = 0.02;
/** That something never happened is remembered so many times as long as what did. */
const memory = 4;

/** Told of a value, and of its entry, that is about to be forgotten. */
export type Forgotten = (dimension: number, value: number, entry: number) => void;

/**
 * What is known of how somebody does things: values by dimension, hours of the week, and sums, all of which fade. Times
 * are in milliseconds and may jump back.
 */
export class Habits {
  /** By dimension. */
  readonly bags: DecayedBag[] = [];
  readonly rhythm = new WeekRhythm();
  readonly sums: number[];
  /** Lengths of something, counted by size: gaps between logins, ages of sessions. */
  readonly spans: number[];
  /** When habits last faded, the last event learnt, the first one, and how many events had come at the last of any. */
  fadedAt = 0;
  learntAt = Number.NEGATIVE_INFINITY;
  since = 0;
  usedAt = 0;
  /** How many events were learnt, however long ago. */
  learnt = 0;

  constructor(dimensions: number, sums: number, spans: number) {
    for (let of = 0; of < dimensions; of++) this.bags.push(new DecayedBag());
    this.sums = new Array(sums).fill(0);
    this.spans = new Array(spans).fill(0);
  }

  bag(dimension: number): DecayedBag {
    return this.bags[dimension] as DecayedBag;
  }

  sum(at: number): number {
    return this.sums[at] as number;
  }

  /** How much of the habits is left at a time. A long absence takes no more than half: nobody is a stranger by it. */
  left(time: number, halfLife: number): number {
    const passed = time - this.fadedAt;
    return passed > 0 ? 2 ** -Math.min(1, passed / halfLife) : 1;
  }

  /** Let everything fade up to a time, and forget what weighs nothing or is the least of more than `most` of a dimension. */
  fade(time: number, halfLife: number, most: readonly number[], forgotten: Forgotten): void {
    const passed = time - this.fadedAt;
    if (passed < 0) this.fadedAt = later(this.fadedAt, time);
    if (passed < halfLife / steps) return;
    const factor = this.left(time, halfLife);
    this.fadedAt = time;
    this.rhythm.fade(factor);
    const { sums, spans, bags } = this;
    for (let i = 0; i < sums.length; i++) (sums[i] as number) *= factor;
    for (let i = 0; i < spans.length; i++) (spans[i] as number) *= factor;
    for (let of = 0; of < bags.length; of++) {
      const bag = this.bag(of);
      const room = most[of] as number;
      if (bag.fade(factor) < least || bag.size > room) this.trim(of, room, forgotten);
    }
  }

  /** Forget what weighs nothing of a dimension, or the least of more than `most`. */
  trim(of: number, most: number, forgotten: Forgotten): void {
    const bag = this.bag(of);
    for (;;) {
      const entry = bag.superfluous(most, least);
      if (entry < 0) return;
      forgotten(of, bag.value(entry), entry);
      bag.drop(entry);
    }
  }

  /**
   * How likely the next event is to bring something new in a dimension, had the value at `entry` (-1 for none) not come
   * before; `left` is how much of the habits is left, `usual` how often it is so of others.
   */
  newness(of: number, entry: number, left: number, usual: number): number {
    const bag = this.bag(of);
    const events = Math.max(0, entry < 0 ? bag.total : bag.total - bag.weight(entry));
    const surprises = Math.max(0, entry < 0 ? bag.novelty : bag.novelty - 1);
    const longer = events > 0 ? Math.max(1, Math.min(memory, this.learnt / events)) : 1;
    return newnessOf(surprises * longer * left, events * longer * left, usual);
  }
}
