import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createRandom,
  fitLocalOutlierFactor,
  type LocalOutlierFactor,
  type LofOptions,
  type LofState,
  localOutlierFactorFrom,
  quantile,
  type Rows,
  type SparseRows,
} from '../../src/algorithms/index.ts';
import { golden } from '../support/golden-lof.ts';
import { bruteForce, densePair, denseRows, entriesOf, isSparseRows, sparsePair, sparseRows } from '../support/rows.ts';

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, relative = 1e-9): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    assert.ok(difference <= relative * Math.abs(expected[i]!), `${i}: ${actual[i]} instead of ${expected[i]}`);
  }
}

for (const { name, train, queries, metric, neighbors, training, novelty, contaminations, thresholds } of golden.cases) {
  test(`${name}: scikit-learn's numbers`, () => {
    for (const algorithm of metric === 'cosine' || isSparseRows(train)
      ? ['auto' as const]
      : ['kd-tree' as const, 'brute' as const]) {
      const options = { metric, neighbors, algorithm, duplicates: 'keep' as const };
      const model = fitLocalOutlierFactor(train, options);
      assertClose(model.trainingScores(), training);
      assertClose(model.score(queries), novelty);
      for (const [i, contamination] of contaminations.entries()) {
        assertClose([fitLocalOutlierFactor(train, { ...options, contamination }).threshold], [thresholds[i]!]);
      }
    }
  });
}

/** Breunig's definitions with every duplicate a row of its own, by brute force. */
function expanded(rows: Rows, queries: Rows, neighbors: number): { training: number[]; novelty: number[]; k: number } {
  const k = Math.max(1, Math.min(neighbors, rows.rows - 1));
  const key = (row: number) => JSON.stringify([...entriesOf(rows, row)].filter(([, value]) => value !== 0));
  const keys = Array.from({ length: rows.rows }, (_, row) => key(row));
  const first = keys.map((own) => keys.indexOf(own));
  const nearest = (query: Map<number, number>, own: number) =>
    bruteForce(rows, query, rows.rows, 'euclidean')
      .filter(([, row]) => row !== own)
      .sort((a, b) => a[0] - b[0] || first[a[1]]! - first[b[1]]! || a[1] - b[1])
      .slice(0, k)
      .map(([rank, row]) => ({ distance: Math.sqrt(rank), row }));
  const lists = keys.map((_, row) => nearest(entriesOf(rows, row), row));
  const mean = (values: number[]) =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  const reach = lists.map((list) => list.at(-1)?.distance ?? 0);
  const densityOf = (list: (typeof lists)[number]) =>
    1 / (mean(list.map(({ distance, row }) => Math.max(distance, reach[row]!))) + 1e-10);
  const densities = lists.map(densityOf);
  const factorOf = (list: (typeof lists)[number]) =>
    list.length === 0 ? 1 : mean(list.map(({ row }) => densities[row]! / densityOf(list)));
  return {
    training: lists.map(factorOf),
    novelty: Array.from({ length: queries.rows }, (_, row) => factorOf(nearest(entriesOf(queries, row), -1))),
    k,
  };
}

const optionsOf = fc.record({
  neighbors: fc.integer({ min: 1, max: 25 }),
  duplicates: fc.constantFrom('keep' as const, 'collapse' as const),
});

test('keeping duplicates is the same as one row per copy', () => {
  fc.assert(
    fc.property(fc.oneof(sparsePair, densePair), fc.integer({ min: 1, max: 9 }), ([train, queries], neighbors) => {
      const { training, novelty, k } = expanded(train, queries, neighbors);
      const model = fitLocalOutlierFactor(train, { neighbors, duplicates: 'keep' });
      assert.equal(model.neighborCount, k);
      assertClose(model.trainingScores(), training);
      assertClose(model.score(queries), novelty);
    }),
  );
});

