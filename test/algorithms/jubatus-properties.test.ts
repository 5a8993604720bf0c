import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Anomaly,
  createAnomaly,
  type FeatureVector,
  type LofParameters,
  loadAnomaly,
} from '../../src/algorithms/jubatus/index.ts';
import { PlainLof } from '../support/plain-lof.ts';

const base = { nearestNeighborNum: 3, reverseNearestNeighborNum: 6, ignoreKthSamePoint: true } as const;

const engines: LofParameters[] = (['1.1.1', 'fixed'] as const).flatMap((compat): LofParameters[] => [
  { ...base, compat, method: 'lof', engine: { method: 'inverted_index_euclid' } },
  { ...base, compat, method: 'lof', engine: { method: 'inverted_index_euclid', ignoreOrthogonal: true } },
  { ...base, compat, method: 'lof', engine: { method: 'inverted_index' } },
  { ...base, compat, method: 'lof', engine: { method: 'lsh', hashNum: 16 } },
  {
    ...base,
    compat,
    method: 'lof',
    engine: { method: 'euclid_lsh', hashNum: 2, tableNum: 3, binWidth: 4, probeNum: 5 },
  },
  {
    ...base,
    compat,
    method: 'lof',
    engine: { method: 'nearest_neighbor_recommender', engine: { method: 'euclid_lsh', hashNum: 40 } },
  },
  { ...base, compat, method: 'light_lof', engine: { method: 'euclid_lsh', hashNum: 33 } },
]);

const unlearners: LofParameters[] = engines.flatMap((parameters) => [
  { ...parameters, unlearner: { method: 'lru', maxSize: 9, stickyPattern: '*0' } },
  { ...parameters, ignoreKthSamePoint: false, unlearner: { method: 'random', maxSize: 9, seed: 4 } },
]);

/** Numbers whose squares and products are exact, with many ties. */
const exactNumber = fc.integer({ min: -6, max: 8 }).map((value) => (value || 9) / 4);
const anyNumber = fc.oneof(exactNumber, fc.double(), fc.double({ min: -1, max: 1 }));

const vectorOf = (number: fc.Arbitrary<number>): fc.Arbitrary<FeatureVector> =>
  fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__'), number), {
    minLength: 1,
    selector: ([key]) => key,
    maxLength: 5,
  });

type Step = readonly ['update' | 'overwrite' | 'clearRow' | 'score', string, FeatureVector];

const stepsOf = (number: fc.Arbitrary<number>): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.tuple(
      fc.constantFrom('update', 'update', 'update', 'overwrite', 'overwrite', 'clearRow', 'score'),
      fc.nat(40).map(String),
      vectorOf(number),
    ) as fc.Arbitrary<Step>,
    { minLength: 1, maxLength: 60, size: 'max' },
  );

/** The same question for every model; what 1.1.1 refuses is done another way. */
function take(anomaly: Anomaly | PlainLof, parameters: LofParameters, [what, id, vector]: Step): unknown {
  const isLight = parameters.method === 'light_lof';
  if (what === 'score') return anomaly.scoreOf(vector);
  if (what === 'clearRow') return isLight ? undefined : anomaly.clearRow(id);
  const stored = isLight || what === 'overwrite' ? anomaly.overwrite(id, vector) : anomaly.update(id, vector);
  return stored ? anomaly.score(id) : anomaly.scoreOf(vector);
}

test('the incremental model gives what the whole computation gives', () => {
  const exact = engines.filter(
    ({ engine, compat, method }) =>
      engine.method === 'inverted_index_euclid' ||
      (compat === 'fixed' && method === 'lof' && engine.method === 'euclid_lsh'),
  );
  const models: LofParameters[] = exact.flatMap((parameters) => [
    parameters,
    { ...parameters, ignoreKthSamePoint: false },
    { ...parameters, unlearner: { method: 'lru', maxSize: 9 } },
  ]);
  fc.assert(
    fc.property(fc.constantFrom(...models), stepsOf(exactNumber), (parameters, steps) => {
      const anomaly = createAnomaly(parameters);
      const plain = new PlainLof(parameters);
      for (const step of steps) {
        const [own, expected] = [take(anomaly, parameters, step), take(plain, parameters, step)];
        if (typeof own === 'number' && Number.isFinite(own)) {
          assert.ok(Math.abs(own - (expected as number)) <= 1e-9 * own, `${step}: ${own}, not ${expected}`);
        } else assert.equal(own, expected, String(step));
        assert.deepEqual(anomaly.ids().sort(), plain.ids().sort());
      }
    }),
    { numRuns: 300 },
  );
});

