import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type Context, type Detector, defineDetector, type Event, type Model, ScopsError } from '../event/index.ts';
import { articleConfig } from './jubatus-lof/article.ts';
import { loadModel } from './jubatus-lof/load.ts';
import { JubatusModel, type Settings } from './jubatus-lof/model.ts';
import { Setup } from './jubatus-lof/setup.ts';

const amount = (fallback: number, least: number, most: number, description: string) =>
  v.optional(v.pipe(v.number(), v.minValue(least), v.maxValue(most), v.description(description)), fallback);
const count = (fallback: number, most: number, description: string) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most), v.description(description)), fallback);

const options = v.strictObject({
  jubatus: v.optional(
    v.pipe(
      v.union([v.string(), v.record(v.string(), v.unknown())]),
      v.description(
        'A configuration of jubaanomaly: the path of its JSON, or the object. Absent, the one in examples/logins.',
      ),
    ),
  ),
  compat: v.optional(
    v.pipe(
      v.picklist(['fixed', '1.1.1']),
      v.description(
        "With '1.1.1' the scores of that release, with its six digits of an address and its Infinity (here 1e6).",
      ),
    ),
    'fixed',
  ),
  per: v.optional(
    v.pipe(
      v.string(),
      v.description("The field whose values have models of their own; '' for one model of all logins."),
    ),
    'user.name',
  ),
  hours: amount(3, 0.01, 720, 'How long before a login others count as near in time.'),
  partitions: count(10_000, 1_000_000, 'So many models at most; the one not needed for longest is forgotten.'),
  rows: count(5_000, 1_000_000, 'So many rows in one model at most; the one not met for longest is forgotten.'),
  suspicious: amount(2, 1, 1e6, 'Logins with a score above this are quarantined and can be findings.'),
  quarantine: amount(
    7,
    0,
    3_650,
    'After so many days a quarantined login is learnt, unless somebody called it malicious.',
  ),
});

type Options = v.InferOutput<typeof options>;

/**
 * Jubatus' anomaly detection over successful logins, from its own configuration. A score is what `calc_score` gives: how
 * strange the login is to what was learnt before it. (Jubatus' `add` first stores the login and then scores it;
 * `JubatusAnomaly.add` in src/jubatus.ts does that.)
 */
export const jubatusLof = defineDetector({
  name: 'jubatus-lof',
  summary:
    'Logins unlike earlier ones of the user, as Jubatus finds them: from the same configuration, by local outlier factor.',
  options,
  examples: [
    'scops fit --detector jubatus-lof --jubatus login_analyze.json --model model.scops secure.log',
    'scops fit --detector jubatus-lof --compat 1.1.1 --model model.scops secure.log',
  ],
  create: (settings, context): Detector => {
    const begin = (): JubatusModel => begun(settings, context);
    return {
      name: 'jubatus-lof',
      kinds: ['login'],
      begin,
      fit: (events) => fit(events, begin()),
      load: loadModel,
    };
  },
});

function begun({ jubatus, compat, quarantine, ...rest }: Options, { log }: Context): JubatusModel {
  const json = typeof jubatus === 'string' ? readJson(jubatus) : (jubatus ?? articleConfig);
  const settings: Settings = { ...rest, quarantineDays: quarantine };
  return new JubatusModel(
    new Setup(json, { compat, warn: (message) => log.warn(message), mostRows: settings.rows }),
    settings,
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ScopsError(
      'CONFIG_INVALID',
      `Cannot read Jubatus configuration "${path}": ${(cause as Error).message}.`,
      {
        cause,
      },
    );
  }
}

/** Every login is judged by those before it, then learnt. */
async function fit(events: AsyncIterable<Event>, model: JubatusModel): Promise<Model> {
  let learnt = 0;
  for await (const event of events) {
    if (model.accepts(event)) learnt++;
    model.learn(event, false);
  }
  if (learnt === 0) throw new ScopsError('NOTHING_LEARNT', 'No successful login with a user name to learn from.');
  return model;
}
