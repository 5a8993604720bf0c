import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { areaUnderRoc } from '../../src/algorithms/ip-insights/discriminator.ts';
import { PairLikelihood, type PairState, type PairVerdict } from '../../src/algorithms/pair-likelihood/index.ts';
import { createRandom } from '../../src/algorithms/random.ts';

type Pair = readonly [entity: number, high: number, low: number | undefined];

function model(pairs: Iterable<Pair>, options = {}): PairLikelihood {
  const likelihood = new PairLikelihood({ mostPrefixes: 2 ** 16, ...options });
  for (const pair of pairs) likelihood.add(...pair);
  return likelihood;
}

/** Users with a home and a work network of some /20 each, who travel once in thirty times. */
function world(seed: number, users = 200, words: 1 | 2 = 1, least = 10) {
  const random = createRandom(seed);
  const anywhere = (): number => 0x01000000 + random.integer(0xdf000000);
  const places = Array.from({ length: users }, () => [anywhere(), anywhere()] as const);
  const pair = (entity: number): Pair => {
    const travels = random.next() < 0.03;
    const near = random.pick(places[entity]!) + Math.trunc(1000 * random.normal());
    const high = (travels ? anywhere() : near) >>> 0;
    return [entity, high, words === 1 ? undefined : random.integer(2 ** 32)];
  };
  const history = Array.from({ length: users }, (_, entity) => entity).flatMap((entity) =>
    Array.from({ length: Math.floor(least / (1.05 - random.next())) }, () => pair(entity)),
  );
  return { history, pair, anywhere, random };
}

/** How well fresh pairs of users are told from as many of theirs from anywhere. */
function auc(likelihood: PairLikelihood, { pair, anywhere, random, history }: ReturnType<typeof world>): number {
  const fresh = Array.from({ length: 2000 }, () => pair(random.pick(history)[0]));
  const value = (entity: number, high: number, low: number | undefined) => likelihood.judge(entity, high, low).value;
  const strange = fresh.map(([entity, , low]) => value(entity, anywhere(), low));
  return areaUnderRoc(
    Float64Array.from(strange),
    Float64Array.from(fresh, (each) => value(...each)),
  );
}

const entity = fc.integer({ min: 0, max: 5 });
const word = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: 0xffff_ffff }),
  fc.constant(0xffff_ffff),
);
const anyPair: fc.Arbitrary<Pair> = fc.oneof(
  fc.tuple(entity, word, fc.constant(undefined)),
  fc.tuple(entity, word, word),
);
const anyPairs = fc.array(anyPair, { maxLength: 60 });

function sound({ value, parts, bits, count, pairs, nearest, others }: PairVerdict): void {
  assert.ok(Number.isFinite(value) && Number.isFinite(parts.own) && Number.isFinite(parts.peers));
  assert.ok(Math.abs(parts.own + parts.peers - value) < 1e-9);
  assert.ok(count >= 0 && count <= pairs && others >= 0);
  assert.equal(bits < 0, nearest === undefined);
  assert.equal(bits < 0, count === 0);
}

const trained = new Map(
  ([1, 2] as const).map((words) => {
    const given = world(11, 200, words);
    const likelihood = model(given.history);
    likelihood.train(1);
    return [words, { given, likelihood }];
  }),
);

test('verdicts are sound, and what a plain search over all pairs finds', () => {
  const full = (high: number, low: number | undefined): bigint =>
    low === undefined ? BigInt(high) : (BigInt(high) << 32n) + BigInt(low);
  fc.assert(
    fc.property(anyPairs, anyPair, (pairs, [asked, high, low]) => {
      const verdict = model(pairs).judge(asked, high, low);
      sound(verdict);
      const longest = low === undefined ? 32 : 64;
      const family = pairs.filter((pair) => (pair[2] === undefined) === (low === undefined));
      const own = family.filter((pair) => pair[0] === asked);
      const alike = (bits: number) => (pair: Pair) =>
        full(pair[1], pair[2]) >> BigInt(longest - bits) === full(high, low) >> BigInt(longest - bits);
      let bits = own.length === 0 ? -1 : longest;
      while (bits > 0 && !own.some(alike(bits))) bits--;
      assert.equal(verdict.bits, bits);
      assert.equal(verdict.count, bits < 0 ? 0 : own.filter(alike(bits)).length);
      assert.equal(verdict.pairs, pairs.filter((pair) => pair[0] === asked).length);
      const site = family.filter(alike(low === undefined ? 24 : 48)).map((pair) => pair[0]);
      assert.equal(verdict.others, new Set(site.filter((other) => other !== asked)).size);
    }),
  );
});