test('collapsing duplicates is the same as fitting on unique rows', () => {
  fc.assert(
    fc.property(fc.oneof(sparsePair, densePair), fc.integer({ min: 1, max: 9 }), ([train, queries], neighbors) => {
      const model = fitLocalOutlierFactor(train, { neighbors });
      const keys = Array.from({ length: train.rows }, (_, row) =>
        JSON.stringify([...entriesOf(train, row)].filter(([, value]) => value !== 0)),
      );
      const lists = [...model.firstOf].map((row) => [...entriesOf(train, row)]);
      const unique = isSparseRows(train)
        ? sparseRows(lists)
        : denseRows(lists.map((list) => list.map(([, value]) => value)));
      assert.equal(unique.rows, new Set(keys).size);
      const { training, novelty } = expanded(unique, queries, neighbors);
      assertClose(
        model.trainingScores(),
        [...model.rowOf].map((row) => training[row]!),
      );
      assertClose(model.score(queries), novelty);
    }),
  );
});

test('weights stand for copies, for the threshold too', () => {
  fc.assert(
    fc.property(
      fc.oneof(sparsePair, densePair),
      optionsOf,
      fc.infiniteStream(fc.integer({ min: 1, max: 4 })),
      ([train], options, stream) => {
        const weights = Array.from({ length: train.rows }, () => stream.next().value as number);
        const copies = weights.flatMap((weight, row) => Array<number>(weight).fill(row));
        const lists = copies.map((row) => [...entriesOf(train, row)]);
        const repeated = isSparseRows(train)
          ? sparseRows(lists)
          : denseRows(lists.map((list) => list.map(([, value]) => value)));
        const weighted = fitLocalOutlierFactor(train, { ...options, weights, contamination: 0.2 });
        const copied = fitLocalOutlierFactor(repeated, { ...options, contamination: 0.2 });
        assert.deepEqual(weighted.counts, copied.counts);
        assert.equal(weighted.threshold, copied.threshold);
        assert.deepEqual(
          copies.map((row) => weighted.trainingScores()[row]),
          [...copied.trainingScores()],
        );
        assert.equal(
          copied.threshold,
          -quantile(
            copied.trainingScores().map((score) => -score),
            0.2,
          ),
        );
      },
    ),
  );
});

test('scores are finite, and scoring changes neither the model nor its input', () => {
  fc.assert(
    fc.property(fc.oneof(sparsePair, densePair), optionsOf, ([train, queries], options) => {
      const model = fitLocalOutlierFactor(train, { ...options, contamination: 0.1 });
      const before = structuredClone({ state: model.state(), queries });
      const scores = model.score(queries);
      assert.ok(
        [...scores, ...model.trainingScores(), model.threshold].every((score) => Number.isFinite(score) && score >= 0),
      );
      for (let row = queries.rows - 1; row >= 0; row--) {
        model.neighbors(queries, row, 3);
        assert.equal(model.scoreRow(queries, row), scores[row]);
      }
      assert.deepEqual(model.score(queries), scores);
      assert.deepEqual({ state: model.state(), queries }, before);
    }),
  );
});

test('a training row as a query scores as a search would have it', () => {
  fc.assert(
    fc.property(fc.oneof(sparsePair, densePair), fc.integer({ min: 1, max: 9 }), ([train], neighbors) => {
      for (const duplicates of ['keep', 'collapse'] as const) {
        const model = fitLocalOutlierFactor(train, { neighbors, duplicates });
        const rows = duplicates === 'keep' ? train : (expandedOnce(model, train) as Rows);
        assertClose(model.score(train), expanded(rows, train, neighbors).novelty);
      }
    }),
  );
});

function expandedOnce(model: LocalOutlierFactor, train: Rows): Rows {
  const lists = [...model.firstOf].map((row) => [...entriesOf(train, row)]);
  return isSparseRows(train) ? sparseRows(lists) : denseRows(lists.map((list) => list.map(([, value]) => value)));
}

test('a saved model scores as it did, through JSON and copied buffers', () => {
  fc.assert(
    fc.property(
      fc.oneof(sparsePair, densePair),
      optionsOf,
      fc.constantFrom('euclidean' as const, 'cosine' as const),
      ([train, queries], options, metric) => {
        const model = fitLocalOutlierFactor(train, { ...options, metric, contamination: 0.3 });
        const { header, arrays } = model.state();
        const restored = localOutlierFactorFrom({
          header: JSON.parse(JSON.stringify(header)),
          arrays: structuredClone(arrays),
        });
        assert.deepEqual(restored.score(queries), model.score(queries));
        assert.deepEqual(restored.trainingScores(), model.trainingScores());
        assert.deepEqual(restored.neighbors(queries, 0), model.neighbors(queries, 0));
        assert.deepEqual(restored.state(), model.state());
        assert.equal(restored.threshold, model.threshold);
      },
    ),
  );
});

