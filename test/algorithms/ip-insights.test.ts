import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { areaUnderRoc } from '../../src/algorithms/ip-insights/discriminator.ts';
import {
  discriminatorAuc,
  type Hyperparameters,
  IpInsights,
  Trainer,
  tutorial,
} from '../../src/algorithms/ip-insights/index.ts';
import { createKernels } from '../../src/algorithms/ip-insights/kernels.ts';
import { createRandom } from '../../src/algorithms/random.ts';
import {
  type PlainModel,
  plainEntityVector,
  plainLoss,
  plainScore,
  plainVector,
} from '../support/plain-ip-insights.ts';

const small: Hyperparameters = {
  ...tutorial,
  numEntityVectors: 5,
  vectorDim: 10,
  epochs: 1,
  miniBatchSize: 1000,
  randomNegativeSamplingRate: 0,
  shuffledNegativeSamplingRate: 1,
  weightDecay: 0,
};

/** Users with a /16 each. */
function pairs(count: number, users: number, seed: number, words: 1 | 2 = 1) {
  const random = createRandom(seed);
  const entities = Uint32Array.from({ length: count }, () => random.integer(users));
  const addresses = new Uint32Array(count * words);
  for (let i = 0; i < count; i++) {
    const first = (words === 1 ? 0x0b000000 : 0x2a000000) + entities[i]! * 0x00370000;
    addresses[i * words] = (first + random.integer(65_536)) >>> 0;
    if (words === 2) addresses[2 * i + 1] = random.integer(2 ** 32);
  }
  return { entities, addresses };
}

function trained(trainer: Trainer): IpInsights {
  const run = trainer.run();
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}

const plainOf = (model: IpInsights, octets: 4 | 8): PlainModel => ({ ...model.state, octets });

for (const layers of [0, 1, 2, 3]) {
  for (const octets of [4, 8] as const) {
    test(`${layers} layers, ${octets} octets: dot products and vectors are those of the plain sums`, () => {
      const given = pairs(40, 5, 1, octets === 4 ? 1 : 2);
      const family = octets === 4 ? { v4: given } : { v4: pairs(0, 5, 1), v6: given };
      const model = trained(new Trainer(family, { ...small, numIpEncoderLayers: layers, epochs: 3 }, 3));
      const plain = plainOf(model, octets);
      for (let i = 0; i < 40; i++) {
        const words = octets === 4 ? [given.addresses[i]!] : [given.addresses[2 * i]!, given.addresses[2 * i + 1]!];
        const [high, low] = words as [number, number?];
        const expected = plainScore(plain, given.entities[i]!, words);
        assert.ok(Math.abs(model.dotProduct(given.entities[i]!, high, low) - expected) < 1e-4);
        const vector = model.addressVector(high, low)!;
        assert.equal(vector.length, 10);
        for (const [at, value] of plainVector(plain, words).entries()) assert.ok(Math.abs(vector[at]! - value) < 1e-4);
        assert.deepEqual([...model.entityVector(given.entities[i]!)], plainEntityVector(plain, given.entities[i]!));
      }
    });

    test(`${layers} layers, ${octets} octets: a first step goes against the slope of the loss, each weight by itself`, () => {
      // Adam's first step is the learning rate against the sign of the gradient, so signs can be read from it. A pair
      // shuffled with itself alone is the same pair as a made-up one: its slope is known to the last digit.
      const given = {
        entities: Uint32Array.of(2, 2, 2),
        addresses: octets === 4 ? Uint32Array.of(1, 0xc0a80107, 77) : Uint32Array.of(1, 2, 0x2a001234, 99, 7, 77),
      };
      const family = octets === 4 ? { v4: given } : { v4: pairs(0, 5, 1), v6: given };
      const hyper = { ...small, numIpEncoderLayers: layers, learningRate: 1e-5 };
      const trainer = new Trainer(family, hyper, 5);
      const before = plainOf(trainer.model(), octets);
      trained(trainer);
      const after = plainOf(trainer.model(), octets);
      const words = (i: number): number[] => [...given.addresses.subarray((i * octets) / 4, ((i + 1) * octets) / 4)];
      const loss = (model: PlainModel): number =>
        plainLoss(
          model,
          [0, 1, 2].flatMap((i) => [true, false].map((real) => ({ entity: 2, words: words(i), real }))),
        );
      let checked = 0;
      for (const part of ['entities', 'weights'] as const) {
        const of = (model: PlainModel): Float32Array =>
          part === 'entities' ? model.entities : model.encoders[0]!.weights;
        for (let at = 0; at < of(before).length; at += 3) {
          const step = 1e-5;
          const moved = (by: number): number => {
            const copy = of(before).slice();
            copy[at]! += by;
            const changed =
              part === 'entities'
                ? { ...before, entities: copy }
                : { ...before, encoders: [{ ...before.encoders[0]!, weights: copy }] };
            return loss(changed);
          };
          const slope = (moved(step) - moved(-step)) / (2 * step);
          if (Math.abs(slope) < 1e-5) continue;
          assert.equal(Math.sign(of(after)[at]! - of(before)[at]!), -Math.sign(slope), `${part} ${at}: ${slope}`);
          checked++;
        }
      }
      assert.ok(checked > 20, `only ${checked}`);
    });
  }
}

