import { DecayedCounts } from '../../algorithms/decayed-counts.ts';
import { Surprises } from '../../algorithms/surprises.ts';
import { WeekRhythm } from '../../algorithms/week-rhythm.ts';
import { absent, address, narrow } from './network.ts';
import { sums } from './user.ts';
import { dimension, dimensions } from './values.ts';

const hour = 3_600_000;
const mostPlaces = 2 ** 17;
const mostAttackers = 2 ** 17;
/** Failures at an address count half after this; guessers that come back next day are still known. */
const failuresHalve = 6 * hour;

/**
 * How often a login brings something new to somebody with some history, before any is seen: by dimension.
 * These are the weight of `assumed` logins and soon give way to what is counted.
 */
const newness: readonly number[] = [
  0.002, 0.004, 0.008, 0.01, 0.02, 0.03, 0.1, 0.02, 0.004, 0.002, 0.02, 0.004, 0.006, 0.008, 0.05,
];
const assumed = 200;
const enough = 100_000;

/** What is known of all users together: what a new one borrows from. */
export class Fleet {
  /** By dimension: how many users have each value, where that is asked for. */
  readonly holders = dimensions.map((_, at) =>
    at === dimension.inside || at <= dimension.narrow
      ? new DecayedCounts(Number.POSITIVE_INFINITY, mostPlaces)
      : undefined,
  );
  /** How many pairs of a user and a country there are. */
  countries = 0;
  /** Failed logins by address, by the network around it, and those of users that do not exist. */
  readonly failures = new DecayedCounts(failuresHalve, mostAttackers);
  readonly failuresAround = new DecayedCounts(failuresHalve, mostAttackers);
  readonly probes = new DecayedCounts(4 * failuresHalve, mostAttackers);
  /** Logins learnt, and failures before them by `sums`: at their addresses, and of their users. */
  readonly fumbles: number[] = [0, 0, 0];
  rhythm = new WeekRhythm();
  /** How often a login brings something new. */
  readonly surprises = new Surprises(newness, assumed, enough);

  /** A user has begun, or ceased, to have a value. */
  hold(of: number, value: number, users: 1 | -1): void {
    this.holders[of]?.add(value, users, 0);
    if (of === dimension.country) this.countries += users;
  }

  /** A login was learnt before which so many had failed, at its address and of its user. */
  fumble(here: number, anywhere: number): void {
    const { fumbles } = this;
    (fumbles[0] as number) += 1;
    (fumbles[sums.failuresHere] as number) += here;
    (fumbles[sums.failuresAnywhere] as number) += anywhere;
    if ((fumbles[0] as number) >= enough) for (let i = 0; i < fumbles.length; i++) (fumbles[i] as number) /= 2;
  }

  fail(places: readonly number[], count: number, unknownUser: boolean, time: number): void {
    const [here, around] = [places[address] as number, places[narrow] as number];
    if (here !== absent) {
      this.failures.add(here, count, time);
      if (unknownUser) this.probes.add(here, count, time);
    }
    if (around !== absent) this.failuresAround.add(around, count, time);
  }
}
