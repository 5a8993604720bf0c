import { type Context, type Event, isMergeable, type Model, ScopsError, type Source } from '../event/index.ts';
import { type Calibration, calibrate } from '../triage/calibration.ts';
import type { Limit } from '../triage/limit.ts';
import { learn } from './learn.ts';
import { parseOptions } from './options.ts';
import type { Chosen } from './spec.ts';
import type { Trained } from './trained.ts';

export interface FitOptions {
  readonly source: Source;
  readonly detector: Chosen<'detector'>;
  readonly limit?: Limit;
  /** The share of events, the last ones, held back to calibrate; in [0, 1), 0 turns it off. @default 0.2 */
  readonly holdBack?: number;
  readonly context: Context;
  readonly signal?: AbortSignal;
}

/** Fewer held-back events than this say nothing about a day. */
const fewest = 50;

/**
 * Learn what is ordinary from a source, in one pass. The last events are held back in memory, judged by a model fitted
 * on those before them, and then learnt too, where models can be merged: so the calibration errs towards fewer findings.
 * Throws ScopsError NOTHING_LEARNT, or USAGE for a share outside [0, 1).
 */
export async function fit(options: FitOptions): Promise<Trained> {
  const { source, context, signal } = options;
  const { component, input } = options.detector;
  const detector = component.create(parseOptions(component, input), context);
  if (detector.begin !== undefined) {
    const begun = { detector: component.name, options: input, model: detector.begin() };
    const { trained, judged } = await learn({ ...begun, source, signal });
    if (judged === 0) {
      throw new ScopsError(
        'NOTHING_LEARNT',
        `None of ${trained.trained.events} events was something that "${component.name}" learns from.`,
      );
    }
    return { ...trained, ...(options.limit ? { limit: options.limit } : {}) };
  }
  const holdBack = options.holdBack ?? (detector.readsRaw === true ? 0 : 0.2);
  if (!(holdBack >= 0 && holdBack < 1)) throw new ScopsError('USAGE', `A share of ${holdBack} cannot be held back.`);
  const trained = { events: 0, from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  const queue = createQueue<Event>();

  async function* older(): AsyncGenerator<Event> {
    for await (const event of source.events(signal)) {
      if (detector.kinds !== undefined && !detector.kinds.includes(event.kind)) continue;
      trained.events++;
      trained.from = Math.min(trained.from, event.time);
      trained.to = Math.max(trained.to, event.time);
      if (holdBack === 0) yield event;
      else queue.push(detector.readsRaw === true ? event : { ...event, raw: '' });
      while (queue.size > holdBack * trained.events) yield queue.shift();
    }
  }
  const base = await detector.fit(older()).catch((error: unknown) => {
    if (error instanceof ScopsError && error.code === 'NOTHING_LEARNT' && queue.size > 0) return undefined;
    throw error;
  });
  const held = queue.rest();
  let calibrations: readonly Calibration[] = [];
  if (base !== undefined && held.length >= fewest) calibrations = calibrate(base, held);
  else if (holdBack > 0) {
    context.log.warn(
      `Only ${held.length} events could be held back: too few for a budget. --contamination still works.`,
    );
  }
  return {
    detector: component.name,
    options: input,
    model: await withHeld(base, held, (events) => detector.fit(events)),
    calibrations,
    ...(options.limit ? { limit: options.limit } : {}),
    trained,
  };
}

async function withHeld(
  base: Model | undefined,
  held: readonly Event[],
  fitOn: (events: AsyncIterable<Event>) => Promise<Model>,
): Promise<Model> {
  if (base !== undefined && (held.length === 0 || !isMergeable(base))) return base;
  try {
    const model = await fitOn(iterate(held));
    return base !== undefined && isMergeable(base) ? base.merge(model) : model;
  } catch (error) {
    if (base !== undefined && error instanceof ScopsError && error.code === 'NOTHING_LEARNT') return base;
    throw error;
  }
}

async function* iterate(events: readonly Event[]): AsyncGenerator<Event> {
  yield* events;
}

/** First in, first out, in constant time. */
function createQueue<Item>() {
  let items: Item[] = [];
  let first = 0;
  return {
    get size(): number {
      return items.length - first;
    },
    push(item: Item): void {
      items.push(item);
    },
    shift(): Item {
      const item = items[first++] as Item;
      if (first > 1024 && 2 * first > items.length) {
        items = items.slice(first);
        first = 0;
      }
      return item;
    },
    rest: (): Item[] => items.slice(first),
  };
}
