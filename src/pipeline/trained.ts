import { readFile, stat } from 'node:fs/promises';
import {
  array,
  finite as finiteNumber,
  type InferOutput,
  minValue,
  number,
  object,
  optional,
  picklist,
  pipe,
  record,
  safeParse,
  strictObject,
  string,
  union,
  unknown,
} from 'valibot';
import writeFileAtomic from 'write-file-atomic';
import { type Context, eventKinds, isLearner, isMergeable, type Model, ScopsError } from '../event/index.ts';
import { decodeModelFile, encodeModelFile } from '../io/model-file.ts';
import { type Calibration, mergeCalibrations } from '../triage/calibration.ts';
import { Experience } from '../triage/experience.ts';
import { type Limit, parseBudget } from '../triage/limit.ts';
import { decodeExperience, encodeExperience, experienceSchema } from './experience-store.ts';
import { parseOptions } from './options.ts';
import { find } from './registry.ts';

/** A fitted model with what triage needs to judge by it. What a model file holds. */
export interface Trained {
  readonly detector: string;
  /** The options it was fitted with, as the user gave them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly model: Model;
  readonly calibrations: readonly Calibration[];
  /** Of a model that goes on learning: its calibrations follow what it meets, and so take the place of the others. */
  readonly experience?: Experience;
  /** The limit asked for at fitting, if any. */
  readonly limit?: Limit;
  readonly trained: { readonly events: number; readonly from: number; readonly to: number };
  /** How far a model that goes on learning has read: kept with it, so that nothing is learnt twice or left out. */
  readonly place?: { readonly source: string; readonly checkpoint: string };
}

const finite = pipe(number(), finiteNumber());
const headerSchema = object({
  detector: string(),
  options: record(string(), unknown()),
  calibrations: array(object({ kind: picklist(eventKinds), days: pipe(finite, minValue(0)) })),
  limit: optional(union([strictObject({ budget: finite }), strictObject({ contamination: finite })])),
  trained: object({ events: finite, from: finite, to: finite }),
  place: optional(object({ source: string(), checkpoint: string() })),
  experience: optional(experienceSchema),
});
type Header = InferOutput<typeof headerSchema>;

const maxModelBytes = 2 ** 30;

/** What judges by the model at this moment. */
export const calibrationsOf = ({ calibrations, experience }: Trained): readonly Calibration[] =>
  experience?.calibrations ?? calibrations;

export function encodeTrained(trained: Trained): Uint8Array {
  const calibrations = calibrationsOf(trained);
  const experience = trained.experience && encodeExperience(trained.experience.state);
  const header: Header = {
    detector: trained.detector,
    options: trained.options,
    calibrations: calibrations.map(({ kind, days }) => ({ kind, days })),
    ...(trained.limit ? { limit: trained.limit } : {}),
    trained: trained.trained,
    ...(trained.place ? { place: trained.place } : {}),
    ...(experience ? { experience: experience.header } : {}),
  };
  const arrays: Record<string, Uint8Array | Float64Array> = { model: trained.model.save() };
  for (const { kind, scores } of calibrations) arrays[`calibration/${kind}`] = scores;
  if (experience) arrays.experience = experience.scores;
  return encodeModelFile({ kind: 'scops-trained', header: { ...header }, arrays });
}

/**
 * The model in `bytes`. `overrides` are detector options that count at scoring, such as ignore lists.
 * Throws ScopsError MODEL_FORMAT when the bytes are damaged, cut short or something else.
 */