test('neighbours are given training rows with distances and counts, nearest first', () => {
  const model = fitLocalOutlierFactor(denseRows([[0], [5], [0], [7], [5], [5]]), { neighbors: 2 });
  const query = denseRows([[6.5]]);
  assert.deepEqual(model.neighbors(query, 0, 9), {
    rows: Uint32Array.of(3, 1, 0),
    distances: Float64Array.of(0.5, 1.5, 6.5),
    counts: Uint32Array.of(1, 3, 2),
  });
  assert.equal(model.neighbors(query, 0).rows.length, 2);
  const out = { rows: new Uint32Array(1), distances: new Float64Array(1), counts: new Uint32Array(1) };
  assert.equal(model.neighborsInto(query, 0, out), 1);
  assert.deepEqual(out, { rows: Uint32Array.of(3), distances: Float64Array.of(0.5), counts: Uint32Array.of(1) });
  assert.deepEqual([...model.firstOf], [0, 1, 3]);
  assert.deepEqual([...model.rowOf], [0, 1, 0, 2, 1, 1]);
  assert.deepEqual([...model.counts], [2, 3, 1]);
  assert.deepEqual([...model.kDistances], [7, 5, 7]);
});

test('a tie goes to the row that occurs first', () => {
  const model = fitLocalOutlierFactor(denseRows([[9], [1], [-1], [1], [-9]]), { neighbors: 1 });
  assert.deepEqual([...model.neighbors(denseRows([[0]]), 0, 2).rows], [1, 2]);
});

test('one row, or many of a kind, is fitted and scored with finite numbers', () => {
  const alike: Rows[] = [
    denseRows([[3, 4]]),
    denseRows([
      [3, 4],
      [3, 4],
      [3, 4],
    ]),
    sparseRows([[]]),
    sparseRows([[[1, 1]], [[1, 1]]]),
  ];
  for (const rows of alike) {
    for (const duplicates of ['keep', 'collapse'] as const) {
      const model = fitLocalOutlierFactor(rows, { duplicates, contamination: 0.1 });
      assert.deepEqual(new Set(model.trainingScores()), new Set([1]));
      assert.equal(model.threshold, 1);
      const other: Rows = isSparseRows(rows) ? sparseRows([[[1, 2]]]) : denseRows([[0, 0]]);
      const [strange] = model.score(other);
      assert.ok(Number.isFinite(strange) && strange! > 1e9, `${strange}`);
    }
  }
});

test('values of any allowed size give finite scores', () => {
  for (const size of [1e150, 1e-150, 5e-324]) {
    for (const metric of ['euclidean', 'cosine', 'manhattan'] as const) {
      const lists = [
        [size, -size],
        [size, size],
        [0, size],
        [0, 0],
        [-size, size / 2],
      ];
      const model = fitLocalOutlierFactor(denseRows(lists), { metric, neighbors: 2 });
      const scores = [
        ...model.trainingScores(),
        ...model.score(
          denseRows([
            [size / 3, size],
            [1, 2],
          ]),
        ),
      ];
      assert.ok(scores.every(Number.isFinite), `${metric} ${size}: ${scores}`);
      if (metric === 'manhattan') continue;
      const sparse = sparseRows(lists.map((list) => list.map((value, column): [number, number] => [column, value])));
      const model2 = fitLocalOutlierFactor(sparse, { metric, neighbors: 2 });
      assert.ok(
        [...model2.trainingScores(), ...model2.score(sparseRows([[[1, size]], [[8, 2]]]))].every(Number.isFinite),
      );
    }
  }
});

test('single precision values are taken as they are', () => {
  const rows = sparseRows([
    [
      [1, 0.5],
      [4, 0.25],
    ],
    [[4, 1.5]],
    [
      [1, 2],
      [5, 0.125],
    ],
  ]);
  const single: SparseRows = { ...rows, values: Float32Array.from(rows.values) };
  assert.deepEqual(fitLocalOutlierFactor(single).trainingScores(), fitLocalOutlierFactor(rows).trainingScores());
});

