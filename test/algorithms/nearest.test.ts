import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Nearest } from '../../src/algorithms/nearest.ts';
import { found } from '../support/rows.ts';

test('the fewest nearest rows whose counts reach k, by rank and then by row', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 5 })), { maxLength: 40 }),
      fc.integer({ min: 1, max: 30 }),
      fc.boolean(),
      fc.option(fc.nat(39), { nil: -1 }),
      fc.infiniteStream(fc.nat()),
      (rows, k, counted, own, shuffle) => {
        const counts = counted ? Uint32Array.from(rows, ([, count]) => count) : undefined;
        const countOf = (row: number) => (counts?.[row] ?? 1) - (row === own ? 1 : 0);
        const nearest = new Nearest(Math.min(k, rows.length), counts);
        const order = rows.map((_, row) => row);
        for (let i = order.length - 1; i > 0; i--) {
          const j = (shuffle.next().value as number) % (i + 1);
          [order[i], order[j]] = [order[j]!, order[i]!];
        }
        for (let pass = 0; pass < 2; pass++) {
          nearest.reset(k, own);
          for (const row of order) {
            const entered = nearest.offer(rows[row]![0], row);
            if (!entered) assert.ok(rows[row]![0] >= nearest.worst);
          }
        }
        const sorted = order.filter((row) => countOf(row) > 0).sort((a, b) => rows[a]![0] - rows[b]![0] || a - b);
        const expected: [number, number][] = [];
        let total = 0;
        for (const row of sorted) {
          if (total >= k) break;
          total += countOf(row);
          expected.push([rows[row]![0], row]);
        }
        assert.deepEqual(found(nearest), expected);
      },
    ),
  );
});
