import { DecayedCounts } from '../../algorithms/decayed-counts.ts';
import { Surprises } from '../../algorithms/surprises.ts';
import { WeekRhythm } from '../../algorithms/week-rhythm.ts';
import { dimensions, ground, usual } from './dimensions.ts';

const mostValues = 2 ** 16;
const mostGroupValues = 2 ** 18;
const mostGroups = 2 ** 14;
/** Groups are numbered as they come; a number comes again after so many. */
const mostNumbers = 2 ** 17;
/** The weight of `usual`, in calls. */
const assumed = 500;
/** At so many calls, half of them are forgotten. */
const enough = 200_000;
/** So many values of everybody's a group is taken to have, and so many of the ground's everybody. */
const [ofEverybody, ofGround] = [12, 40];

/** Those that borrow from each other. */
export class Group {
  readonly id: number;
  members: number;
  /** By dimension: how many values its members have, each counted once a member. */
  readonly totals: number[];

  constructor(id: number, members = 0, totals: readonly number[] = dimensions.map(() => 0)) {
    this.id = id;
    this.members = members;
    this.totals = [...totals];
  }
}

/**
 * What is known of all principals together, and of each group. A value counts once for each principal that has it,
 * however often: so many calls of one do not speak for others (Kneser and Ney 1995).
 */
export class Fleet {
  /** By dimension: how many principals have each value, and how many values they have together. */
  readonly holders = dimensions.map(() => new DecayedCounts(Number.POSITIVE_INFINITY, mostValues));
  readonly totals: number[] = dimensions.map(() => 0);
  readonly groupHolders = new DecayedCounts(Number.POSITIVE_INFINITY, mostGroupValues);
  readonly groups = new Map<string, Group>();
  /** How many groups there ever were. */
  founded = 0;
  rhythm = new WeekRhythm();
  readonly surprises = new Surprises(usual, assumed, enough);

  group(name: string): Group | undefined {
    return this.groups.get(name);
  }

  join(name: string): void {
    const group = this.groups.get(name) ?? this.#found(name);
    group.members++;
  }

  #found(name: string): Group {
    if (this.groups.size >= mostGroups) {
      this.groups.delete(this.groups.keys().next().value as string);
    }
    const group = new Group(this.founded++ % mostNumbers);
    this.groups.set(name, group);
    return group;
  }

  leave(name: string): void {
    const group = this.groups.get(name);
    if (group !== undefined && --group.members <= 0) this.groups.delete(name);
  }

  /** A principal has a value that it had not, or has it no longer. */
  change(name: string, of: number, value: number, by: 1 | -1): void {
    this.holders[of]?.add(value, by, 0);
    this.totals[of] = Math.max(0, (this.totals[of] as number) + by);
    const group = this.groups.get(name);
    if (group === undefined) return;
    this.groupHolders.add(keyOf(group, of, value), by, 0);
    group.totals[of] = Math.max(0, (group.totals[of] as number) + by);
  }

  held(of: number, value: number): number {
    return value < 0 ? 0 : (this.holders[of]?.get(value, 0) ?? 0);
  }

  heldInGroup(group: Group | undefined, of: number, value: number): number {
    return group === undefined || value < 0 ? 0 : this.groupHolders.get(keyOf(group, of, value), 0);
  }

  /** How likely a value that is new to a principal is this one, by what all have. */
  shareOfAll(of: number, held: number): number {
    return (held + ofGround * (ground[of] as number)) / ((this.totals[of] as number) + ofGround);
  }

  /** The same by what its group has. */
  shareOfGroup(group: Group | undefined, of: number, held: number, ofAll: number): number {
    return group === undefined ? ofAll : (held + ofEverybody * ofAll) / ((group.totals[of] as number) + ofEverybody);
  }
}

/** One number for a group's value: values are less than 2^32, groups less than 2^17. */
const keyOf = ({ id }: Group, of: number, value: number): number => (id * 16 + of) * 2 ** 32 + value;
