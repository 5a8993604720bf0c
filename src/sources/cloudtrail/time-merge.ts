import type { Event } from '../../event/index.ts';

/** An event and the number of its record in its file. */
export interface Held {
  readonly event: Event;
  readonly record: number;
}

/** Up to where the events of one file are done: those of all records up to `record`, and some of those up to `end`. */
export interface Progress {
  record: number;
  /** The last one that is done of the records after, up to `end`, in the order of time and number. */
  last: { readonly time: number; readonly record: number; readonly end: number } | undefined;
}

/** Records of a file that follow one another, to be given out together with others'. */
export interface Segment {
  readonly progress: Progress;
  /** Taken over: what is done goes. */
  readonly events: (Held | undefined)[];
  /** The number of its last record. */
  readonly end: number;
  /** When its last event is done. */
  readonly onDone: () => void;
}

export const byTime = (a: Held, b: Held): number => a.event.time - b.event.time || a.record - b.record;

interface Waiting extends Segment {
  readonly order: number;
  at: number;
}

/** Gives out the events of segments, each in order of time, in the order of time over all of them: a heap of segments. */
export class TimeMerge {
  readonly #heap: Waiting[] = [];
  #added = 0;
  /** Events that are held, and the characters of their raw text. */
  events = 0;
  characters = 0;

  /** `segment.events` is in order, and not empty. */
  add(segment: Segment): void {
    this.events += segment.events.length;
    for (const held of segment.events) this.characters += held?.event.raw.length ?? 0;
    let at = this.#heap.push({ ...segment, order: this.#added++, at: 0 }) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** The earliest events, as long as `goesOn` says. An event is done when the next one is asked for. */
  *take(goesOn: (earliest: Event) => boolean): Generator<Event, void> {
    for (;;) {
      const segment = this.#heap[0];
      const held = segment?.events[segment.at];
      if (segment === undefined || held === undefined || !goesOn(held.event)) return;
      yield held.event;
      this.#pass(segment, held);
    }
  }

  #pass(segment: Waiting, { event, record }: Held): void {
    segment.events[segment.at++] = undefined;
    this.events--;
    this.characters -= event.raw.length;
    if (segment.at < segment.events.length) segment.progress.last = { time: event.time, record, end: segment.end };
    else {
      segment.progress.record = segment.end;
      segment.progress.last = undefined;
      this.#swap(0, this.#heap.length - 1);
      this.#heap.pop();
      segment.onDone();
    }
    this.#sink();
  }

  #sink(): void {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= this.#heap.length) return;
      const child = left + 1 < this.#heap.length && this.#before(left + 1, left) ? left + 1 : left;
      if (!this.#before(child, at)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #before(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a] as Waiting, this.#heap[b] as Waiting];
    const times = (left.events[left.at] as Held).event.time - (right.events[right.at] as Held).event.time;
    return times < 0 || (times === 0 && left.order < right.order);
  }

  #swap(a: number, b: number): void {
    const held = this.#heap[a] as Waiting;
    this.#heap[a] = this.#heap[b] as Waiting;
    this.#heap[b] = held;
  }
}
