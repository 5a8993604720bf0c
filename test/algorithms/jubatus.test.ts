import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../src/algorithms/index.ts';
import { createAnomaly, type FeatureVector, type LofParameters } from '../../src/algorithms/jubatus/index.ts';
import { Signatures } from '../../src/algorithms/jubatus/signatures.ts';

const article = {
  method: 'lof',
  nearestNeighborNum: 10,
  reverseNearestNeighborNum: 30,
  ignoreKthSamePoint: true,
  compat: '1.1.1',
} as const;

const articleEngine = {
  method: 'euclid_lsh',
  hashNum: 8,
  tableNum: 16,
  probeNum: 64,
  binWidth: 10,
  seed: 1234,
} as const;

const lightLof = { ...article, method: 'light_lof', engine: { method: 'euclid_lsh', hashNum: 64 } } as const;

/** C++ prints a number as a category with six digits. */
function sixDigits(value: number): string {
  if (Math.abs(value) < 999_999.5) return String(Number(value.toPrecision(6)));
  const [mantissa, exponent] = value.toExponential(5).split('e+');
  return `${Number(mantissa)}e+${exponent!.padStart(2, '0')}`;
}

/** What the configurations of the vectors make of the six numbers of a login. */
function login([ip, geo, dns, first, logins, places]: readonly number[]): FeatureVector {
  return [
    [`ip_int@str$${sixDigits(ip!)}`, 1],
    [`geoid@str$${sixDigits(geo!)}`, 1],
    ['dns_info@num', dns!],
    ['first@num', first!],
    ['num_of_login_in_near_time@num', logins!],
    ['num_of_location_in_near_time@num', places!],
  ];
}

const exact = { ...article, engine: { method: 'inverted_index_euclid' } } as const;
const place = (x: number): FeatureVector => [
  ['x', x],
  ['one', 1],
];

test('a worked example: four points on a line, three neighbours of which one is the point itself', () => {
  const anomaly = createAnomaly({ ...exact, nearestNeighborNum: 3, reverseNearestNeighborNum: 9 });
  for (const x of [-1, 0, 1, 10]) assert.ok(anomaly.update(String(x), place(x)));
  // k-distances 2, 1, 2, 10; densities 3/5, 3/5, 3/5, 3/29. To 2 reach 1, 0 and -1 over 2, 2 and 3.
  assert.ok(Math.abs(anomaly.scoreOf(place(2)) - 7 / 5) < 1e-12);
  // A stored point is judged by three others: 10 by 1, 0 and -1 over 9, 10 and 11.
  assert.ok(Math.abs(anomaly.score('10') - (3 / 5) * (30 / 3)) < 1e-12);
  assert.deepEqual(anomaly.neighbors(place(0.5), 3), [
    { id: '1', distance: 0.5 },
    { id: '0', distance: 0.5 },
    { id: '-1', distance: 1.5 },
  ]);
  assert.deepEqual(anomaly.ids(), ['-1', '0', '1', '10']);
  assert.equal(anomaly.size, 4);
});

test('the distance of two signatures: of lengths when no bit differs, otherwise of lengths and angle', () => {
  const signatures = new Signatures(4, 'euclid');
  const up = Float32Array.of(1, 1, 1, 1);
  signatures.load({ keys: ['x'], values: [1] }, up);
  signatures.insert(0);
  signatures.load({ keys: ['x'], values: [1.25] }, up);
  assert.equal(signatures.to(0), 0.25);
  signatures.load({ keys: ['x'], values: [1.25] }, Float32Array.of(1, 1, 0, 1));
  const expected = Math.sqrt(1 + 1.25 ** 2 - 2.5 * Math.cos(0.25 * Math.PI));
  assert.ok(Math.abs(signatures.to(0) - expected) < 1e-15);
  assert.equal(signatures.to(1), Infinity);
});

