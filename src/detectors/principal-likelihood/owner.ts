import { Habits } from '../../algorithms/habits.ts';
import { dimensions } from './dimensions.ts';

/** A principal with fewer calls is still being learnt. */
export const few = 20;

/** Ages of a session at a call: less than 1, 3, 7, 15 … minutes, the last for more than 34 hours. */
export const ageBins = 12;

/** Sums that fade with the habits. */
export const sums = {
  /** Calls learnt, and those that were refused. */
  calls: 0,
  denied: 1,
  /** With a second factor, and with the word that there was none. */
  factor: 2,
  noFactor: 3,
  /** Sessions begun, and those that were used from a second network. */
  sessions: 4,
  moved: 5,
  /** Public networks that were new when something was known already, and of these with a known provider or country. */
  networks: 6,
  sameProvider: 7,
  sameCountry: 8,
  /** Calls from an address, a narrow and a wide network that was new, when some were known. */
  newAddress: 9,
  newNarrow: 10,
  newWide: 11,
} as const;
const sumCount = 12;

/** What is known of one principal, or of one person of a role. Everything is numbers; words are in `Names`. */
export class Owner extends Habits {
  readonly name: string;
  readonly group: string;
  /** Its number in the pairs of addresses. */
  readonly entity: number;
  /** The address of the last call learnt from one, and its provider; -1 without. */
  lastHigh = -1;
  lastLow = -1;
  lastAsn = -1;
  /** Of late, learnt or not: calls, those refused, when they were counted, and the network of the last refused one. */
  calls = 0;
  refused = 0;
  countedAt = 0;
  refusedFrom = -1;
  /** Actions of late that were new to it, by their names' numbers. */
  readonly fresh: number[] = [];

  constructor(name: string, group: string, entity: number) {
    super(dimensions.length, sumCount, ageBins);
    this.name = name;
    this.group = group;
    this.entity = entity;
  }
}
