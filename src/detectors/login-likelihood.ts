import * as v from 'valibot';
import { defineDetector, type Event, ScopsError } from '../event/index.ts';
import { decodeModelFile, type ModelFile } from '../io/model-file.ts';
import { Names } from '../text/names.ts';
import { loginFrom, loginSchema } from './login-likelihood/held.ts';
import { LoginModel } from './login-likelihood/model.ts';
import { empty, type Settings } from './login-likelihood/state.ts';
import { decodeFleet, decodeUsers } from './login-likelihood/store.ts';
import { dimensions } from './login-likelihood/values.ts';

const positive = (description: string) => v.pipe(v.number(), v.finite(), v.gtValue(0), v.description(description));
const count = (description: string, least: number, greatest: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(greatest), v.description(description));

const options = v.strictObject({
  halfLifeDays: v.optional(positive('Habits count half after so many days.'), 60),
  quarantineAbove: v.optional(
    v.pipe(
      v.number(),
      v.finite(),
      v.description('A login that scores more, in nats, is not learnt before `quarantineDays` or a person says so.'),
    ),
    5,
  ),
  quarantineDays: v.optional(positive('After so many days without a word, a quarantined login is learnt.'), 14),
  sharedBy: v.optional(count("A network that so many users come from is taken to be the company's.", 2, 1000), 3),
  newCountries: v.optional(
    v.pipe(
      v.boolean(),
      v.description('Every login from a country that its user never came from is a finding, whatever it scores.'),
    ),
    false,
  ),
  maxUsers: v.optional(
    count('So many users are remembered; those away the longest are forgotten.', 1, 10_000_000),
    100_000,
  ),
});

/** How much likelier a login is from an attacker than from its user: the logarithm of Freeman's likelihood ratio. */
export const loginLikelihood = defineDetector({
  name: 'login-likelihood',
  summary: "Logins unlike their user's: from where, with which key, to which host, at which hour, after what.",
  options,
  examples: ['scops logins /var/log/auth.log', 'scops logins --geo GeoLite2-City.mmdb --follow /var/log/secure'],
  create: (settings) => ({
    name: 'login-likelihood',
    kinds: ['login'],
    begin: () => begin(settings),
    fit: (events) => fit(events, settings),
    load: (bytes) => load(bytes, settings),
  }),
});

/** Judge, then learn, one by one. */
async function fit(events: AsyncIterable<Event>, settings: Settings): Promise<LoginModel> {
  const model = begin(settings);
  for await (const event of events) model.learn(event, false);
  if (model.trainingScores('login').length > 0) return model;
  throw new ScopsError('NOTHING_LEARNT', 'No successful login to learn from: an event of kind "login" with a user.');
}

const begin = (settings: Settings): LoginModel => new LoginModel(settings, empty());

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const header = v.object({
  clock: v.pipe(v.number(), v.finite()),
  events: whole,
  users: v.array(v.string()),
  names: v.object({ words: v.array(v.nullable(v.string())), free: v.array(whole) }),
  held: v.array(loginSchema),
  // Files without the number are of before clients were looked at.
  dimensions: v.optional(v.pipe(v.number(), v.integer(), v.minValue(11), v.maxValue(dimensions.length)), 11),
});

function load(bytes: Uint8Array, settings: Settings): LoginModel {
  const file = decodeModelFile(bytes, 'login-likelihood');
  const parsed = v.safeParse(header, file.header);
  if (!parsed.success) {
    throw new ScopsError(
      'MODEL_FORMAT',
      `This model file's header is not one of "login-likelihood": ${parsed.issues[0].message}.`,
    );
  }
  const { clock, events, users, names, held, dimensions: known } = parsed.output;
  try {
    return new LoginModel(settings, {
      users: decodeUsers(users, floats(file, 'users'), known),
      fleet: decodeFleet(file.arrays, known),
      names: Names.load(names.words, names.free),
      held: held.map(loginFrom),
      scores: floats(file, 'scores'),
      clock,
      events,
    });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ScopsError('MODEL_FORMAT', `The parts of this model file do not fit together: ${cause.message}`, {
      cause,
    });
  }
}

function floats({ arrays }: ModelFile, name: string): Float64Array {
  const array = arrays[name];
  if (array instanceof Float64Array) return array;
  throw new RangeError(`The part "${name}" is missing.`);
}