test('the k-th same point is refused, and changes nothing', () => {
  for (const compat of ['1.1.1', 'fixed'] as const) {
    for (const engine of [exact.engine, articleEngine]) {
      const anomaly = createAnomaly({ ...exact, engine, compat, nearestNeighborNum: 5 });
      const accepted = [1, 2, 3, 4, 5, 6].map((id) => anomaly.update(String(id), place(3)));
      assert.deepEqual(accepted, [true, true, true, true, false, false]);
      assert.deepEqual(anomaly.ids(), ['1', '2', '3', '4']);
      assert.throws(() => anomaly.score('5'), /There is no row 5/);
      const all = createAnomaly({ ...exact, engine, compat, nearestNeighborNum: 5, ignoreKthSamePoint: false });
      for (let id = 0; id < 9; id++) assert.ok(all.update(String(id), place(3)));
    }
  }
});

test("1.1.1 has the original's quirks, fixed has none of them", () => {
  const cluster = (compat: '1.1.1' | 'fixed', engine: LofParameters['engine']): number[] => {
    const anomaly = createAnomaly({ ...exact, engine, compat });
    const scores = [anomaly.scoreOf(place(1))];
    for (let id = 0; id < 9; id++) {
      assert.ok(anomaly.update(String(id), place(1)));
      scores.push(anomaly.score(String(id)));
    }
    return scores;
  };
  for (const engine of [exact.engine, articleEngine]) {
    const original = cluster('1.1.1', engine);
    assert.deepEqual([original[0], original[1], original[9]], [Infinity, Infinity, 0]);
    const fixed = cluster('fixed', engine);
    assert.deepEqual(fixed.slice(0, 2), [1, 1]);
    for (const score of fixed) assert.ok(Math.abs(score - 1) < 1e-9, String(score));
  }
});

test('fixed buckets measure exactly', () => {
  const anomaly = createAnomaly({ ...article, engine: articleEngine, compat: 'fixed' });
  const original = createAnomaly({ ...article, engine: articleEngine });
  const far = login([1e9, 5, 0, 0, 30, 3]);
  for (const model of [anomaly, original]) model.update('far', far);
  const query = login([2e9, 6, 0, 0, 1, 1]);
  assert.deepEqual(original.neighbors(query, 1), []);
  const [{ distance } = { distance: 0 }] = anomaly.neighbors(query, 1);
  assert.ok(Math.abs(distance - Math.sqrt(4 + 29 ** 2 + 4)) < 1e-12);
});

test('light_lof tells an outlier from a cloud', () => {
  const anomaly = createAnomaly({ ...lightLof, ignoreKthSamePoint: false });
  const random = createRandom(1091);
  const point = (x: number, y: number): FeatureVector => [
    ['x', x],
    ['y', y],
  ];
  for (let id = 0; id < 90; id++) {
    anomaly.overwrite(String(id), point(3 + random.normal(), 1 + 0.5 * random.normal()));
  }
  assert.ok(anomaly.scoreOf(point(3, 1)) < 1.25, String(anomaly.scoreOf(point(3, 1))));
  assert.ok(anomaly.scoreOf(point(0, 3)) > 2, String(anomaly.scoreOf(point(0, 3))));
});

test('light_lof of 1.1.1 merges and clears nothing', () => {
  const light = createAnomaly(lightLof);
  assert.throws(() => light.update('a', place(1)), /light_lof of Jubatus 1\.1\.1 has no update/);
  assert.throws(() => light.clearRow('a'), /no clear_row/);
  light.overwrite('a', place(1));
  assert.throws(() => light.scoreUpdated('a', place(1)), /no calc_score/);
  const fixed = createAnomaly({ ...lightLof, compat: 'fixed' });
  assert.ok(fixed.update('a', place(1)));
  fixed.clearRow('a');
  assert.equal(fixed.size, 0);
});

test('an update merges, an overwrite replaces', () => {
  const anomaly = createAnomaly(exact);
  anomaly.update('a', [
    ['x', 1],
    ['y', 2],
  ]);
  anomaly.update('a', [
    ['y', 5],
    ['z', 7],
    ['x', 0],
  ]);
  assert.deepEqual(anomaly.row('a'), [
    ['y', 5],
    ['z', 7],
  ]);
  anomaly.overwrite('a', [['z', 2]]);
  assert.deepEqual(anomaly.row('a'), [['z', 2]]);
  assert.equal(anomaly.size, 1);
  anomaly.clearRow('nobody');
  anomaly.clearRow('a');
  assert.deepEqual(anomaly.ids(), []);
  assert.throws(() => anomaly.row('a'), /no row a/);
});

