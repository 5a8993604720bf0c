import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Recent } from '../../src/io/recent.ts';

test('holds what was used last: at least half as many as it may, never more', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 12 }),
      fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 20 })), { maxLength: 200 }),
      (most, uses) => {
        const recent = new Recent<number, { at: number }>(most);
        const values = new Map<number, { at: number }>();
        let used: number[] = [];
        for (const [put, key] of uses) {
          const had = recent.get(key);
          if (had !== undefined) assert.equal(had, values.get(key));
          if (put) {
            values.set(key, { at: key });
            recent.set(key, values.get(key)!);
          }
          if (put || had !== undefined) used = [key, ...used.filter((each) => each !== key)];
        }
        const half = Math.ceil(most / 2);
        // Asked from the oldest use on, so that asking drops only what was asked for already.
        const found = used
          .slice(0, half)
          .reverse()
          .filter((key) => recent.get(key) === values.get(key));
        assert.equal(found.length, Math.min(half, used.length));
        assert.ok(used.filter((key) => recent.get(key) !== undefined).length <= 2 * half);
        recent.clear();
        assert.ok(used.every((key) => recent.get(key) === undefined));
      },
    ),
  );
});
