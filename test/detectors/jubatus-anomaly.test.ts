import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { articleConfig } from '../../src/detectors/jubatus-lof/article.ts';
import { ScopsError } from '../../src/event/index.ts';
import { type Datum, JubatusAnomaly } from '../../src/jubatus.ts';
import { habitualLogins } from '../support/jubatus.ts';

type Json = Readonly<Record<string, unknown>>;

/** The article's configuration with exact distances, k = 5, and other things as asked for. */
const config = (more: Json = {}, converter: Json = articleConfig.converter): Json => ({
  method: 'lof',
  parameter: {
    nearest_neighbor_num: 5,
    reverse_nearest_neighbor_num: 10,
    method: 'inverted_index_euclid',
    parameter: {},
    ...more,
  },
  converter,
});
const light = {
  method: 'light_lof',
  parameter: {
    nearest_neighbor_num: 5,
    reverse_nearest_neighbor_num: 10,
    method: 'euclid_lsh',
    parameter: { hash_num: 64 },
  },
  converter: articleConfig.converter,
};
const at = (place: number): Datum => ({ nums: [['dns_info', place]] });
const original = { compat: '1.1.1' } as const;

test('ids count from 0, a first score is Infinity in 1.1.1 only', () => {
  const [plain, fixed] = [new JubatusAnomaly(config(), original), new JubatusAnomaly(config())];
  assert.deepEqual(plain.add(at(1)), { id: '0', score: Number.POSITIVE_INFINITY });
  const second = plain.add(at(2));
  assert.equal(second.id, '1');
  assert.ok(Math.abs(second.score - 1) < 1e-9, `${second.score}`);
  assert.equal(fixed.add(at(1)).score, 1);
  assert.deepEqual(plain.getAllRows(), ['0', '1']);
  const copies = new JubatusAnomaly(config(), original);
  copies.addBulk([at(1), at(1)]);
  assert.equal(copies.add(at(1)).score, 0);
});

test('the k-th same point is refused: it has a score and an id, and is no row', () => {
  const anomaly = new JubatusAnomaly(config({ ignore_kth_same_point: true }), original);
  for (let row = 0; row < 4; row++) anomaly.add(at(1));
  const fifth = anomaly.add(at(1));
  assert.equal(fifth.id, '4');
  assert.equal(anomaly.size, 4);
  assert.deepEqual(anomaly.addBulk([at(1), at(9)]), ['6']);
  assert.deepEqual(anomaly.getAllRows(), ['0', '1', '2', '3', '6']);
});

test('calc_score changes nothing, and is what the next one will be scored by', () => {
  const anomaly = new JubatusAnomaly(config());
  anomaly.addBulk(habitualLogins(300, 1));
  const before = anomaly.save();
  const strange: Datum = { nums: [['ip_int', 1], ['dns_info', 9]] }; // biome-ignore format: a table
  const [datum = strange] = habitualLogins(1, 2);
  const scores = [anomaly.calcScore(strange), anomaly.calcScore(datum)];
  assert.deepEqual([anomaly.calcScore(strange), anomaly.calcScore(datum)], scores);
  assert.deepEqual(anomaly.save(), before);
  assert.ok((scores[0] as number) > 2, `${scores[0]}`);
});

test('update merges into a row and overwrite replaces it; fixed, a zero counts as said', () => {
  const both = (first: number, second: number): Datum => ({ nums: [['dns_info', first], ['first', second]] }); // biome-ignore format: a table
  for (const options of [original, { compat: 'fixed' } as const]) {
    const anomaly = new JubatusAnomaly(config(), options);
    anomaly.addBulk(habitualLogins(50, 1));
    anomaly.update('x', at(3));
    anomaly.update('x', { nums: [['first', 2]] });
    const row = (): unknown => Object.fromEntries(anomaly.neighbors(both(3, 2), 1)[0]?.features ?? []);
    assert.deepEqual(row(), { 'dns_info@num': 3, 'first@num': 2 });
    anomaly.update('x', both(0, 2));
    assert.deepEqual(row(), options === original ? { 'dns_info@num': 3, 'first@num': 2 } : { 'first@num': 2 });
    anomaly.overwrite('x', at(7));
    assert.deepEqual(Object.fromEntries(anomaly.neighbors(at(7), 1)[0]?.features ?? []), { 'dns_info@num': 7 });
    anomaly.clearRow('x');
    assert.ok(!anomaly.getAllRows().includes('x'));
    anomaly.clearRow('x');
    assert.equal(anomaly.add(at(1)).id, '50');
  }
});

test('an id given by hand is not given again when fixed', () => {
  const anomaly = new JubatusAnomaly(config());
  anomaly.update('7', at(1));
  assert.equal(anomaly.add(at(2)).id, '8');
});