test('a feature that comes twice counts as the sum; of 1.1.1, the last one in a row and each in a question', () => {
  const anomaly = createAnomaly({ ...exact, compat: 'fixed' });
  const original = createAnomaly(exact);
  original.update('a', [
    ['x', 1],
    ['x', 3],
  ]);
  assert.deepEqual(original.row('a'), [['x', 3]]);
  const query: FeatureVector = [
    ['x', 1],
    ['x', 3],
  ];
  assert.equal(original.neighbors(query, 1)[0]!.distance, 0);
  assert.equal(original.neighbors([['x', 3]], 1)[0]!.distance, 0);
  anomaly.update('a', [
    ['x', 1],
    ['y', 2],
    ['x', 3],
    ['z', 1],
    ['z', -1],
    ['n', Number.NaN],
    ['i', -Infinity],
  ]);
  assert.deepEqual(anomaly.row('a'), [
    ['x', 4],
    ['y', 2],
    ['i', -1e70],
  ]);
});

test('rows that share nothing can be left out', () => {
  const rows: [string, FeatureVector][] = [
    ['a', [['x', 1]]],
    ['b', [['y', 1]]],
    ['c', [['z', 0.5]]],
  ];
  const ids = (ignoreOrthogonal: boolean): string[] => {
    const anomaly = createAnomaly({ ...exact, engine: { method: 'inverted_index_euclid', ignoreOrthogonal } });
    for (const [id, vector] of rows) anomaly.update(id, vector);
    return anomaly.neighbors([['x', 1]], 9).map(({ id }) => id);
  };
  assert.deepEqual(ids(true), ['a']);
  assert.deepEqual(ids(false), ['a', 'c', 'b']);
});

test('angles: inverted_index by the cosine, of 1.1.1 without right angles; lsh by the share of pi', () => {
  const distances = (engine: LofParameters['engine'], compat: LofParameters['compat']): number[] => {
    const anomaly = createAnomaly({ ...exact, engine, compat });
    anomaly.update('same', [['x', 3]]);
    anomaly.update('half', [
      ['x', 1],
      ['y', 1],
    ]);
    anomaly.update('none', [['y', 1]]);
    anomaly.update('opposite', [['x', -1]]);
    return anomaly.neighbors([['x', 1]], 4).map(({ distance }) => distance);
  };
  const near = (own: readonly number[], expected: readonly number[], within: number): void => {
    assert.equal(own.length, expected.length);
    for (const [i, value] of expected.entries()) assert.ok(Math.abs(own[i]! - value) <= within, `${own}`);
  };
  near(distances({ method: 'inverted_index' }, 'fixed'), [0, 1 - Math.SQRT1_2, 1, 2], 1e-15);
  near(distances({ method: 'inverted_index' }, '1.1.1'), [0, 1 - Math.SQRT1_2, 2], 1e-15);
  near(distances({ method: 'lsh' }, 'fixed'), [0, 0.25, 0.5, 1], 1e-15);
  near(distances({ method: 'lsh', hashNum: 1024 }, '1.1.1'), [0, 0.25, 0.5, 1], 0.05);
  const inside = { method: 'nearest_neighbor_recommender', engine: { method: 'lsh', hashNum: 1024 } } as const;
  assert.deepEqual(distances(inside, '1.1.1'), distances({ method: 'lsh', hashNum: 1024 }, '1.1.1'));
});

test('lof over nearest_neighbor compares all signatures', () => {
  const engine = { method: 'nearest_neighbor_recommender', engine: { method: 'euclid_lsh', hashNum: 64 } } as const;
  const lof = createAnomaly({ ...article, engine });
  const light = createAnomaly(lightLof);
  const random = createRandom(5);
  for (let id = 0; id < 60; id++) {
    const vector = login(Array.from({ length: 6 }, () => random.integer(5)));
    assert.equal(lof.update(String(id), vector), light.overwrite(String(id), vector));
    const query = login(Array.from({ length: 6 }, () => random.integer(5)));
    assert.deepEqual(lof.neighbors(query, 12), light.neighbors(query, 12));
  }
});

