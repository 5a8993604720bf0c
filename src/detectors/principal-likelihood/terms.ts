import type { PairVerdict } from '../../algorithms/pair-likelihood/index.ts';
import type { ProviderKind } from '../../text/provider-kind.ts';
import { dimensions, type Values } from './dimensions.ts';
import type { Ancestor } from './lineage.ts';
import type { Owner } from './owner.ts';
import type { Sighting } from './sessions.ts';

/** What a verdict is made of, in nats each: the places of its parts. */
export const termAt = {
  network: 0,
  action: 1,
  service: 2,
  agent: 3,
  region: 4,
  hour: 5,
  error: 6,
  mfa: 7,
  'session-age': 8,
  'session-networks': 9,
  'assumed-by': 10,
  exploring: 11,
} as const;
export type Term = keyof typeof termAt;
export const terms = Object.keys(termAt) as readonly Term[];

/** How one call compares with its principal's habits. Terms add up to `value`, in nats: above 0 speaks for an intruder. */
export class Verdict {
  readonly values: Values;
  /** By dimension: where each value is in the principal's habits, -1 where it is not; and how many others of its group have it. */
  readonly entries: number[] = new Array(dimensions.length).fill(-1);
  readonly peers: number[] = new Array(dimensions.length).fill(0);
  value = 0;
  readonly parts: number[] = new Array(terms.length).fill(0);
  /** What a public address says by itself. */
  pair: PairVerdict | undefined;
  /** Of `levels`: the narrowest network of the address that is known. */
  level = -1;
  /** What a provider that is new to the principal is; undefined for a known one. */
  newProvider: ProviderKind | undefined;
  /** Calls and refused ones of late, this one included. */
  calls = 0;
  refused = 0;
  /** Minutes since the session began. */
  age = -1;
  /** The network that the session began in, where this is another. */
  sessionFrom: readonly number[] | undefined;

  /** Who took on the role of the session, and whose habits stand in for those of a role that has none yet. */
  ancestor: Ancestor | undefined;
  standIn: Owner | undefined;
  /** New actions of late, this one included. */
  fresh = 0;
  /** Where the session of a call through a service was just used from, where that is strange. */
  through: Sighting | undefined;

  constructor(values: Values) {
    this.values = values;
  }

  put(term: number, nats: number): void {
    (this.parts[term] as number) += nats;
    this.value += nats;
  }
}
