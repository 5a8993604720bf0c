import { type Event, text } from '../../event/index.ts';

/** So many principals, accounts or regions are told apart; the number shown is then a least one. */
const most = 100_000;

export interface Sighting {
  readonly name: string;
  /** Events, or distinct principals. */
  readonly count: number;
}

/** Who acted, from where and when, over all events that it saw. */
export class Sights {
  readonly #principals = new Map<string, Set<string>>();
  readonly #sessions = new Set<string>();
  readonly #addresses = new Map<string, number>();
  readonly #accounts = new Set<string>();
  readonly #regions = new Set<string>();
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  see(event: Event): void {
    const id = text(event, 'aws.principal.id');
    const type = id === undefined ? 'none' : (text(event, 'aws.principal.type') ?? 'unknown');
    const known = this.#principals.get(type) ?? new Set();
    this.#principals.set(type, known);
    add(known, id ?? event.id);
    const session = text(event, 'aws.principal.session');
    if (session !== undefined) add(this.#sessions, JSON.stringify([id, session]));
    const address = text(event, 'aws.source.type') ?? 'absent';
    this.#addresses.set(address, (this.#addresses.get(address) ?? 0) + 1);
    add(this.#accounts, text(event, 'cloud.account.id'));
    add(this.#regions, text(event, 'cloud.region'));
    this.#first = Math.min(this.#first, event.time);
    this.#last = Math.max(this.#last, event.time);
  }

  /** Distinct ones by type; of type `none`, events that name nobody. */
  principals(): readonly Sighting[] {
    return descending([...this.#principals].map(([name, ids]) => ({ name, count: ids.size })));
  }

  /** Distinct sessions of roles. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** Events by the type of their source address, as `SourceAddress` has it. */
  addresses(): readonly Sighting[] {
    return descending([...this.#addresses].map(([name, count]) => ({ name, count })));
  }

  get accounts(): number {
    return this.#accounts.size;
  }

  get regions(): number {
    return this.#regions.size;
  }

  /** Epoch milliseconds of the earliest and the latest event; undefined without any. */
  get span(): readonly [number, number] | undefined {
    return this.#first <= this.#last ? [this.#first, this.#last] : undefined;
  }
}

function add(set: Set<string>, value: string | undefined): void {
  if (value !== undefined && set.size < most) set.add(value);
}

const descending = (list: Sighting[]): Sighting[] => list.sort((a, b) => b.count - a.count);
