import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecayedBag } from '../../src/algorithms/decayed-bag.ts';

const entryOf = (bag: DecayedBag, value: number): number => {
  const entry = bag.find(value);
  assert.ok(entry >= 0);
  return entry;
};

test('a value is counted, weighed and dated', () => {
  const bag = new DecayedBag();
  assert.equal(bag.add(7, 100), true);
  bag.fade(0.5);
  assert.equal(bag.add(7, 300), false);
  assert.equal(bag.add(7, 200, entryOf(bag, 7)), false);
  const entry = entryOf(bag, 7);
  assert.deepEqual(
    [bag.weight(entry), bag.count(entry), bag.first(entry), bag.last(entry), bag.total],
    [2.5, 3, 100, 300, 2.5],
  );
  assert.equal(bag.find(8), -1);
  bag.vouch(7, 250);
  assert.equal(bag.first(entryOf(bag, 7)), 50);
});

test('what is in doubt does not count until it came on five days more, or somebody vouches for it', () => {
  const bag = new DecayedBag();
  const state = () => [bag.isDoubted(entryOf(bag, 7)), bag.count(entryOf(bag, 7)), bag.total];
  assert.equal(bag.doubt(7, 100), true);
  assert.equal(bag.doubt(7, 200), false);
  assert.deepEqual(state(), [true, 0, 2]);
  const day = 86_400_000;
  for (let hour = 1; hour < 20; hour++) bag.add(7, hour * 3_600_000);
  assert.deepEqual(state(), [true, 0, 21], 'nobody had the time to complain of the first');
  for (let days = 2; days < 5; days++) bag.add(7, days * day);
  assert.deepEqual(state(), [true, 3, 24]);
  bag.doubt(7, 300);
  assert.deepEqual(state(), [true, 3, 25]);
  bag.add(7, 5 * day + 1);
  assert.deepEqual(state(), [false, 4, 26]);
  bag.doubt(7, 6 * day);
  assert.deepEqual(state(), [false, 5, 27]);
  bag.doubt(8, 500);
  bag.vouch(8, 250);
  assert.deepEqual(
    [bag.isDoubted(entryOf(bag, 8)), bag.count(entryOf(bag, 8)), bag.first(entryOf(bag, 8))],
    [false, 1, 250],
  );
});

function evict(bag: DecayedBag, most: number, least?: number): number | undefined {
  const entry = bag.superfluous(most, least);
  if (entry < 0) return undefined;
  const value = bag.value(entry);
  bag.drop(entry);
  return value;
}

test('the least goes when there are too many, and what weighs next to nothing', () => {
  const bag = new DecayedBag();
  for (const value of [1, 1, 1, 2, 3, 3]) bag.add(value, 0);
  assert.equal(evict(bag, 3), undefined);
  assert.equal(evict(bag, 2), 2);
  assert.deepEqual([...bag.values()], [1, 3]);
  assert.equal(bag.value(bag.heaviest()), 1);
  bag.fade(0.001);
  assert.equal(evict(bag, 2, 0.0025), 3);
  assert.equal(bag.total, bag.weight(entryOf(bag, 1)));
});

test('is what a map of weights would be, however it is used', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ add: fc.integer({ min: 0, max: 9 }) }),
      fc.record({ fade: fc.double({ min: 0.1, max: 1, noNaN: true }) }),
    ),
  );
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 5 }), (list, most) => {
      const bag = new DecayedBag();
      const plain = new Map<number, number>();
      for (const [time, step] of list.entries()) {
        if ('add' in step) {
          bag.add(step.add, time);
          plain.set(step.add, (plain.get(step.add) ?? 0) + 1);
        } else {
          bag.fade(step.fade);
          for (const [value, weight] of plain) plain.set(value, weight * step.fade);
        }
        const gone = evict(bag, most);
        if (gone === undefined) continue;
        const least = Math.min(...plain.values());
        assert.ok(Math.abs((plain.get(gone) as number) - least) < 1e-9);
        plain.delete(gone);
      }
      assert.ok(bag.size <= most);
      for (const [value, weight] of plain) assert.ok(Math.abs(bag.weight(entryOf(bag, value)) - weight) < 1e-9);
      const total = [...plain.values()].reduce((sum, weight) => sum + weight, 0);
      assert.ok(Math.abs(bag.total - total) < 1e-9);
      assert.deepEqual(new DecayedBag([...bag.data]), bag);
    }),
  );
});

test('a list that is cut short is refused', () => {
  assert.throws(() => new DecayedBag([1, 2, 3]), RangeError);
  assert.throws(() => new DecayedBag([]), RangeError);
});