test('outliers stand out, and fresh ordinary rows exceed the threshold about as often as asked', () => {
  const random = createRandom(7);
  const cloud = (size: number) => ({
    data: Float64Array.from({ length: 4 * size }, () => random.normal()),
    rows: size,
    columns: 4,
  });
  const model = fitLocalOutlierFactor(cloud(2000), { contamination: 0.02 });
  const fresh = model.score(cloud(2000));
  assert.ok(new Set(fresh).size > 1900, 'scores collapsed to a few values');
  const rate = fresh.filter((score) => score > model.threshold).length / fresh.length;
  assert.ok(rate > 0.006 && rate < 0.05, `asked 2 %, flagged ${100 * rate} %`);
  const far = model.score(
    denseRows([
      [9, 9, 9, 9],
      [0, 0, 12, 0],
    ]),
  );
  assert.ok(far.every((score) => score > 2 * model.threshold));
});

test('the example of scikit-learn', () => {
  const model = fitLocalOutlierFactor(denseRows([[-1.1], [0.2], [101.1], [0.3]]), { neighbors: 2 });
  assert.deepEqual(
    [...model.trainingScores()].map((score) => score.toFixed(4)),
    ['0.9821', '1.0370', '73.3697', '0.9821'],
  );
});

test('options out of range are refused', () => {
  const rows = denseRows([[1], [2], [3]]);
  const wrong: LofOptions[] = [
    { neighbors: 0 },
    { neighbors: 1.5 },
    { contamination: 0 },
    { contamination: 0.51 },
    { contamination: Number.NaN },
    { weights: [1, 2] },
    { weights: [1, 2, 0] },
    { weights: [1, 2, 1.5] },
    { weights: [1, 2 ** 31, 2 ** 31] },
    { metric: 'cosine', algorithm: 'kd-tree' },
  ];
  for (const options of wrong)
    assert.throws(() => fitLocalOutlierFactor(rows, options), RangeError, JSON.stringify(options));
  assert.throws(() => fitLocalOutlierFactor(denseRows([])), RangeError);
  assert.throws(() => fitLocalOutlierFactor(sparseRows([])), RangeError);
  assert.throws(() => fitLocalOutlierFactor(denseRows([[], []])), RangeError);
  assert.throws(() => fitLocalOutlierFactor({ data: Float64Array.of(1, 2), rows: 1, columns: 1 }), RangeError);
  assert.throws(() => fitLocalOutlierFactor(denseRows([[Number.NaN]])), RangeError);
  assert.throws(() => fitLocalOutlierFactor(sparseRows([[[1, 1]]]), { metric: 'manhattan' }), RangeError);
});

test('a state that is not one is refused', () => {
  for (const rows of [
    denseRows([
      [1, 0],
      [2, 0],
      [3, 1],
      [1, 0],
    ]),
    sparseRows([[[1, 1]], [], [[2, 3]], [[1, 1]]]),
  ]) {
    const state = fitLocalOutlierFactor(rows).state();
    for (const name of Object.keys(state.arrays)) {
      const { [name]: array, ...others } = state.arrays;
      const longer =
        array instanceof Uint32Array ? Uint32Array.of(...array, 0) : Float64Array.of(...array!, Number.NaN);
      const strange = array instanceof Uint32Array ? array.map(() => 2 ** 32 - 1) : array!.map(() => Number.NaN);
      const wrong = [
        others,
        { ...others, [name]: longer },
        { ...others, [name]: new Float32Array(array!) as unknown as Float64Array },
      ];
      if (name !== 'counts' && name !== 'columns') wrong.push({ ...others, [name]: strange });
      for (const [i, arrays] of wrong.entries()) {
        if (name === 'rowOf' && i === 1) continue; // one training row more is as good
        assert.throws(() => localOutlierFactorFrom({ ...state, arrays }), RangeError, `${name} ${i}`);
      }
    }
    const headers: Partial<Record<keyof LofState['header'], unknown>>[] = [
      { neighbors: 0 },
      { neighbors: '3' },
      { threshold: null },
      { duplicates: 'some' },
      { kind: 'other' },
      { metric: 'other' },
      { algorithm: 'other' },
      { columns: 77 },
    ];
    for (const header of headers) {
      if (isSparseRows(rows) && 'columns' in header) continue;
      const changed = { ...state, header: { ...state.header, ...header } } as LofState;
      assert.throws(() => localOutlierFactorFrom(changed), RangeError, JSON.stringify(header));
    }
  }
});
