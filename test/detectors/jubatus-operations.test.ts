import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Datum, JubatusAnomaly } from '../../src/jubatus.ts';
import { readGolden } from '../support/jubatus.ts';

/** What jubatus_core 1.1.1 was told, and what it gave back; a score of 'inf' is Infinity. */
type Step = readonly [what: string, id: string | null, given: Datum | Datum[] | null, wanted: unknown];

interface Vector {
  readonly name: string;
  readonly config: unknown;
  readonly steps: readonly Step[];
}

const vectors = (name: string) => readGolden(`${name}.json.gz`) as Vector[];

function take(anomaly: JubatusAnomaly, [what, id, given]: Step): unknown {
  const datum = given as Datum;
  switch (what) {
    case 'add': {
      const { id: own, score } = anomaly.add(datum);
      return [own, score];
    }
    case 'bulk':
      return anomaly.addBulk(given as Datum[]);
    case 'update':
      return anomaly.update(id as string, datum);
    case 'overwrite':
      return anomaly.overwrite(id as string, datum);
    case 'clear_row':
      return anomaly.clearRow(id as string);
    case 'clear':
      return anomaly.clear();
    case 'calc':
      return anomaly.calcScore(datum);
    case 'rows':
      return anomaly.getAllRows().sort();
    case 'learn':
      anomaly.update('r', datum);
      return undefined;
    default:
      return anomaly.features(datum);
  }
}

function answer(anomaly: JubatusAnomaly, step: Step): unknown {
  try {
    return take(anomaly, step);
  } catch {
    return 'refused';
  }
}

function assertNear(own: unknown, wanted: unknown, where: string): void {
  if (Array.isArray(wanted) && Array.isArray(own)) {
    assert.equal(own.length, wanted.length, where);
    for (const [i, each] of wanted.entries()) assertNear(own[i], each, where);
  } else if (typeof wanted === 'number' && typeof own === 'number') {
    assert.ok(Math.abs(own - wanted) <= 1e-9 * Math.max(1e-12, Math.abs(wanted)), `${where}: ${own}, not ${wanted}`);
  } else assert.equal(own === Infinity ? 'inf' : (own ?? null), wanted, where);
}

/** The order of the terms of one text is that of the library's hash table: pairs are named by both, in one order. */
const canonical = (features: unknown): unknown =>
  Array.isArray(features)
    ? features
        .map(([key, value]: [string, number]): [string, number] => {
          const [, pair, name] = /^(.*)\/(add|mul)$/s.exec(key) ?? [];
          return [pair === undefined ? key : `${pair.split('&').sort().join('&')}/${name}`, value];
        })
        .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x - y))
    : features;

test('operations in every order, on every engine, score as in the library', () => {
  let steps = 0;
  for (const { name, config, steps: given } of vectors('operations')) {
    const anomaly = new JubatusAnomaly(config, { compat: '1.1.1' });
    for (const [i, step] of given.entries()) {
      assertNear(answer(anomaly, step), step[3], `${name}, step ${i} (${step[0]})`);
      steps++;
    }
  }
  assert.ok(steps > 4000, `${steps}`);
});

test('features are those of the library, whatever the rules', () => {
  let features = 0;
  for (const { name, config, steps } of vectors('features')) {
    const anomaly = new JubatusAnomaly(config, { compat: '1.1.1' });
    for (const [i, step] of steps.entries()) {
      const own = canonical(answer(anomaly, step));
      assertNear(own, canonical(step[3]), `${name}, step ${i}`);
      if (Array.isArray(own)) features += own.length;
    }
  }
  assert.ok(features > 1000, `${features}`);
});