test('matrices of any size are multiplied, added, and read transposed', () => {
  const size = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(
      size,
      fc.integer({ min: 1, max: 9 }),
      size,
      fc.boolean(),
      fc.nat(),
      (fours, inner, eights, flip, seed) => {
        const [rows, columns] = [4 * fours, 8 * eights];
        const { kernels, floats } = createKernels(4, { a: rows * inner, b: inner * columns, c: rows * columns });
        const random = createRandom(seed);
        for (const list of Object.values(floats)) for (let i = 0; i < list.length; i++) list[i] = random.integer(9) - 4;
        const expected = Array.from(floats.c, (value, at) => {
          const [row, column] = [Math.floor(at / columns), at % columns];
          let sum = value;
          for (let k = 0; k < inner; k++)
            sum += floats.a[flip ? k * rows + row : row * inner + k]! * floats.b[k * columns + column]!;
          return sum;
        });
        const [aRow, aStep] = flip ? [4, 4 * rows] : [4 * inner, 4];
        const { a, b, c } = floats;
        kernels.multiply(
          ...([a.byteOffset, aRow, aStep, b.byteOffset, 4 * columns, c.byteOffset, 4 * columns] as const),
          ...([rows, inner, columns] as const),
        );
        assert.deepEqual([...c], expected);
      },
    ),
  );
});

test('users are told by their networks; unknown entities and families score 0', () => {
  const users = 40;
  const hyper = { ...tutorial, numEntityVectors: users + 1, vectorDim: 32, epochs: 10 };
  const trainer = new Trainer({ v4: pairs(4000, users, 1), v6: pairs(2000, users, 2, 2) }, hyper, 1);
  const run = trainer.run();
  const progress = [];
  let model: IpInsights | undefined;
  for (let next = run.next(); ; next = run.next()) {
    if (next.done) {
      model = next.value;
      break;
    }
    progress.push(next.value);
  }
  assert.equal(progress.length, 10);
  assert.ok(progress.at(-1)!.crossEntropy < progress[0]!.crossEntropy / 2);
  assert.ok(progress.at(-1)!.accuracy > 0.95);
  assert.deepEqual(
    progress.map(({ epoch, pairs: done, of }) => [epoch, done, of]),
    Array.from({ length: 10 }, (_, index) => [index + 1, 6000, 6000]),
  );
  assert.ok(discriminatorAuc(model, pairs(500, users, 3)) > 0.99);
  for (const [octets, words] of [
    [4, 1],
    [8, 2],
  ] as const) {
    const fresh = pairs(500, users, 4, words);
    const others = fresh.entities.map((entity) => (entity + 7) % users);
    const own = model.dotProducts(fresh.entities, fresh.addresses, octets);
    assert.ok(areaUnderRoc(own, model.dotProducts(others, fresh.addresses, octets)) > 0.97);
  }
  assert.equal(model.pairsOf(users), 0);
  assert.equal(model.pairsOf(-1), 0);
  assert.equal(model.dotProduct(-1, 1), 0);
  assert.equal(model.dotProduct(users + 1, 1), 0);
  assert.ok(Math.abs(model.dotProduct(0, 0x0b000001)) > 0);
  const without = trained(new Trainer({ v4: pairs(100, 5, 1) }, { ...small, epochs: 1 }, 1));
  assert.equal(without.knows(8), false);
  assert.equal(without.dotProduct(0, 1, 2), 0);
  assert.equal(without.addressVector(1, 2), undefined);
});

test('the same seed gives the same numbers, another seed others', () => {
  const model = (seed: number): IpInsights => trained(new Trainer({ v4: pairs(300, 5, 1) }, small, seed));
  assert.deepEqual(model(1).state, model(1).state);
  assert.notDeepEqual(model(1).state, model(2).state);
});

test('a model is its arrays', () => {
  const model = trained(new Trainer({ v4: pairs(300, 5, 1) }, small, 1));
  const again = new IpInsights(model.state);
  assert.equal(again.dotProduct(3, 0x0b3712ab), model.dotProduct(3, 0x0b3712ab));
  assert.throws(() => new IpInsights({ ...model.state, entities: new Float32Array(3) }), RangeError);
  assert.throws(() => new IpInsights({ ...model.state, layers: 2 }), RangeError);
});

test('what is out of range is refused', () => {
  const v4 = pairs(10, 5, 1);
  for (const wrong of [
    { vectorDim: 3 },
    { epochs: 1.5 },
    { learningRate: Number.NaN },
    { randomNegativeSamplingRate: 0, shuffledNegativeSamplingRate: 0 },
    { randomNegativeSamplingRate: 400, shuffledNegativeSamplingRate: 400 },
    { numEntityVectors: 2 },
  ])
    assert.throws(() => new Trainer({ v4 }, { ...small, ...wrong }), RangeError, JSON.stringify(wrong));
  assert.throws(() => new Trainer({ v4: { ...v4, addresses: new Uint32Array(3) } }, small), RangeError);
});

test('the area under the curve is the share of pairs in order', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(scores, scores, (real, made) => {
      let area = 0;
      for (const a of real) for (const b of made) area += a > b ? 1 : a === b ? 0.5 : 0;
      const found = areaUnderRoc(Float64Array.from(real), Float64Array.from(made));
      assert.ok(Math.abs(found - area / (real.length * made.length)) < 1e-12);
    }),
  );
});