test('light_lof of 1.1.1 has no update and no clear_row; fixed has', () => {
  const plain = new JubatusAnomaly(light, original);
  plain.add(at(1));
  for (const call of [() => plain.update('0', at(2)), () => plain.clearRow('0')]) {
    assert.throws(call, (error) => error instanceof ScopsError && error.code === 'USAGE');
  }
  assert.ok(Number.isFinite(plain.overwrite('0', at(2))) || plain.size === 1);
  const fixed = new JubatusAnomaly(light);
  fixed.add(at(1));
  assert.ok(Number.isFinite(fixed.update('0', at(2))));
  fixed.clearRow('0');
  assert.equal(fixed.size, 0);
});

test('clear forgets rows and weights, ids go on', () => {
  const words = { string_rules: [{ key: '*', type: 'space', sample_weight: 'tf', global_weight: 'idf' }] };
  const anomaly = new JubatusAnomaly(config({}, words));
  const text = (value: string): Datum => ({ strings: [['title', value]] });
  anomaly.addBulk([text('a b'), text('a c')]);
  assert.ok(anomaly.features(text('b')).some(([, value]) => value > 0));
  anomaly.clear();
  assert.deepEqual(anomaly.features(text('b')), [['title$b@space#tf/idf', 0]]);
  assert.equal(anomaly.size, 0);
  assert.equal(anomaly.add(text('a')).id, '2');
});

test('a given weight counts', () => {
  const weighted = { string_rules: [{ key: '*', type: 'space', sample_weight: 'tf', global_weight: 'weight' }] };
  const anomaly = new JubatusAnomaly(config({}, weighted), original);
  anomaly.setWeight('title$root@space', 2);
  assert.deepEqual(anomaly.features({ strings: [['title', 'root login']] }), [['title$root@space#tf/weight', 2]]);
});

test('an unlearner keeps so many rows, those last met', () => {
  const unlearner = { unlearner: 'lru', unlearner_parameter: { max_size: 20 } };
  const anomaly = new JubatusAnomaly(config(unlearner));
  anomaly.addBulk(habitualLogins(100, 1));
  assert.deepEqual(
    anomaly.getAllRows(),
    Array.from({ length: 20 }, (_, index) => String(80 + index)),
  );
});

for (const [name, json] of Object.entries({
  iie: config({ ignore_kth_same_point: true }),
  light,
  article: articleConfig,
  unlearning: config({ unlearner: 'random', unlearner_parameter: { max_size: 100, seed: 3 } }),
})) {
  for (const compat of ['1.1.1', 'fixed'] as const) {
    test(`${name}, ${compat}: saved and loaded, it goes on as if nothing had been`, () => {
      const data = [...habitualLogins(400, 8)];
      const anomaly = new JubatusAnomaly(json, { compat });
      anomaly.addBulk(data.slice(0, 250));
      const loaded = JubatusAnomaly.load(anomaly.save());
      assert.deepEqual(loaded.getAllRows(), anomaly.getAllRows());
      for (const datum of data.slice(250)) {
        assert.equal(loaded.calcScore(datum), anomaly.calcScore(datum));
        assert.equal(loaded.add(datum).score, anomaly.add(datum).score);
      }
    });
  }
}

test('bytes that are no model are refused', () => {
  const anomaly = new JubatusAnomaly(articleConfig);
  anomaly.addBulk(habitualLogins(50, 1));
  const saved = anomaly.save();
  for (const bytes of [new Uint8Array(), saved.subarray(0, 100), new Uint8Array(1000)]) {
    assert.throws(
      () => JubatusAnomaly.load(bytes),
      (error) => error instanceof ScopsError && error.code === 'MODEL_FORMAT',
    );
  }
});

test('fixed, every score is finite, whatever is done', () => {
  const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
  const datum = fc
    .record({ dns_info: value, first: value, ip_int: value }, { requiredKeys: [] })
    .map((nums): Datum => ({ nums: Object.entries(nums) as [string, number][] }));
  const step = fc.tuple(
    fc.constantFrom('add', 'update', 'overwrite', 'clearRow'),
    fc.integer({ min: 0, max: 9 }),
    datum,
  );
  for (const json of [config({ ignore_kth_same_point: true }), light, articleConfig]) {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), datum, (steps, last) => {
        const anomaly = new JubatusAnomaly(json);
        for (const [what, id, each] of steps) {
          if (what === 'clearRow') anomaly.clearRow(`${id}`);
          else {
            const score = what === 'add' ? anomaly.add(each).score : anomaly[what as 'update'](`${id}`, each);
            assert.ok(Number.isFinite(score), `${what}: ${score}`);
          }
        }
        assert.ok(Number.isFinite(anomaly.calcScore(last)));
        assert.equal(new Set(anomaly.getAllRows()).size, anomaly.size);
      }),
      { numRuns: 50 },
    );
  }
});
