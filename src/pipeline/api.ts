import type { Context, Event, Finding, Sink, Source } from '../event/index.ts';
import { readWazuh } from '../text/wazuh/read.ts';
import { createJudge, type Judgement } from '../triage/judge.ts';
import { type Limit, parseBudget, parseContamination } from '../triage/limit.ts';
import { fit as fitTrained } from './fit.ts';
import { parseOptions } from './options.ts';
import { find } from './registry.ts';
import { type RunSummary, run } from './run.ts';
import { decodeTrained, encodeTrained, limitFor, loadTrained, saveTrained, type Trained } from './trained.ts';
import { realWorld } from './world.ts';

/** Wazuh alert files or folders by path, alerts as objects, or a source of your own. */
export type Input = string | readonly string[] | Iterable<object> | Source;

export interface LimitOptions {
  /** How many findings a day are wanted, such as `5/day`. */
  readonly budget?: string;
  /** The share of training events to call strange, in (0, 0.5]. */
  readonly contamination?: number;
}

/** Besides these, the options of the detector itself: see docs/reference. */
export interface FitOptions extends LimitOptions {
  /** @default 'lof' */
  readonly detector?: string;
  /** The newest share of events, held back for calibration. @default 0.2 */
  readonly holdBack?: number;
  readonly [detectorOption: string]: unknown;
}

export interface ScoreOptions extends LimitOptions {
  readonly sinks?: readonly Sink[];
  readonly signal?: AbortSignal;
}

/** A fitted model, for programs. */
export class ScopsModel {
  readonly #trained: Trained;
  readonly #context: Context;
  readonly #judges = new Map<string, (event: Event) => Judgement | undefined>();

  constructor(trained: Trained, context: Context) {
    this.#trained = trained;
    this.#context = context;
  }

  /** The findings among the events of `input`, strangest first. */
  async score(input: Input, options: ScoreOptions = {}): Promise<Finding[]> {
    const findings: Finding[] = [];
    await this.run(input, {
      ...options,
      sinks: [...(options.sinks ?? []), { name: 'memory', write: async (batch) => void findings.push(...batch) }],
    });
    return findings;
  }

  /** Deliver the findings to sinks instead of gathering them: for inputs that do not end. */
  async run(input: Input, options: ScoreOptions = {}): Promise<RunSummary> {
    const limit = limitOf(options);
    return run({
      source: await sourceOf(input, this.#context),
      trained: this.#trained,
      sinks: options.sinks ?? [],
      ...(limit ? { limit } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
      context: this.#context,
    });
  }

  /** Judge one alert; undefined when it cannot be read or the model has no opinion on it. Pure. */
  judge(alert: object, options: LimitOptions = {}): Judgement | undefined {
    const key = JSON.stringify([options.budget, options.contamination]);
    const { model, calibrations } = this.#trained;
    const judge = this.#judges.get(key) ?? createJudge(model, calibrations, limitFor(this.#trained, limitOf(options)));
    this.#judges.set(key, judge);
    const event = readWazuh(JSON.stringify(alert));
    return 'reason' in event ? undefined : judge(event);
  }

  /** Write the model file, atomically. */
  async save(path: string): Promise<void> {
    await saveTrained(path, this.#trained);
  }

  toBytes(): Uint8Array {
    return encodeTrained(this.#trained);
  }
}

/** Learn what is ordinary. Throws ScopsError NOTHING_LEARNT when no event was of a kind the detector looks at. */
export async function fit(input: Input, options: FitOptions = {}): Promise<ScopsModel> {
  const { detector = 'lof', budget, contamination, holdBack, ...detectorOptions } = options;
  const context = realWorld();
  const component = await find('detector', detector);
  const limit = limitOf({ ...(budget ? { budget } : {}), ...(contamination === undefined ? {} : { contamination }) });
  const trained = await fitTrained({
    source: await sourceOf(input, context),
    detector: { component, input: detectorOptions },
    ...(limit ? { limit } : {}),
    ...(holdBack === undefined ? {} : { holdBack }),
    context,
  });
  return new ScopsModel(trained, context);
}

/** Read a model file, or the bytes of one; `overrides` are options that count at scoring, such as `ignoreUsers`. */
export async function load(
  model: string | Uint8Array,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<ScopsModel> {
  const context = realWorld();
  const trained =
    typeof model === 'string'
      ? await loadTrained(model, context, overrides)
      : await decodeTrained(model, context, overrides);
  return new ScopsModel(trained, context);
}

function limitOf({ budget, contamination }: LimitOptions): Limit | undefined {
  if (budget !== undefined) return parseBudget(budget);
  return contamination === undefined ? undefined : parseContamination(contamination);
}

const isSource = (input: Input): input is Source => typeof input === 'object' && 'events' in input;

async function sourceOf(input: Input, context: Context): Promise<Source> {
  if (isSource(input)) return input;
  if (
    typeof input === 'string' ||
    (Array.isArray(input) && input.every((path) => typeof path === 'string') && input.length > 0)
  ) {
    const component = await find('source', 'wazuh');
    return component.create(parseOptions(component, { paths: input }), context);
  }
  return {
    name: 'wazuh',
    async *events() {
      for (const alert of input as Iterable<object>) {
        const raw = JSON.stringify(alert);
        const event = readWazuh(raw);
        if ('reason' in event) context.reject({ source: 'wazuh', file: 'memory', line: 0, reason: event.reason, raw });
        else yield event;
      }
    },
  };
}