test('the row that was not updated for the longest time makes room', () => {
  const unlearner = { method: 'lru', maxSize: 3, stickyPattern: 'keep*' } as const;
  const anomaly = createAnomaly({ ...exact, compat: 'fixed', unlearner });
  const put = (id: string): void => assert.ok(anomaly.update(id, place(Number(id.replace(/\D/g, '')))));
  for (const id of ['1', '2', '3', '1', '4']) put(id);
  assert.deepEqual(anomaly.ids(), ['1', '3', '4']);
  put('keep-9');
  assert.deepEqual(anomaly.ids(), ['1', '3', '4', 'keep-9']);
  put('5');
  put('6');
  assert.deepEqual(anomaly.ids(), ['4', 'keep-9', '5', '6']);
  anomaly.clearRow('5');
  put('7');
  assert.deepEqual(anomaly.ids(), ['4', 'keep-9', '6', '7']);
  put('8');
  assert.deepEqual(anomaly.ids(), ['keep-9', '6', '7', '8']);
});

test('sticky patterns', () => {
  const kept = (stickyPattern: string, compat: LofParameters['compat'] = 'fixed', maxSize = 1): string[] => {
    const anomaly = createAnomaly({ ...exact, compat, unlearner: { method: 'lru', maxSize, stickyPattern } });
    for (const [i, id] of ['ab', 'ba', 'a', 'c'].entries()) anomaly.update(id, place(i));
    return anomaly.ids();
  };
  assert.deepEqual(kept('a*'), ['ab', 'a', 'c']);
  assert.deepEqual(kept('*a'), ['ba', 'a', 'c']);
  assert.deepEqual(kept('ab'), ['ab', 'c']);
  assert.deepEqual(kept('*'), ['ab', 'ba', 'a', 'c']);
  assert.throws(() => kept('/a/'), /no regular expressions/);
  assert.deepEqual(kept('b*', '1.1.1', 2), ['ba', 'c']);
  assert.throws(() => kept('*', '1.1.1', 3), /No row can be forgotten to make room for c/);
});

test('lof forgets a row after it has looked around the new one, unless told to make room first', () => {
  const scores = (isLate: boolean): number[] => {
    const anomaly = createAnomaly({ ...exact, unlearner: { method: 'lru', maxSize: 5, isLate } });
    for (let id = 0; id < 12; id++) anomaly.update(String(id), place(id * id));
    return anomaly.ids().map((id) => anomaly.score(id));
  };
  assert.notDeepEqual(scores(true), scores(false));
});

test('a random row makes room, the same with the same seed', () => {
  const kept = (seed: number): string[] => {
    const anomaly = createAnomaly({ ...exact, unlearner: { method: 'random', maxSize: 8, seed } });
    for (let id = 0; id < 50; id++) {
      anomaly.update(String(id), place(id));
      assert.equal(anomaly.size, Math.min(8, id + 1));
      assert.equal(anomaly.ids().at(-1), String(id));
    }
    return anomaly.ids();
  };
  assert.deepEqual(kept(1), kept(1));
  assert.notDeepEqual(kept(1), kept(2));
});

test('parameters outside of what Jubatus takes are refused', () => {
  const refused = (parameters: Partial<LofParameters>, why: RegExp): void => {
    assert.throws(() => createAnomaly({ ...exact, ...parameters }), why);
  };
  refused({ nearestNeighborNum: 1 }, /nearest_neighbor_num must be a whole number from 2/);
  refused({ reverseNearestNeighborNum: 9 }, /reverse_nearest_neighbor_num/);
  refused({ engine: { method: 'euclid_lsh', binWidth: 0 } }, /bin_width/);
  refused({ engine: { method: 'euclid_lsh', hashNum: 0 } }, /hash_num/);
  refused({ method: 'light_lof' }, /light_lof takes the methods euclid_lsh and lsh, not inverted_index_euclid/);
  refused({ unlearner: { method: 'lru', maxSize: 0 } }, /max_size/);
  refused({ engine: { method: 'minhash' } as never }, /minhash/);
});
