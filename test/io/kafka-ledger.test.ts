import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyOf, Ledger, partitionOf } from '../../src/io/kafka-ledger.ts';

const topic = 't';

test('a partition that stays keeps its place, one that went is forgotten', () => {
  const ledger = new Ledger();
  ledger.take([{ topic, partitions: [0, 1] }]);
  assert.equal(ledger.open('t/0', undefined, 5n), 5n);
  assert.equal(ledger.open('t/1', 7n, 0n), 7n);
  assert.equal(ledger.pending, false);
  ledger.finish('t/0', 6n);
  ledger.finish('t/1', 9n);
  assert.ok(ledger.pending);
  ledger.take([{ topic, partitions: [1] }]);
  assert.deepEqual([...ledger.done], [['t/1', 9n]]);
  ledger.finish('t/0', 8n);
  ledger.commit('t/0', 8n);
  assert.deepEqual([...ledger.done], [['t/1', 9n]], 'what comes late for a lost partition is ignored');
  ledger.commit('t/1', 9n);
  assert.equal(ledger.pending, false);
  ledger.take([{ topic, partitions: [0, 1] }]);
  assert.equal(ledger.open('t/0', 6n, 0n), 6n, 'regained: where the group is');
  assert.equal(ledger.open('t/1', 9n, 0n), 9n);
  assert.equal(ledger.generation, 3);
});

test('reading goes on at the further of our place and the group’s', () => {
  const ledger = new Ledger();
  ledger.take([{ topic, partitions: [0] }]);
  ledger.open('t/0', 10n, 0n);
  ledger.finish('t/0', 20n);
  assert.equal(ledger.open('t/0', 15n, 0n), 20n);
  assert.equal(ledger.open('t/0', 30n, 0n), 30n);
  assert.equal(ledger.open('t/9', 3n, 0n), 3n, 'not owned: told, but not kept');
  assert.deepEqual([...ledger.done.keys()], ['t/0']);
});

test('keys survive the way there and back', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\w.-]{1,20}$/), fc.nat(100_000), (name, partition) => {
      assert.deepEqual(partitionOf(keyOf({ topic: name, partition })), { topic: name, partition });
    }),
  );
});

/** Members of one group, each with a ledger, over one partition: a model of who yields and commits what. */
test('whatever the group does, what is committed was finished by somebody', () => {
  const step = fc.record({
    member: fc.nat(2),
    act: fc.constantFrom('take', 'read', 'commit', 'stale'),
    count: fc.integer({ min: 1, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const members = [new Ledger(), new Ledger(), new Ledger()];
      const finished = new Set<bigint>();
      const old: ReadonlyMap<string, bigint>[] = [new Map(), new Map(), new Map()];
      let committed = 0n;
      for (const { member, act, count } of steps) {
        const ledger = members[member] as Ledger;
        if (act === 'take') {
          for (const [index, each] of members.entries())
            each.take(index === member ? [{ topic, partitions: [0] }] : []);
          ledger.open('t/0', committed, 0n);
        }
        const next = ledger.next('t/0');
        if (act === 'read' && next !== undefined) {
          for (let offset = next; offset < next + BigInt(count); offset++) finished.add(offset);
          old[member] = ledger.done;
          ledger.finish('t/0', next + BigInt(count));
        }
        const checkpoint = act === 'commit' ? ledger.done : act === 'stale' ? (old[member] as typeof ledger.done) : [];
        for (const [key, offset] of ledger.uncommitted(new Map(checkpoint))) {
          if (!ledger.owns(key)) continue;
          committed = offset;
          ledger.commit(key, offset);
        }
        for (let offset = 0n; offset < committed; offset++) assert.ok(finished.has(offset), `lost ${offset}`);
      }
    }),
  );
});