test('the nearest address is the nearest, of IPv4 and of IPv6', () => {
  const likelihood = model([
    [0, 100, undefined],
    [0, 200, undefined],
    [0, 7, 5],
    [0, 7, 9],
  ]);
  assert.deepEqual(likelihood.judge(0, 149, undefined).nearest, [100]);
  assert.deepEqual(likelihood.judge(0, 151, undefined).nearest, [200]);
  assert.deepEqual(likelihood.judge(0, 0, undefined).nearest, [100]);
  assert.deepEqual(likelihood.judge(0, 7, 6).nearest, [7, 5]);
  assert.deepEqual(likelihood.judge(0, 9, 0).nearest, [7, 9]);
  assert.equal(likelihood.judge(1, 9, 0).nearest, undefined);
});

test('counts do not depend on the order that pairs came in', () => {
  fc.assert(
    fc.property(anyPairs, fc.infiniteStream(fc.nat()), anyPair, (pairs, ranks, asked) => {
      const keyed = pairs.map((pair) => ({ pair, rank: ranks.next().value as number }));
      const other = model(keyed.toSorted((a, b) => a.rank - b.rank).map(({ pair }) => pair));
      assert.deepEqual(other.judge(...asked), model(pairs).judge(...asked));
      const arrays = ({ v4, v6 }: PairState) => [v4.highs, v4.counts, v6.highs, v6.lows, v6.counts];
      assert.deepEqual(arrays(other.state()), arrays(model(pairs).state()));
    }),
  );
});

test('judging and training change no counts', () => {
  const { given } = trained.get(1)!;
  const likelihood = model(given.history);
  const before = likelihood.state();
  likelihood.judge(0, 5, undefined);
  likelihood.train(3);
  const { v4 } = likelihood.state();
  assert.deepEqual(v4, before.v4);
  const untrained = model(given.history);
  for (const [asked, high, low] of given.history.slice(0, 200))
    assert.equal(likelihood.judge(asked, high, low).others, untrained.judge(asked, high, low).others);
});

for (const words of [1, 2] as const) {
  const family = words === 1 ? 'IPv4' : 'IPv6';
  const { given, likelihood } = trained.get(words)!;

  test(`${family}: pairs of a user are told from strange ones, as well as travel allows`, () => {
    const after = auc(likelihood, given);
    assert.ok(after > 0.975, `AUC ${after}`);
  });

  test(`${family}: users of a few pairs are told better than by the plain back-off`, () => {
    const gains = [13, 14, 15].map((seed) => {
      const few = world(seed, 600, words, 1);
      const cold = model(few.history);
      const before = auc(cold, few);
      return auc(trainedAgain(cold), few) - before;
    });
    const gain = gains.reduce((sum, each) => sum + each, 0) / gains.length;
    assert.ok(gain > 0.003, `AUC better by ${gains}`);
  });

  test(`${family}: the value is a log-odds at even prior`, () => {
    const { pair, anywhere, random, history } = given;
    let [agreed, real, wrong] = [0, 0, 0];
    for (let i = 0; i < 4000; i++) {
      const [user, high, low] = pair(random.pick(history)[0]);
      const stranger = likelihood.judge(user, anywhere(), low).value;
      const own = likelihood.judge(user, high, low).value;
      agreed += Number(stranger > 0);
      real += Number(own < 0);
      // Among those said to be 20 to 1 the user's, at most a few of a hundred are not.
      wrong += Number(stranger < -Math.log(20));
    }
    assert.ok(agreed > 3800, `${agreed} of 4000 strangers`);
    assert.ok(real > 3600, `${real} of 4000 own`);
    assert.ok(wrong < 200, `${wrong} of 4000`);
  });

  test(`${family}: an address seen a hundred times speaks for the user, one from far away against`, () => {
    const known = model(given.history);
    for (let i = 0; i < 100; i++) known.add(0, 0x0a141e28, words === 1 ? undefined : 77);
    for (const each of [known, trainedAgain(known)]) {
      assert.ok(each.judge(0, 0x0a141e28, words === 1 ? undefined : 77).value < -1);
      assert.ok(each.judge(0, 0xef000001, words === 1 ? undefined : 5).value > 1);
    }
  });

  test(`${family}: trained verdicts are sound for users known and unknown`, () => {
    fc.assert(
      fc.property(fc.nat(400), word, word, (user, high, low) => {
        sound(likelihood.judge(user, high, words === 1 ? undefined : low));
      }),
    );
  });

  test(`${family}: comes back from its arrays as it was`, () => {
    const again = PairLikelihood.restore(structuredClone(likelihood.state()));
    assert.deepEqual(again.state(), likelihood.state());
    for (const [user, high, low] of given.history.slice(0, 300)) {
      assert.deepEqual(again.judge(user, high, low), likelihood.judge(user, high, low));
      assert.deepEqual(again.judge(user, high ^ 0xfff00, low), likelihood.judge(user, high ^ 0xfff00, low));
    }
  });
}

