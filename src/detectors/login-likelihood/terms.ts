import type { ProviderKind } from '../../text/provider-kind.ts';
import type { Values } from './values.ts';

/** What a verdict is made of, in nats each: the places of its parts. */
export const termAt = {
  network: 0,
  travel: 1,
  key: 2,
  method: 3,
  host: 4,
  hour: 5,
  pause: 6,
  rate: 7,
  failures: 8,
  reputation: 9,
  trusted: 10,
  case: 11,
  client: 12,
} as const;
export type Term = keyof typeof termAt;
export const terms = Object.keys(termAt) as readonly Term[];

/** How one login compares with its user's habits. Terms add up to `value`, in nats: above 0 speaks for an attack. */
export class Verdict {
  readonly values: Values;
  /** Where each value is in the user's habits; -1 where it is not. */
  readonly entries: number[] = [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1];
  value = 0;
  readonly parts: number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  /** The coarsest level of the network that is new to the user, and the finest that is not; -1 for none. */
  newLevel = -1;
  knownLevel = -1;
  /** How many users come from there, at the level where it counts; 0 where colleagues do not matter. */
  colleagues = 0;
  /**
   * The coarsest level that is new, or that came so lately that it is not trusted yet; and how little, 0 to 1, which is
   * 0 where only the address is new.
   */
  freshLevel = -1;
  freshness = 0;
  /** What a provider that is new to the user is. */
  provider: ProviderKind = 'access';
  /** The coarsest dimension of the client that is new, or not trusted yet; -1 for none. */
  newClient = -1;
  /** How many logins came before from a network that is not trusted yet. */
  caseLogins = 0;
  /** The past login that this one is too far from: its place in `sessions`; -1 for none. */
  tripFrom = -1;
  kilometres = 0;
  kilometresAnHour = 0;
  /** Failures: at the address, around it, or of the user. */
  failuresFrom: 'address' | 'network' | 'user' = 'address';
  failures = 0;
  probes = 0;
  /** What each window of `windows` holds, this login included, and the logarithm. */
  readonly counts: number[] = [1, 1, 1, 1, 1];
  readonly logs: number[] = [0, 0, 0, 0, 0];
  /** The window that is unusually full, and its count. */
  window = -1;
  logins = 0;

  constructor(values: Values) {
    this.values = values;
  }

  put(term: number, nats: number): void {
    this.parts[term] = nats;
    this.value += nats;
  }
}
