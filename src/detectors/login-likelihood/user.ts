import { Habits } from '../../algorithms/habits.ts';
import { dimensions, named } from './values.ts';

/** How many values of each dimension are remembered of a user; the least used goes. */
export const most: readonly number[] = [12, 16, 16, 16, 24, 24, 16, 32, 16, 8, 48, 4, 6, 8, 12];

/** Past logins of a user, one an address: when and where, the latest first. */
export const sessionFields = 9;
export const mostSessions = 6;
export const session = {
  address: 0,
  time: 1,
  latitude: 2,
  longitude: 3,
  accuracy: 4,
  asn: 5,
  city: 6,
  key: 7,
  narrow: 8,
} as const;

/** What of late came from networks that are new to the user: which, what it adds up to, what holds for all of it, when, and how many logins. */
export const caseFields = 5;
export const mostCases = 4;

/** Windows over which logins are counted, in milliseconds: 10 min, 1 h, 3 h, 24 h; and changes of host within 1 h. */
export const windows = [600_000, 3_600_000, 10_800_000, 86_400_000, 3_600_000] as const;

export const hostWindow = 4;

/** Gaps between logins by size: less than 1, 2, 4 … hours, the last for more than a year. */
export const gapBins = 15;

/** Sums that fade with the habits; what they are divided by is `logins`. */
export const sums = {
  /** Logins learnt. */
  logins: 0,
  /** Failures before success at the address, and of the user from anywhere. */
  failuresHere: 1,
  failuresAnywhere: 2,
  /** Journeys that were too fast, and logins from listed addresses. */
  tooFast: 3,
  listed: 4,
  /** Of every window: the logarithm of its count, and its square. */
  rates: 5,
} as const;
const sumCount = sums.rates + 2 * windows.length;

/** What is known of one user. Everything is numbers; words are in `Names`. Its `spans` are all gaps, then gaps by size. */
export class User extends Habits {
  readonly name: string;
  readonly sessions: number[] = [];
  readonly cases: number[] = [];
  /** Logins counted in each window, of which the older count less. They are not habits: nobody forgets them. */
  readonly rates: number[] = new Array(windows.length).fill(0);
  /** When the windows were counted. */
  ratesAt = 0;
  /** The latest host, as a number of `Names`; -1 for none. */
  lastHost = -1;
  /** Failed logins of late (they halve in days) and over long (in months), and when they were counted. */
  failures = 0;
  failuresLong = 0;
  failuresAt = 0;

  constructor(name: string) {
    super(dimensions.length, sumCount, gapBins + 1);
    this.name = name;
  }
}

/** The names that users still hold. */
export function namesInUse(users: Iterable<User>): Set<number> {
  const used = new Set<number>();
  for (const user of users) {
    for (const dimension of named) for (const id of user.bag(dimension).values()) used.add(id);
    for (let at = 0; at < user.sessions.length; at += sessionFields) {
      used.add(user.sessions[at + session.city] as number);
      used.add(user.sessions[at + session.key] as number);
    }
    used.add(user.lastHost);
  }
  return used;
}
