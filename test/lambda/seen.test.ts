import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Event } from '../../src/event/index.ts';
import { Firsts } from '../../src/lambda/firsts.ts';
import { Seen } from '../../src/lambda/seen.ts';
import type { Candidate } from '../../src/triage/judge.ts';

const event = (id: string, more: Partial<Event> = {}): Event => ({
  id,
  time: Date.UTC(2026, 0, 5),
  source: 'test',
  kind: 'api',
  fields: {},
  raw: '',
  ...more,
});
const object = (key: string, etag?: string) => ({
  type: 'object' as const,
  bucket: 'b',
  key,
  ...(etag ? { etag } : {}),
});

test('what was seen survives saving', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 40 }), fc.string(), (ids, other) => {
      const seen = new Seen();
      for (const id of ids) {
        assert.ok(seen.isNewEvent(event(id)));
        assert.ok(seen.isNewObject(object(id)));
      }
      const loaded = Seen.load(seen.save());
      assert.deepEqual(loaded.save(), seen.save());
      for (const id of ids) {
        assert.equal(loaded.isNewEvent(event(id)), false);
        assert.ok(loaded.hasObject(object(id)));
      }
      assert.equal(loaded.isNewEvent(event(other)), !ids.includes(other));
    }),
  );
});

test('nothing that is no memory of ours is taken for one', () => {
  fc.assert(
    fc.property(fc.anything(), (text) => {
      assert.deepEqual(Seen.load(text).save(), new Seen().save());
      assert.deepEqual(Firsts.load(text).save(), []);
    }),
  );
});

test('memory is bounded, and the latest are kept', () => {
  const seen = new Seen();
  for (let id = 0; id < 70_000; id++) seen.isNewEvent(event(`e${id}`));
  assert.equal(seen.isNewEvent(event('e69999')), false);
  assert.equal(seen.isNewEvent(event('e10000')), false);
  assert.equal(seen.isNewEvent(event('e1')), true);
  assert.ok(JSON.stringify(seen.save()).length < 700_000);
});

test('the same key written anew is another object', () => {
  const seen = new Seen();
  assert.deepEqual([seen.isNewObject(object('k', 'e1')), seen.isNewObject(object('k', 'e2'))], [true, true]);
  assert.deepEqual([seen.hasObject(object('k', 'e1')), seen.hasObject(object('k', 'e3'))], [true, false]);
});

test('a finding that only counts on is not new; one with another address is', () => {
  const seen = new Seen();
  const update = (count: number, ip: string): Event =>
    event('guardduty/f', { kind: 'finding', time: count, fields: { 'aws.finding.count': count, 'source.ip': ip } });
  const told = [update(1, '192.0.2.1'), update(2, '192.0.2.1'), update(3, '192.0.2.2')].map((each) =>
    seen.isNewEvent(each),
  );
  assert.deepEqual(told, [true, false, true]);
});

test('alike findings are told once an hour, unless one is about twice as strange; those without a group always', () => {
  const seen = new Seen();
  const candidate = (minutes: number, value: number, more: object = {}): Candidate => ({
    event: event('e', { time: Date.UTC(2026, 0, 5, 8, minutes) }),
    score: { value, reasons: [], group: 'g', ...more },
    threshold: 5,
    entity: { type: 'user', name: 'alice' },
    title: 't',
    count: 1,
    first: 0,
    last: 0,
  });
  assert.deepEqual(
    [candidate(0, 6), candidate(1, 6), candidate(2, 13), candidate(61, 6)].map((each) => seen.isNewTold(each)),
    [true, false, true, true],
  );
  assert.deepEqual(
    [1, 2].map(() => seen.isNewTold(candidate(0, 6, { group: undefined }))),
    [true, true],
  );
});
