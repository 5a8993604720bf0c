import type { Event } from '../../../event/index.ts';

/** How many findings are held to be merged. Beyond, the one that was updated longest ago is let go. */
const maxHeld = 50_000;

/**
 * Merges updates of one finding, which repeat it under its id with a higher count: the last says how it stands, since when
 * the earliest. The last is the one with the higher count, else the later time, else the one that came later.
 */
export class FindingMerge {
  readonly #held = new Map<string, Event>();

  /** What must be let go to make room. */
  add(event: Event): Event | undefined {
    const held = this.#held.get(event.id);
    this.#held.delete(event.id);
    this.#held.set(event.id, held === undefined ? event : merged(held, event));
    if (this.#held.size <= maxHeld) return undefined;
    const [oldest] = this.#held.values();
    this.#held.delete((oldest as Event).id);
    return oldest;
  }

  /** All that is held, in the order of time. */
  end(): readonly Event[] {
    const events = [...this.#held.values()].sort((a, b) => a.time - b.time);
    this.#held.clear();
    return events;
  }
}

const count = ({ fields }: Event): number => Number(fields['aws.finding.count'] ?? 0);
const updated = ({ fields, time }: Event): number => Number(fields['aws.finding.updated'] ?? time);

function merged(held: Event, event: Event): Event {
  const order = count(event) - count(held) || event.time - held.time || updated(event) - updated(held);
  const last = order >= 0 ? event : held;
  const first = Math.min(firstSeen(held), firstSeen(event));
  const fields = Number.isFinite(first) ? { ...last.fields, 'aws.finding.first_seen': first } : last.fields;
  return { ...last, fields };
}

const firstSeen = ({ fields }: Event): number => Number(fields['aws.finding.first_seen'] ?? Number.POSITIVE_INFINITY);
