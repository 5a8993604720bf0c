import { createRandom, type Random } from '../algorithms/random.ts';
import { ScopsError } from '../event/index.ts';

/** Ranges of IPv4 addresses in order, gaps between networks among them; the last address belongs to a range. */
export interface AddressRanges {
  readonly first: Uint32Array;
  readonly last: Uint32Array;
}

export interface TutorialOptions {
  /** The same seed and ranges give the same logins. */
  readonly seed: number;
  /** @default 10000 */
  readonly users?: number;
  readonly ranges: AddressRanges;
}

/** Logins, user by user; user `u` has those from `offsets[u]` to before `offsets[u + 1]`. */
export interface TutorialLogins {
  readonly users: Uint32Array;
  readonly addresses: Uint32Array;
  /** Epoch seconds. */
  readonly times: Uint32Array;
}

const day = 86_400;
const end = Date.UTC(2018, 10, 14) / 1000;
/** Logins up to then are for training. */
export const tutorialSplit = Date.UTC(2018, 10, 11) / 1000;
const span = 10 * day;
const mostLogins = 10_000;
/** How many ranges a place of work is away from home at most. */
const reach = 50_000;
const spread = 10;

/**
 * The logins of Amazon's IP Insights tutorial (`generate_data.py`): each user has a home and a work network, is near one
 * of them but when travelling, and logs in some 50 to 10,000 times in ten days. What the original draws anew at each run
 * comes from the seed here. Fewer than 100,000 ranges make the place of work any range.
 * https://github.com/aws/amazon-sagemaker-examples
 */
export function simulateTutorial({ seed, users = 10_000, ranges }: TutorialOptions): TutorialLogins {
  if (!Number.isInteger(users) || users < 1 || users > 1_000_000)
    throw new ScopsError('USAGE', `Cannot simulate ${users} users: give a whole number from 1 to 1000000.`);
  if (ranges.first.length < 2 || ranges.first.length !== ranges.last.length)
    throw new ScopsError('USAGE', `Cannot simulate with ${ranges.first.length} ranges: give at least 2.`);
  const random = createRandom(seed).fork('ip-insights tutorial');
  const counts = Uint32Array.from({ length: users }, () => Math.min(mostLogins, Math.floor(50 / (1 - random.next()))));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const logins = {
    users: new Uint32Array(total),
    addresses: new Uint32Array(total),
    times: new Uint32Array(total),
  };
  let at = 0;
  for (const [user, count] of counts.entries()) {
    const person = new Person(ranges.first.length, random);
    for (const stop = at + count; at < stop; at++) {
      logins.users[at] = user;
      logins.addresses[at] = addressIn(ranges, person.range(random), random);
      logins.times[at] = end - span + random.integer(span);
    }
  }
  return logins;
}

class Person {
  readonly #ranges: number;
  readonly #home: number;
  readonly #work: number;
  readonly #travels: number;
  readonly #isHome: number;

  constructor(ranges: number, random: Random) {
    this.#ranges = ranges;
    this.#home = random.integer(ranges);
    let work = this.#home;
    while (work === this.#home) work = within(this.#home + random.integer(2 * reach) - reach, ranges);
    this.#work = work;
    this.#travels = orderStatistic(1, 30, random);
    this.#isHome = orderStatistic(3, 7, random);
  }

  range(random: Random): number {
    if (random.next() < this.#travels) return random.integer(this.#ranges);
    const centre = random.next() < this.#isHome ? this.#home : this.#work;
    return within(Math.trunc(centre + spread * random.normal()), this.#ranges);
  }
}

const within = (index: number, size: number): number => ((index % size) + size) % size;

/** The `rank`-th least of `count` uniform numbers, which has the distribution Beta(rank, count + 1 - rank). */
function orderStatistic(rank: number, count: number, random: Random): number {
  const drawn = Float64Array.from({ length: count }, () => random.next()).sort();
  return drawn[rank - 1] as number;
}

function addressIn({ first, last }: AddressRanges, range: number, random: Random): number {
  const from = first[range] as number;
  return from + random.integer((last[range] as number) - from + 1);
}

/** Pairs with a label each. */
export interface TutorialCase {
  readonly users: Uint32Array;
  readonly addresses: Uint32Array;
  /** 1 for an attack. */
  readonly labels: Uint8Array;
}

/**
 * What the tutorial's model is tested on: so many ordinary logins of the days after training, of users met in training,
 * and as many attacks from addresses drawn range by range.
 *
 * - `uniform`: the tutorial's own. Every user is attacked alike, while those who log in often have more ordinary logins,
 *   so a user's activity alone tells much.
 * - `paired`: the attacks are on the users of the ordinary logins, one for one.
 * - `random`: as `paired`, with each octet of the address drawn alike, as for Amazon's `discriminator_auc`.
 */
export function tutorialCase(
  logins: TutorialLogins,
  kind: 'uniform' | 'paired' | 'random',
  options: { readonly seed: number; readonly ranges: AddressRanges; readonly pairs?: number },
): TutorialCase {
  const random = createRandom(options.seed).fork(`ip-insights case`);
  const trained = new Set<number>();
  for (let i = 0; i < logins.users.length; i++)
    if ((logins.times[i] as number) <= tutorialSplit) trained.add(logins.users[i] as number);
  const known = [...trained];
  const ordinary: number[] = [];
  for (let i = 0; i < logins.users.length; i++)
    if ((logins.times[i] as number) > tutorialSplit && trained.has(logins.users[i] as number)) ordinary.push(i);
  const count = Math.min(options.pairs ?? 100_000, ordinary.length);
  const users = new Uint32Array(2 * count);
  const addresses = new Uint32Array(2 * count);
  const attacks = random.fork(kind);
  for (let i = 0; i < count; i++) {
    const swap = i + random.integer(ordinary.length - i);
    const login = ordinary[swap] as number;
    ordinary[swap] = ordinary[i] as number;
    users[i] = logins.users[login] as number;
    addresses[i] = logins.addresses[login] as number;
    users[count + i] = kind === 'uniform' ? attacks.pick(known) : (users[i] as number);
    addresses[count + i] =
      kind === 'random'
        ? attacks.integer(2 ** 32)
        : addressIn(options.ranges, attacks.integer(options.ranges.first.length), attacks);
  }
  return { users, addresses, labels: Uint8Array.from({ length: 2 * count }, (_, i) => (i < count ? 0 : 1)) };
}
