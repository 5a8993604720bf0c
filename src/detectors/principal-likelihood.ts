import * as v from 'valibot';
import { PairLikelihood } from '../algorithms/pair-likelihood/index.ts';
import { defineDetector, type Event, ScopsError } from '../event/index.ts';
import { decodeModelFile } from '../io/model-file.ts';
import { Names } from '../text/names.ts';
import { Fleet } from './principal-likelihood/fleet.ts';
import { Lineage } from './principal-likelihood/lineage.ts';
import { firstTraining, PrincipalModel, type Settings } from './principal-likelihood/model.ts';
import { decodePairs, floats } from './principal-likelihood/pairs-store.ts';
import { Sessions } from './principal-likelihood/sessions.ts';
import { decodeFleet, decodeOwners, header } from './principal-likelihood/store.ts';

const positive = (description: string) => v.pipe(v.number(), v.finite(), v.gtValue(0), v.description(description));
const count = (description: string, least: number, greatest: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(greatest), v.description(description));

const options = v.strictObject({
  halfLifeDays: v.optional(positive('Habits count half after so many days.'), 45),
  quarantineAbove: v.optional(
    v.pipe(
      v.number(),
      v.finite(),
      v.description('A call that scores more, in nats, is not learnt before `quarantineDays` or a person says so.'),
    ),
    10,
  ),
  quarantineDays: v.optional(positive('After so many days without a word, a quarantined call is learnt.'), 14),
  maxPrincipals: v.optional(
    count('So many principals are remembered; those away the longest are forgotten.', 1, 10_000_000),
    100_000,
  ),
  seed: v.optional(
    count('Of the addresses made up to learn from; the same seed and events give the same model.', 0, 2 ** 32 - 1),
    0,
  ),
});

/** How much likelier a call is from an intruder than from its principal: the logarithm of Freeman's likelihood ratio. */
export const principalLikelihood = defineDetector({
  name: 'principal-likelihood',
  summary: "API calls unlike their principal's: from where, which action, with what, in which session.",
  options,
  examples: [
    'scops fit --detector principal-likelihood --source cloudtrail:AWSLogs --model model.scops',
    'scops cloud rank --trail AWSLogs --findings findings.jsonl',
  ],
  create: (settings) => ({
    name: 'principal-likelihood',
    kinds: ['api', 'login', 'finding'],
    begin: () => begin(settings),
    fit: (events) => fit(events, settings),
    load: (bytes) => load(bytes, settings),
  }),
});

/** Judge, then learn, one by one. */
async function fit(events: AsyncIterable<Event>, settings: Settings): Promise<PrincipalModel> {
  const model = begin(settings);
  for await (const event of events) model.learn(event, false);
  if (model.trainingScores('api').length + model.trainingScores('login').length > 0) return model;
  throw new ScopsError('NOTHING_LEARNT', 'No API call and no successful sign-in of a named principal to learn from.');
}

const begin = (settings: Settings): PrincipalModel =>
  new PrincipalModel(settings, {
    owners: new Map(),
    fleet: new Fleet(),
    names: new Names(),
    pairs: new PairLikelihood(),
    sessions: new Sessions(),
    lineage: new Lineage(),
    held: [],
    waiting: [],
    trained: false,
    scores: { api: new Float64Array(), login: new Float64Array(), finding: new Float64Array() },
    clock: 0,
    events: 0,
    entities: 0,
    free: [],
    counted: 0,
    trainAt: firstTraining,
  });

function load(bytes: Uint8Array, settings: Settings): PrincipalModel {
  const { header: json, arrays } = decodeModelFile(bytes, 'principal-likelihood');
  const parsed = v.safeParse(header, json);
  if (!parsed.success) {
    throw new ScopsError(
      'MODEL_FORMAT',
      `This model file's header is not one of "principal-likelihood": ${parsed.issues[0].message}.`,
    );
  }
  const { owners, groups, names, pairs, sightings, ...rest } = parsed.output;
  try {
    return new PrincipalModel(settings, {
      ...rest,
      owners: decodeOwners(owners, floats(arrays, 'owners'), rest.entities),
      fleet: decodeFleet(groups, arrays),
      names: Names.load(names.words, names.free),
      pairs: decodePairs(arrays),
      sessions: Sessions.load(floats(arrays, 'sessions'), sightings),
      lineage: new Lineage(rest.lineage),
      scores: {
        api: floats(arrays, 'scores/api'),
        login: floats(arrays, 'scores/login'),
        finding: floats(arrays, 'scores/finding'),
      },
      counted: pairs,
    });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ScopsError('MODEL_FORMAT', `The parts of this model file do not fit together: ${cause.message}`, {
      cause,
    });
  }
}
