import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { haversine } from '../../src/algorithms/haversine.ts';

const near = (value: number, wanted: number): void =>
  assert.ok(Math.abs(value - wanted) < 1, `${value}, not ${wanted}`);

test('distances on a sphere of 6,371.0088 km', () => {
  near(haversine(0, 0, 0, 90), (Math.PI / 2) * 6371.0088);
  near(haversine(0, 0, 0, 180), Math.PI * 6371.0088);
  near(haversine(90, 0, -90, 77), Math.PI * 6371.0088);
  near(haversine(52.52, 13.405, 48.1375, 11.575), 504);
  near(haversine(0, 179.9, 0, -179.9), 22.2);
});

test('is finite, symmetrical, none to oneself, and never more than half around', () => {
  const latitude = fc.double({ min: -90, max: 90, noNaN: true });
  const longitude = fc.double({ min: -180, max: 180, noNaN: true });
  fc.assert(
    fc.property(latitude, longitude, latitude, longitude, (a, b, c, d) => {
      const distance = haversine(a, b, c, d);
      assert.ok(distance >= 0 && distance <= 20_016);
      assert.ok(Math.abs(distance - haversine(c, d, a, b)) < 1e-6);
      assert.equal(haversine(a, b, a, b), 0);
    }),
  );
});