export async function decodeTrained(
  bytes: Uint8Array,
  context: Context,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<Trained> {
  const { header: raw, arrays } = decodeModelFile(bytes, 'scops-trained');
  const read = safeParse(headerSchema, raw);
  if (!read.success || !(arrays.model instanceof Uint8Array)) {
    throw new ScopsError('MODEL_FORMAT', 'This model file has no header that Scops can use.');
  }
  const { limit, place, experience, ...header } = read.output;
  const calibrations = header.calibrations.map(({ kind, days }) => {
    const scores = arrays[`calibration/${kind}`];
    if (scores instanceof Float64Array) return { kind, days, scores };
    throw new ScopsError('MODEL_FORMAT', `This model file lacks the calibration of "${kind}" events.`);
  });
  const component = await find('detector', header.detector);
  const options = { ...header.options, ...overrides };
  const model = component.create(parseOptions(component, options), context).load(arrays.model);
  const scores = arrays.experience instanceof Float64Array ? arrays.experience : new Float64Array();
  const state = experience && decodeExperience(experience, scores);
  return {
    ...header,
    options,
    model,
    calibrations,
    ...(isLearner(model) ? { experience: new Experience(model, calibrations, state) } : {}),
    ...(limit ? { limit } : {}),
    ...(place ? { place } : {}),
  };
}

/** Write a model file: a temporary file beside it, then a rename. Throws ScopsError OUTPUT_UNWRITABLE. */
export async function saveTrained(path: string, trained: Trained): Promise<number> {
  return writeModel(path, encodeTrained(trained));
}

/** As saveTrained, of bytes that `encodeTrained` gave. */
export async function writeModel(path: string, bytes: Uint8Array): Promise<number> {
  try {
    await writeFileAtomic(path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (cause) {
    throw new ScopsError('OUTPUT_UNWRITABLE', `Cannot write the model to "${path}".`, { cause });
  }
  return bytes.byteLength;
}

/** Read a model file. Throws ScopsError SOURCE_UNREADABLE or MODEL_FORMAT, naming the file. */
export async function loadTrained(
  path: string,
  context: Context,
  overrides?: Readonly<Record<string, unknown>>,
): Promise<Trained> {
  let bytes: Buffer;
  try {
    const { size } = await stat(path);
    if (size > maxModelBytes)
      throw new ScopsError('MODEL_FORMAT', `"${path}" has ${size} bytes: too many for a model.`);
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof ScopsError) throw cause;
    throw new ScopsError(
      'SOURCE_UNREADABLE',
      `Cannot read the model "${path}". Make one with: scops fit --model ${path} FILE`,
      {
        cause,
      },
    );
  }
  try {
    return await decodeTrained(bytes, context, overrides);
  } catch (error) {
    if (!(error instanceof ScopsError)) throw error;
    throw new ScopsError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}

/** Two trained models as one, as if fitted on both inputs. Throws ScopsError MODEL_MISMATCH. */
export function mergeTrained(left: Trained, right: Trained): Trained {
  if (left.detector !== right.detector) {
    throw new ScopsError('MODEL_MISMATCH', `Cannot merge a "${left.detector}" model with a "${right.detector}" model.`);
  }
  if (!isMergeable(left.model)) throw new ScopsError('MODEL_MISMATCH', `"${left.detector}" models cannot be merged.`);
  const overlap = left.trained.from < right.trained.to && right.trained.from < left.trained.to;
  return {
    ...left,
    model: left.model.merge(right.model),
    calibrations: mergeCalibrations(left.calibrations, right.calibrations, overlap),
    trained: {
      events: left.trained.events + right.trained.events,
      from: Math.min(left.trained.from, right.trained.from),
      to: Math.max(left.trained.to, right.trained.to),
    },
  };
}

/** The limit in force: asked for now, else at fitting, else the model's own, else 5 a day, or 0.001 without calibration. */
export function limitFor(trained: Trained, asked?: Limit): Limit {
  const countable = calibrationsOf(trained).length > 0 || isLearner(trained.model);
  const { contamination = countable ? undefined : 0.001 } = trained.model;
  const usual = contamination === undefined ? parseBudget('5/day') : { contamination };
  const limit = asked ?? trained.limit ?? usual;
  if ('budget' in limit && !countable) {
    throw new ScopsError(
      'MODEL_MISMATCH',
      'This model was fitted without held-back events, so a budget has nothing to count. Use --contamination, or fit again with --hold-back 0.2.',
    );
  }
  return limit;
}
