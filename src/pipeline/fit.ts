import { type Context, type Detector, type Event, ScopsError, type Source } from '../event/index.ts';
import { calibrate } from '../triage/calibration.ts';
import type { Limit } from '../triage/limit.ts';
import { parseOptions } from './options.ts';
import type { Chosen } from './spec.ts';
import type { Trained } from './trained.ts';

export interface FitOptions {
  readonly source: Source;
  readonly detector: Chosen<'detector'>;
  readonly limit?: Limit;
  /** The share of events, the newest ones, held back to calibrate. 0 turns calibration off. @default 0.2 */
  readonly holdBack?: number;
  /** Only the newest this many events are learnt. @default 1,000,000 */
  readonly maxEvents?: number;
  readonly context: Context;
  readonly signal?: AbortSignal;
}

/** Fewer held-back events than this say nothing about a day. */
const fewest = 50;

/**
 * Learn what is ordinary from a source. The newest events are held back, judged by a model fitted on the older ones,
 * and then learnt too: so the calibration errs towards fewer findings. Throws ScopsError NOTHING_LEARNT.
 */
export async function fit(options: FitOptions): Promise<Trained> {
  const { source, context, holdBack = 0.2, maxEvents = 1_000_000 } = options;
  const { component, input } = options.detector;
  const detector = component.create(parseOptions(component, input), context) as Detector;
  const events = await collect(source, detector, maxEvents, options.signal, context);
  const ordered = events.toSorted((a, b) => a.time - b.time);
  const held = Math.floor(ordered.length * holdBack);
  const older = ordered.slice(0, ordered.length - held);
  const newer = ordered.slice(ordered.length - held);
  let calibrations: Trained['calibrations'] = [];
  if (held >= fewest) {
    try {
      calibrations = calibrate(await detector.fit(iterate(older)), newer);
    } catch (error) {
      if (!(error instanceof ScopsError && error.code === 'NOTHING_LEARNT')) throw error;
    }
  }
  const model = await detector.fit(iterate(ordered));
  if (calibrations.length === 0 && holdBack > 0) {
    context.log.warn(`Only ${held} events could be held back: too few for a budget. --contamination still works.`);
  }
  return {
    detector: component.name,
    options: input,
    model,
    calibrations,
    ...(options.limit ? { limit: options.limit } : {}),
    trained: { events: ordered.length, from: ordered[0]?.time ?? 0, to: ordered.at(-1)?.time ?? 0 },
  };
}

async function* iterate(events: readonly Event[]): AsyncGenerator<Event> {
  yield* events;
}

async function collect(
  source: Source,
  detector: Detector,
  most: number,
  signal: AbortSignal | undefined,
  context: Context,
): Promise<Event[]> {
  let events: Event[] = [];
  let total = 0;
  for await (const event of source.events(signal)) {
    if (detector.kinds !== undefined && !detector.kinds.includes(event.kind)) continue;
    total++;
    events.push(event);
    if (events.length >= 2 * most) events = events.slice(-most);
  }
  if (total > most) {
    context.log.warn(`Of ${total} events only the newest ${most} are learnt. --max-events changes that.`);
    events = events.slice(-most);
  }
  return events;
}
