import {
  type Context,
  isCommittable,
  isLearner,
  isResumable,
  type Resumable,
  ScopsError,
  type Source,
} from '../event/index.ts';
import type { RunOptions, RunSummary } from './run.ts';
import { encodeTrained, type Trained, writeModel } from './trained.ts';
import { forgetWords, heed, takeWords } from './words.ts';

/** A model that goes on learning is written at most this often, in milliseconds, and for at most a twentieth of the time. */
const leastPause = 5_000;
const share = 20;

/**
 * Take the source to where the model has read. A model that learnt from a history goes on with a live source of another
 * name from that one's own place. Throws ScopsError MODEL_MISMATCH when the model learnt from another source otherwise.
 */
export function resumeAt(source: Source, { place }: Trained, path: string): void {
  if (place === undefined) return;
  if (place.source === source.name && isResumable(source)) source.resume(place.checkpoint);
  else if (!goesOn(source, place)) throw otherSource(path, place, source);
}

/** Throws ScopsError MODEL_MISMATCH when the model cannot go on learning from this source. */
export function requireLearner({ detector, model, place }: Trained, path: string, source: Source): void {
  if (!isLearner(model)) {
    throw new ScopsError('MODEL_MISMATCH', `"${detector}" models do not learn as they go. Leave out --learn.`);
  }
  if (place === undefined || (place.source === source.name && isResumable(source))) return;
  if (!goesOn(source, place)) throw otherSource(path, place, source);
}

/** The source has a place of its own to begin at: its other end keeps it, or it is live and the history was another's. */
const goesOn = (source: Source, place: NonNullable<Trained['place']>): boolean =>
  place.source === source.name ? isCommittable(source) : source.live === true;

const otherSource = (path: string, place: NonNullable<Trained['place']>, source: Source): ScopsError =>
  new ScopsError(
    'MODEL_MISMATCH',
    `The model "${path}" learns from source "${place.source}", not from "${source.name}". Name another model file; only a live source may follow on another.`,
  );

/** Where a source stands, for a model file. */
export const placeOf = (source: Source & Resumable): NonNullable<Trained['place']> => ({
  source: source.name,
  checkpoint: source.checkpoint(),
});

/**
 * For `run`: writes the model and the source's place as one file, so that after a crash nothing is learnt twice; takes
 * in the words that people have left beside it.
 */
export function keepIn(
  path: string,
  trained: Trained,
  source: Source,
  context: Context,
): NonNullable<RunOptions['keep']> {
  let due = Number.NEGATIVE_INFINITY;
  const hear = (): void => {
    for (const word of takeWords(path)) {
      const settled = heed(trained, word);
      if (settled > 0) context.log.info(`A word on ${word.id} was heard: ${settled} ${word.verdict}.`);
    }
  };
  hear();
  return (checkpoint, last, read) => {
    const began = context.now();
    if (!last && began < due) return undefined;
    hear();
    const bytes = encodeTrained({
      ...trained,
      trained: withRead(trained.trained, read),
      place: { source: source.name, checkpoint },
    });
    const encoded = context.now();
    return async () => {
      const writing = context.now();
      await writeModel(path, bytes);
      forgetWords(path);
      const now = context.now();
      due = now + Math.max(leastPause, share * (encoded - began + now - writing));
    };
  };
}

/** What a model has learnt from when it has read on. */
export function withRead(before: Trained['trained'], read: RunSummary): Trained['trained'] {
  const { events, from, to } = read;
  if (events === 0) return before;
  if (before.events === 0) return { events, from, to };
  return { events: before.events + events, from: Math.min(before.from, from), to: Math.max(before.to, to) };
}
