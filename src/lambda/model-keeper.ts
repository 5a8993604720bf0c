import { type Context, type Event, isLearner, type Learner, ScopsError } from '../event/index.ts';
import { withRead } from '../pipeline/memory.ts';
import { parseOptions } from '../pipeline/options.ts';
import { find } from '../pipeline/registry.ts';
import { decodeTrained, encodeTrained, limitFor, type Trained } from '../pipeline/trained.ts';
import { createJudge, type Judgement } from '../triage/judge.ts';
import { Firsts } from './firsts.ts';
import type { ModelStore } from './model-store.ts';
import { Seen } from './seen.ts';
import type { Settings } from './settings.ts';

/** A model in memory, with what it has taken in and what it was read as. */
export interface Kept {
  readonly trained: Trained;
  /** Undefined where the model is only read. */
  readonly learner: Learner | undefined;
  readonly judge: (event: Event) => Judgement | undefined;
  readonly seen: Seen;
  readonly firsts: Firsts;
  readonly tag: string | undefined;
}

/** What was learnt since the model was read. */
export interface Learnt {
  readonly events: number;
  readonly from: number;
  readonly to: number;
}

const source = 'lambda';
const usual = 'principal-likelihood';
/** A model that is only read is looked for anew after so many milliseconds: somebody may have put a better one there. */
const stale = 300_000;
const day = 86_400_000;

type KeeperSettings = Pick<Settings, 'detector' | 'detectorOptions' | 'learn' | 'limit' | 'quietDays'>;

/** Holds the model from one invocation to the next, and writes it where it lies. */
export class ModelKeeper {
  readonly #store: ModelStore;
  readonly #settings: KeeperSettings;
  readonly #context: Context;
  #kept: Kept | undefined;
  #lookedAt = 0;

  constructor(store: ModelStore, settings: KeeperSettings, context: Context) {
    if (settings.learn === true && store.write === undefined) {
      throw new ScopsError(
        'CONFIG_INVALID',
        `SCOPS_LEARN is set, and the model "${store.where}" cannot be written: put it into S3.`,
      );
    }
    this.#store = store;
    this.#settings = settings;
    this.#context = context;
  }

  /** The model in memory, or the one in its place. Begins an empty one where there is none. */
  async current(): Promise<Kept> {
    const now = this.#context.now();
    const kept = this.#kept;
    if (kept !== undefined && (kept.learner !== undefined || now - this.#lookedAt < stale)) return kept;
    const stored = await this.#store.read(kept?.tag);
    this.#lookedAt = now;
    if (stored === 'same' && kept !== undefined) return kept;
    this.#kept = stored === undefined || stored === 'same' ? await this.#begin() : await this.#open(stored);
    return this.#kept;
  }

  /** What is in memory is not to be relied on: it is read again. */
  forget(): void {
    this.#kept = undefined;
  }

  /** Write the model with what it has learnt. False when somebody else has written since: then it is forgotten. */
  async save(kept: Kept, learnt: Learnt): Promise<boolean> {
    const before = kept.trained.trained;
    const trained = {
      ...kept.trained,
      trained: withRead(before, { ...learnt, judged: 0, findings: 0 }),
      place: { source, checkpoint: JSON.stringify({ seen: kept.seen.save(), firsts: kept.firsts.save() }) },
    };
    const tag = await this.#store.write?.(encodeTrained(trained), kept.tag);
    this.#kept = tag === undefined ? undefined : { ...kept, trained, tag };
    return tag !== undefined;
  }

  /** Whether the model is too young for findings of its own. */
  isQuiet({ learner, trained: { trained } }: Kept): boolean {
    return learner !== undefined && trained.to - trained.from < this.#settings.quietDays * day;
  }

  async #begin(): Promise<Kept> {
    const { detector = usual, detectorOptions, learn } = this.#settings;
    const { where, write } = this.#store;
    const component = await find('detector', detector);
    const model = component.create(parseOptions(component, detectorOptions), this.#context).begin?.();
    if (model === undefined || learn === false || write === undefined) {
      const why = model === undefined ? `"${detector}" does not learn as it goes` : 'learning is turned off';
      throw new ScopsError('SOURCE_UNREADABLE', `There is no model at ${where}, and ${why}. Make one with: scops fit`);
    }
    this.#context.log.warn(`There is no model at ${where}: an empty one of "${detector}" begins to learn.`);
    const trained = { events: 0, from: 0, to: 0 };
    return this.#keep({ detector, options: detectorOptions, model, calibrations: [], trained }, undefined);
  }

  async #open({ bytes, tag }: { bytes: Uint8Array; tag: string }): Promise<Kept> {
    const { detector, detectorOptions } = this.#settings;
    const trained = await decodeTrained(bytes, this.#context, detectorOptions);
    if (detector !== undefined && detector !== trained.detector) {
      const found = `The model ${this.#store.where} is one of "${trained.detector}", not of "${detector}"`;
      throw new ScopsError('MODEL_MISMATCH', `${found}. Change SCOPS_DETECTOR, or SCOPS_MODEL.`);
    }
    const { events, to } = trained.trained;
    this.#context.log.info(
      `The model of "${trained.detector}" has learnt ${events} events up to ${new Date(to).toISOString()}.`,
    );
    return this.#keep(trained, tag);
  }

  #keep(trained: Trained, tag: string | undefined): Kept {
    const { model, calibrations, place } = trained;
    const { learn, limit } = this.#settings;
    if (learn === true && !isLearner(model)) {
      throw new ScopsError(
        'MODEL_MISMATCH',
        `"${trained.detector}" models do not learn as they go: unset SCOPS_LEARN.`,
      );
    }
    const memory = place?.source === source ? remembered(place.checkpoint) : {};
    const learns = learn !== false && this.#store.write !== undefined && isLearner(model);
    return {
      trained,
      learner: learns ? model : undefined,
      judge: createJudge(model, calibrations, limitFor(trained, limit)),
      seen: Seen.load(memory.seen),
      firsts: Firsts.load(memory.firsts),
      tag,
    };
  }
}

function remembered(checkpoint: string): { readonly seen?: unknown; readonly firsts?: unknown } {
  try {
    return Object(JSON.parse(checkpoint));
  } catch {
    return {};
  }
}
