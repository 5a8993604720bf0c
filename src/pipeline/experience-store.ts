import * as v from 'valibot';
import { eventKinds, ScopsError } from '../event/index.ts';
import type { ExperienceState } from '../triage/experience.ts';
import type { Day } from '../triage/window.ts';

const finite = v.pipe(v.number(), v.finite());
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const kind = v.picklist(eventKinds);

/** An experience in a model file's header; the scores stand in an array beside it, in the same order. */
export const experienceSchema = v.object({
  judged: whole,
  freed: v.boolean(),
  displaced: v.boolean(),
  days: v.array(
    v.object({
      date: v.pipe(v.number(), v.safeInteger()),
      units: v.optional(v.array(v.string())),
      past: v.array(
        v.pipe(
          v.object({ kind, count: whole, below: v.pipe(whole, v.maxValue(65_536)) }),
          v.check(({ count, below }) => below === 0 || count > 0),
        ),
      ),
    }),
  ),
  held: v.array(
    v.tuple([
      v.string(),
      v.object({
        kind,
        time: finite,
        unit: v.string(),
        value: finite,
        finding: v.string(),
        until: finite,
        counted: v.optional(finite),
      }),
    ]),
  ),
});
type Header = v.InferOutput<typeof experienceSchema>;

export function encodeExperience({ days, held, ...rest }: ExperienceState): { header: Header; scores: Float64Array } {
  const scores = days.flatMap(({ units, past }) => [
    ...(units?.values() ?? []),
    ...past.flatMap((each) => each.scores),
  ]);
  const header = {
    ...rest,
    days: days.map(({ date, units, past }) => ({
      date,
      ...(units ? { units: [...units.keys()] } : {}),
      past: past.map((each) => ({ kind: each.kind, count: each.scores.length, below: each.below })),
    })),
    held: held.map(([event, entry]): Header['held'][number] => [event, { ...entry }]),
  };
  return { header, scores: Float64Array.from(scores) };
}

/** Throws ScopsError MODEL_FORMAT when the scores are not as many as the header says. */
export function decodeExperience({ days, held, ...rest }: Header, scores: Float64Array): ExperienceState {
  let at = 0;
  const take = (count: number): Float64Array => {
    at += count;
    return scores.subarray(at - count, at);
  };
  const read = days.map(({ date, units, past }): Day => {
    const values = take(units?.length ?? 0);
    return {
      date,
      ...(units ? { units: new Map(units.map((unit, i) => [unit, values[i] ?? 0])) } : {}),
      past: past.map(({ kind, count, below }) => ({ kind, below, scores: Array.from(take(count)) })),
    };
  });
  if (at !== scores.length) throw new ScopsError('MODEL_FORMAT', 'This model file has other scores than its days say.');
  return {
    ...rest,
    days: read,
    held: held.map(([event, { counted, ...entry }]) => [
      event,
      { ...entry, ...(counted === undefined ? {} : { counted }) },
    ]),
  };
}