function trainedAgain(likelihood: PairLikelihood): PairLikelihood {
  likelihood.train(2);
  return likelihood;
}

test('the same seed trains the same, another another', () => {
  const { history } = world(4, 60);
  const state = (seed: number): PairState => {
    const likelihood = model(history);
    likelihood.train(seed);
    return likelihood.state();
  };
  assert.deepEqual(state(1), state(1));
  assert.notDeepEqual(state(1), state(2));
});

test('an office where forty colleagues are speaks for a new one, and for one who was never met', () => {
  const random = createRandom(5);
  const office = 0x50505050;
  const pairs: Pair[] = [];
  for (let user = 0; user < 40; user++) {
    const home = random.integer(2 ** 32);
    for (let i = 0; i < 20; i++) pairs.push([user, random.next() < 0.5 ? office : home, undefined]);
  }
  const likelihood = model([...pairs, [40, 0x12345678, undefined]]);
  for (const each of [likelihood, trainedAgain(likelihood)]) {
    for (const user of [40, 99]) {
      const [here, elsewhere] = [each.judge(user, office, undefined), each.judge(user, 0x99999999, undefined)];
      assert.equal(here.others, 40);
      assert.ok(here.parts.peers < 0, `${here.parts.peers}`);
      assert.ok(here.value < elsewhere.value - 1, `${here.value} against ${elsewhere.value}`);
    }
    assert.ok(each.judge(99, office, undefined).value < -1);
  }
});

test('too little to train on leaves the plain back-off', () => {
  const address = 0x01020304;
  const cases: Pair[][] = [
    [],
    [[0, address, undefined]],
    Array.from({ length: 1000 }, (): Pair => [0, address, undefined]),
    Array.from({ length: 1000 }, (_, i): Pair => [0, i * 1000, 7]),
  ];
  for (const pairs of cases) {
    const [plain, likelihood] = [model(pairs), trainedAgain(model(pairs))];
    assert.deepEqual(likelihood.judge(0, address, undefined), plain.judge(0, address, undefined));
    sound(likelihood.judge(3, 1, 2));
  }
});

test('all at one address is trained without fault, and the address is ordinary', () => {
  const pairs = Array.from({ length: 1000 }, (_, i): Pair => [i % 5, 0x01020304, undefined]);
  const likelihood = trainedAgain(model(pairs));
  assert.ok(likelihood.judge(0, 0x01020304, undefined).value < -1);
  assert.ok(likelihood.judge(0, 0xdd020304, undefined).value > 0);
});

