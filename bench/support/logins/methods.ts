import { articleConfig } from '../../../src/detectors/jubatus-lof/article.ts';
import { Habits } from '../../../src/detectors/jubatus-lof/habits.ts';
import { datumOf, loginOf } from '../../../src/detectors/jubatus-lof/login.ts';
import { loginLikelihood } from '../../../src/detectors/login-likelihood.ts';
import type { Detector, Event, Learner } from '../../../src/event/index.ts';
import { text } from '../../../src/event/index.ts';
import { JubatusAnomaly } from '../../../src/jubatus.ts';
import { parseOptions } from '../../../src/pipeline/options.ts';
import { testContext } from '../../../test/support/context.ts';

/** Something that scores logins one by one, each by those before it. Higher is stranger. */
export interface Method {
  readonly name: string;
  /** The score of a successful login, which is then learnt; `attack` is for who is let into the secret. */
  judge(event: Event, attack: boolean): number;
  /** Anything else that may be of use, such as a failed login. */
  meet?(event: Event): void;
}

/** A model of the detector that knows nothing. */
export function begin(): Learner {
  const create = loginLikelihood.create as (settings: unknown, context: unknown) => Detector;
  return create(parseOptions(loginLikelihood, {}), testContext()).begin?.() as Learner;
}

export function likelihood(model: Learner = begin()): Method {
  return {
    name: 'login-likelihood',
    judge(event) {
      const { value } = model.score(event);
      model.learn(event, false);
      return value;
    },
    meet: (event) => model.learn(event, false),
  };
}

const userOf = (event: Event): string => text(event, 'user.name') ?? '';

/**
 * The rule of many a script: an address, and a place, that were never seen of the user; block lists break ties. With
 * `told`, it never learns an attack, as if somebody had caught each at once: the best such a rule can do.
 */
export function firstSeen(told = false): Method {
  const seen = new Set<string>();
  return {
    name: told ? 'first-seen rule that is told of every attack' : 'first-seen rule',
    judge(event, attack) {
      const isNew = (what: string, value: string | undefined): boolean => {
        const key = JSON.stringify([userOf(event), what, value]);
        const fresh = value !== undefined && !seen.has(key);
        if (!told || !attack) seen.add(key);
        return fresh;
      };
      const address = isNew('address', text(event, 'source.ip'));
      const place = isNew('place', text(event, 'source.geo.geoname_id'));
      return Number(address) + Number(place) + Number(event.fields['source.reputation.score'] ?? 0) / 2;
    },
  };
}

/** How rare the place and the network of 16 bits are of the user, and 1.5 for a block list: a model in six lines. */
export function surprisal(): Method {
  const counts = new Map<string, number>();
  const count = (key: string): number => counts.get(key) ?? 0;
  return {
    name: 'surprisal of place and /16',
    judge(event) {
      const user = userOf(event);
      const network = text(event, 'source.ip')?.split('.').slice(0, 2).join('.');
      let score = Number(event.fields['source.reputation.score'] ?? 0) > 0 ? 1.5 : 0;
      for (const value of [network, text(event, 'source.geo.geoname_id')]) {
        if (value === undefined) continue;
        const key = JSON.stringify([user, value]);
        score -= Math.log((count(key) + 0.5) / (count(user) + 1));
        counts.set(key, count(key) + 1);
      }
      counts.set(user, count(user) + 1);
      return score;
    },
  };
}

const threeHours = 3 * 3_600_000;
/** Infinity, which Jubatus gives to a row without neighbours, ranks above everything else. */
const greatest = 1e9;

/** What the article runs: `add` of every login to the user's own jubaanomaly, the score being what `add` returns. */
function jubatus(name: string, config: unknown, compat: '1.1.1' | 'fixed' = '1.1.1'): Method {
  const users = new Map<string, { readonly anomaly: JubatusAnomaly; readonly habits: Habits }>();
  return {
    name,
    judge(event) {
      const user = userOf(event);
      const known = users.get(user) ?? {
        anomaly: new JubatusAnomaly(config, { compat }),
        habits: new Habits(threeHours),
      };
      users.set(user, known);
      const { anomaly, habits } = known;
      const login = loginOf(event, false);
      const { score } = anomaly.add(datumOf(login, habits.around(login, event.time)));
      habits.count(login, event.time);
      habits.remember(login);
      return Math.min(greatest, score);
    },
  };
}

const exactConfig = {
  ...articleConfig,
  parameter: { ...articleConfig.parameter, method: 'inverted_index_euclid', parameter: {} },
};

/** What the article runs, as it was and as it is repaired, and with exact distances. */
export const articleMethods: readonly (() => Method)[] = [
  () => jubatus("jubatus-lof, the article's configuration", articleConfig),
  () => jubatus("jubatus-lof, the article's configuration, compat fixed", articleConfig, 'fixed'),
  () => jubatus('exact local outlier factor, the same features', exactConfig),
];

export const methods: readonly (() => Method)[] = [
  () => likelihood(),
  () => firstSeen(),
  () => firstSeen(true),
  () => jubatus("jubatus-lof, the article's configuration", articleConfig),
  () => jubatus('exact local outlier factor, the same features', exactConfig),
];
