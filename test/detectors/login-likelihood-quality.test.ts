import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateLogins } from '../../src/simulate/logins.ts';
import { begin } from '../support/logins/accounts.ts';

test('on simulated logins nearly every attack is above nearly everything ordinary', () => {
  const model = begin();
  const attacks: number[] = [];
  const ordinary: number[] = [];
  const found = new Map<string, boolean>();
  const start = Date.UTC(2026, 2, 2);
  const warm = start + 15 * 86_400_000;
  for (const { event, label } of simulateLogins({ seed: 100, users: 25, days: 45, start })) {
    if (model.accepts(event) && event.time >= warm) {
      const { value } = model.score(event);
      (label.attack ? attacks : ordinary).push(value);
      if (label.attack) found.set(label.incident, found.get(label.incident) || value > model.suspicious);
    }
    model.learn(event, false);
  }
  const threshold = (falseRate: number): number =>
    ordinary.toSorted((a, b) => b - a)[Math.floor(falseRate * ordinary.length)] as number;
  const share = (least: number): number => attacks.filter((value) => value > least).length / attacks.length;
  assert.ok(attacks.length > 50 && ordinary.length > 10_000);
  assert.ok(share(threshold(0.01)) > 0.97, `${share(threshold(0.01))}`);
  assert.ok(share(threshold(0.001)) > 0.8, `${share(threshold(0.001))}`);
  assert.ok([...found.values()].filter(Boolean).length / found.size > 0.9);
  assert.ok(ordinary.filter((value) => value > model.suspicious).length < 30);
});