test('who is forgotten leaves nothing behind', () => {
  fc.assert(
    fc.property(anyPairs, anyPair, (pairs, [asked, high, low]) => {
      const likelihood = model(pairs);
      likelihood.forget(2);
      likelihood.forget(1_000_000);
      const without = model(pairs.filter((pair) => pair[0] !== 2));
      assert.deepEqual(likelihood.judge(asked, high, low), without.judge(asked, high, low));
      assert.equal(likelihood.judge(2, high, low).pairs, 0);
    }),
  );
});

test('an entity with too many addresses keeps its pairs, and those seen most', () => {
  const random = createRandom(6);
  const likelihood = new PairLikelihood({ mostAddressesPerEntity: 64, mostPrefixes: 1024 });
  for (let i = 0; i < 50; i++) likelihood.add(0, 0xc0a80001, undefined);
  for (let i = 0; i < 2000; i++) likelihood.add(0, random.integer(2 ** 32), undefined);
  const { v4 } = likelihood.state();
  assert.ok(v4.highs.length <= 64);
  assert.equal(
    v4.counts.reduce((sum, count) => sum + count, 0),
    2050,
  );
  const verdict = likelihood.judge(0, 0xc0a80001, undefined);
  assert.equal(verdict.bits, 32);
  assert.ok(verdict.count >= 50 && verdict.pairs === 2050);
  // Counted from the list alone again: what is let go is no longer counted among entities either.
  assert.deepEqual(
    [0xc0a80001, 5, 0x80000000].map((high) => likelihood.judge(1, high, undefined).others),
    [0xc0a80001, 5, 0x80000000].map(
      (high) => PairLikelihood.restore(likelihood.state()).judge(1, high, undefined).others,
    ),
  );
});

test('a flood of prefixes stays within bounds, and prefixes of many entities outlive it', () => {
  const likelihood = new PairLikelihood({ mostPrefixes: 1024 });
  const random = createRandom(7);
  for (let user = 0; user < 200; user++) likelihood.add(user, 0x08080808, undefined);
  for (let i = 0; i < 20_000; i++) likelihood.add(200 + (i % 50), random.integer(2 ** 32), undefined);
  assert.ok(likelihood.judge(999, 0x08080808, undefined).others >= 190);
});

test('numbers that are no entity are refused', () => {
  for (const wrong of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 24])
    assert.throws(() => new PairLikelihood().add(wrong, 1, undefined), RangeError);
  for (const wrong of [{ mostAddressesPerEntity: 1 }, { mostAddressesPerEntity: 2.5 }, { mostPrefixes: 5000 }])
    assert.throws(() => new PairLikelihood(wrong), RangeError);
});

test('arrays that do not fit together are refused', () => {
  const state = trained.get(2)!.likelihood.state();
  const { v6, combiner6 } = state;
  const combiner = combiner6!;
  const wrong: Partial<PairState>[] = [
    { mostAddressesPerEntity: 2 },
    { mostPrefixes: 77 },
    { v4: v6 },
    { v6: { ...v6, lows: new Uint32Array(0) } },
    { v6: { ...v6, highs: v6.highs.slice(1) } },
    { v6: { ...v6, counts: v6.counts.map(() => 0) } },
    { v6: { ...v6, counts: v6.counts.map(() => 0xffff_ffff) } },
    { v6: { ...v6, highs: v6.highs.toReversed() } },
    { v6: { ...v6, sizes: v6.sizes.map((size) => size + 1) } },
    { combiner6: { ...combiner, sample: combiner.sample.toReversed() } },
    { combiner6: { ...combiner, sample: combiner.sample.map(() => Number.NaN) } },
    { combiner6: { ...combiner, sample: Float64Array.of(1, Number.POSITIVE_INFINITY) } },
    { combiner6: { ...combiner, trees: { ...combiner.trees, features: 200 } } },
    { combiner6: { ...combiner, trees: { ...combiner.trees, leaves: combiner.trees.leaves.slice(1) } } },
  ];
  for (const change of wrong)
    assert.throws(
      () => PairLikelihood.restore({ ...state, ...change }),
      RangeError,
      JSON.stringify(Object.keys(change)),
    );
});