test('a saved and loaded model goes on as the one that never stopped', () => {
  fc.assert(
    fc.property(fc.constantFrom(...engines, ...unlearners), stepsOf(anyNumber), (parameters, steps) => {
      const anomaly = createAnomaly(parameters);
      let loaded = createAnomaly(parameters);
      for (const step of steps) {
        const { header, arrays } = loaded.save();
        loaded = loadAnomaly(parameters, { header: JSON.parse(JSON.stringify(header)), arrays });
        assert.deepEqual(take(loaded, parameters, step), take(anomaly, parameters, step), String(step));
        assert.deepEqual(loaded.ids(), anomaly.ids());
      }
      assert.deepEqual(loaded.save(), anomaly.save());
    }),
    { numRuns: 300 },
  );
});

test('a score is a number from 0, in fixed always a finite one', () => {
  fc.assert(
    fc.property(fc.constantFrom(...engines, ...unlearners), stepsOf(anyNumber), (parameters, steps) => {
      const anomaly = createAnomaly(parameters);
      for (const step of steps) {
        const score = take(anomaly, parameters, step);
        if (score === undefined) continue;
        assert.ok((score as number) >= 0, `${step}: ${score}`);
        if (parameters.compat === 'fixed') assert.ok((score as number) < Infinity, `${step}: ${score}`);
      }
    }),
    { numRuns: 300 },
  );
});

test('asking changes nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...engines, ...unlearners),
      stepsOf(anyNumber),
      fc.array(vectorOf(anyNumber), { minLength: 1, maxLength: 5 }),
      (parameters, steps, questions) => {
        const anomaly = createAnomaly(parameters);
        for (const step of steps) take(anomaly, parameters, step);
        const before = anomaly.save();
        const ask = (): unknown[] =>
          questions.map((vector) => [
            anomaly.scoreOf(vector),
            anomaly.neighbors(vector, 50),
            anomaly.ids().map((id) => [anomaly.score(id), anomaly.row(id)]),
            parameters.method === 'lof' && anomaly.ids().map((id) => anomaly.scoreUpdated(id, vector)),
          ]);
        assert.deepEqual(ask(), ask());
        assert.deepEqual(anomaly.save(), before);
      },
    ),
    { numRuns: 100 },
  );
});

test('a question between two steps does not change the second', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...engines, ...unlearners),
      stepsOf(anyNumber),
      vectorOf(anyNumber),
      (parameters, steps, question) => {
        const [asked, other] = [createAnomaly(parameters), createAnomaly(parameters)];
        for (const step of steps) {
          asked.neighbors(question, 2);
          assert.deepEqual(take(asked, parameters, step), take(other, parameters, step), String(step));
          asked.scoreOf(step[2]);
        }
        assert.deepEqual(asked.save(), other.save());
      },
    ),
    { numRuns: 200 },
  );
});

test('a damaged model is refused, or at least gives scores', () => {
  const parameters = unlearners[0]!;
  const anomaly = createAnomaly(parameters);
  for (let id = 0; id < 12; id++)
    anomaly.update(String(id), [
      ['a', id],
      [`b${id % 3}`, 1],
    ]);
  const saved = anomaly.save();
  assert.throws(() => loadAnomaly(unlearners[1]!, saved), /other parameters/);
  assert.throws(() => loadAnomaly(parameters, { header: {}, arrays: saved.arrays }), /no saved Jubatus model/);
  for (const key of Object.keys(saved.arrays)) {
    const without = { ...saved.arrays };
    delete without[key];
    assert.throws(() => loadAnomaly(parameters, { header: saved.header, arrays: without }), /damaged/, key);
  }
  for (const key of ['added', 'ids', 'keys', 'unlearnable']) {
    for (const value of [undefined, null, 5.5, 'x', ['x', 'x'], [1]]) {
      const header = { ...saved.header, [key]: value };
      assert.throws(() => loadAnomaly(parameters, { header, arrays: saved.arrays }), /damaged/, `${key}: ${value}`);
    }
  }
  const array = fc.constantFrom(...Object.keys(saved.arrays));
  fc.assert(
    fc.property(array, fc.nat(), fc.oneof(fc.nat(), fc.double()), (key, at, value) => {
      const arrays = { ...saved.arrays, [key]: saved.arrays[key]!.slice() };
      arrays[key]![at % arrays[key]!.length] = value;
      let loaded: Anomaly;
      try {
        loaded = loadAnomaly(parameters, { header: saved.header, arrays });
      } catch (error) {
        assert.match((error as Error).message, /damaged/);
        return;
      }
      assert.ok(loaded.scoreOf([['a', 3]]) >= 0);
    }),
    { numRuns: 300 },
  );
});
