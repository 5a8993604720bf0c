import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fnv1, fnv1Seed } from '../../src/algorithms/jubatus/fnv.ts';
import { MersenneTwister } from '../../src/algorithms/jubatus/mersenne-twister.ts';
import { probes } from '../../src/algorithms/jubatus/probes.ts';
import { gaussians, RandomProjection } from '../../src/algorithms/jubatus/random-projection.ts';
import { sfmtSequence } from '../../src/algorithms/jubatus/sfmt.ts';

// Printed by jubatus_core 1.1.1.
const lines = readFileSync(new URL('../golden/jubatus/rng-lsh-fv-vectors.txt', import.meta.url), 'utf8').split('\n');
const vectors = lines.filter((line) => line.split('\t').length === 6 && !line.startsWith('#'));
const numbers = (list: string | undefined): number[] => list!.split(',').map(Number);

test('hashes, random numbers and projections are those of Jubatus', () => {
  assert.equal(vectors.length, 10);
  for (const line of vectors) {
    const [key, hash, seed, uniform, normal, projected] = line.split('\t');
    assert.equal(fnv1(key!), BigInt(hash!), key);
    assert.equal(fnv1Seed(key!), Number(seed), key);
    const sequence = new Uint32Array(8);
    sfmtSequence(Number(seed), sequence);
    assert.deepEqual([...sequence], numbers(uniform), key);
    const own = gaussians(Number(seed), 128);
    for (const [i, value] of numbers(normal).entries()) assert.ok(Math.abs(own[i]! - value) < 2e-7, `${key} ${i}`);
    const out = new Float32Array(128);
    new RandomProjection(128).project({ keys: [key!], values: [1] }, out);
    for (const [i, value] of numbers(projected).entries()) assert.ok(Math.abs(out[i]! - value) < 5e-7, `${key} ${i}`);
  }
});

test('the shifts are those of Jubatus', () => {
  for (const seed of [1234, 1091]) {
    const at = lines.findIndex((line) => line.startsWith('# shift vector') && line.includes(`seed ${seed}`));
    const twister = new MersenneTwister(seed);
    for (const value of numbers(lines[at + 1])) assert.ok(Math.abs(twister.double() - value) < 5e-8);
  }
});

test('the twister goes on from its state', () => {
  const twister = new MersenneTwister(3);
  for (let i = 0; i < 1000; i++) twister.uint32();
  const copy = MersenneTwister.from(twister.state());
  for (let i = 0; i < 1000; i++) assert.equal(copy.uint32(), twister.uint32());
  assert.throws(() => MersenneTwister.from(new Uint32Array(3)), /no state/);
});

test('a projection is the same whether its features are remembered or not', () => {
  const projection = new RandomProjection(7);
  const first = new Float32Array(7);
  projection.project({ keys: ['a', 'b'], values: [2, -1] }, first);
  for (let i = 0; i < 10_000; i++) projection.project({ keys: [`other ${i}`], values: [1] }, new Float32Array(7));
  const again = new Float32Array(7);
  projection.project({ keys: ['a', 'b'], values: [2, -1] }, again);
  assert.deepEqual(again, first);
});

function firstProbes(hashes: readonly number[], perTable: number, count: number): [number, number[]][] {
  const found: [number, number[]][] = [];
  for (const { table, coordinates } of probes(Float32Array.from(hashes), perTable)) {
    found.push([table, [...coordinates]]);
    if (found.length === count) break;
  }
  return found;
}

test('probes go to the nearest buckets first', () => {
  assert.deepEqual(firstProbes([0.6], 1, 2), [
    [0, [1]],
    [0, [-1]],
  ]);
  assert.deepEqual(firstProbes([-0.4, 1.2], 2, 4), [
    [0, [-1, 0]],
    [0, [0, 1]],
    [0, [0, 0]],
    [0, [-2, 1]],
  ]);
});

test('probes of two tables are mixed by cost', () => {
  // Costs: table 0 up .16, down .36; table 1 up .81, down .01.
  assert.deepEqual(firstProbes([0.6, 3.1], 1, 4), [
    [1, [2]],
    [0, [1]],
    [0, [-1]],
    [0, [0]],
  ]);
});

test('probes end', () => {
  assert.equal(firstProbes([0.5, 0.25], 2, 1000).length, 2 ** 4 - 1);
});
