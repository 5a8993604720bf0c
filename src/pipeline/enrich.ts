import {
  type Enricher,
  type Event,
  type Fields,
  isCommittable,
  isCovering,
  isResumable,
  type Source,
} from '../event/index.ts';

/** So many events may wait for facts at a time. */
const mostWaiting = 64;

/**
 * A source whose events carry what the enrichers know, in the order of the source. Each enricher sees what those before
 * it added; a field that is there is never replaced. While one event waits for an answer, the next are asked about.
 * Checkpoints cover only events that were handed on and are done, as those of `source` do.
 */
export function enriched(source: Source, enrichers: readonly Enricher[]): Source {
  if (enrichers.length === 0) return source;
  const ahead = new Ahead(source, enrichers);
  return {
    name: source.name,
    ...(source.live === undefined ? {} : { live: source.live }),
    events: (signal) => ahead.events(signal),
    ...(isResumable(source)
      ? { checkpoint: () => ahead.checkpoint(), resume: (from: string) => source.resume(from) }
      : {}),
    ...(isCommittable(source)
      ? { checkpoint: () => ahead.checkpoint(), commit: (checkpoint: string) => source.commit(checkpoint) }
      : {}),
    ...(isCovering(source) ? { coverage: () => source.coverage() } : {}),
  };
}

interface Waiting {
  readonly event: Promise<Event>;
  /** The source's checkpoint once this event is done; known when the next one was asked for. */
  after?: string;
}

class Ahead {
  readonly #source: Source;
  readonly #enrichers: readonly Enricher[];
  /** What is true while events wait; undefined when the source's own checkpoint is. */
  #checkpoint: string | undefined;

  constructor(source: Source, enrichers: readonly Enricher[]) {
    this.#source = source;
    this.#enrichers = enrichers;
  }

  checkpoint(): string {
    return this.#checkpoint ?? this.#own();
  }

  #own(): string {
    return isResumable(this.#source) || isCommittable(this.#source) ? this.#source.checkpoint() : '';
  }

  async *events(signal?: AbortSignal): AsyncGenerator<Event> {
    const iterator = this.#source.events(signal)[Symbol.asyncIterator]();
    this.#own();
    const queue: Waiting[] = [];
    let next: Promise<IteratorResult<Event>> | undefined;
    let ended = false;
    try {
      for (;;) {
        if (!ended && next === undefined && queue.length < mostWaiting) {
          if (queue.length > 0) this.#checkpoint ??= this.#own();
          next = iterator.next();
          const last = queue.at(-1);
          if (last) last.after = this.#own();
        }
        const head = queue[0];
        const step = await first(next, head?.event);
        if ('event' in step) {
          queue.shift();
          yield step.event;
          this.#checkpoint = head?.after;
        } else {
          next = undefined;
          if (step.result.done) ended = true;
          else {
            const event = enrich(step.result.value, this.#enrichers);
            if (event instanceof Promise) {
              queue.push({ event });
            } else if (queue.length > 0) queue.push({ event: Promise.resolve(event) });
            else {
              yield event;
              this.#checkpoint = undefined;
            }
          }
        }
        if (ended && queue.length === 0) {
          this.#checkpoint = undefined;
          return;
        }
      }
    } finally {
      await iterator.return?.();
    }
  }
}

type Step = { readonly event: Event } | { readonly result: IteratorResult<Event> };

/** Whichever is there first; the event that waits longest goes before the next of the source. */
function first(next: Promise<IteratorResult<Event>> | undefined, head: Promise<Event> | undefined): Promise<Step> {
  const steps: Promise<Step>[] = [];
  if (head) steps.push(head.then((event) => ({ event })));
  if (next) steps.push(next.then((result) => ({ result })));
  return Promise.race(steps);
}

const known = (event: Event, facts: Fields): Event => ({ ...event, fields: { ...facts, ...event.fields } });

/** The event with what each enricher knows of it; at once, unless one of them has to wait. */
function enrich(event: Event, enrichers: readonly Enricher[]): Event | Promise<Event> {
  let enriched = event;
  for (const [index, enricher] of enrichers.entries()) {
    const facts = enricher.enrich(enriched);
    if (facts instanceof Promise) {
      return facts.then((late) => enrich(known(enriched, late), enrichers.slice(index + 1)));
    }
    enriched = known(enriched, facts);
  }
  return enriched;
}
