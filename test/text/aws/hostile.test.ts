import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Event } from '../../../src/event/index.ts';
import { cloudTrailRecord } from '../../../src/text/aws/cloudtrail/record.ts';
import { guardDutyFindings } from '../../../src/text/aws/guardduty/finding.ts';
import { isObject, type Json } from '../../../src/text/wazuh/values.ts';
import { rest, shapes, testActor, userIdentity } from './actors.ts';

const record = (actor: Parameters<typeof userIdentity>[0]): Json => ({
  eventTime: '2026-01-02T03:04:05Z',
  eventName: 'ConsoleLogin',
  eventSource: 'signin.amazonaws.com',
  eventID: '6b54e0ad-c23c-4850-b896-7533a3558526',
  userIdentity: userIdentity(actor),
  sourceIPAddress: '203.0.113.9',
  responseElements: { ConsoleLogin: 'Success' },
  additionalEventData: { MFAUsed: 'Yes' },
});

function assertSound({ id, time, fields, raw }: Event): void {
  assert.ok(id.length < 4096);
  assert.ok(Number.isFinite(time));
  assert.equal(raw, 'raw');
  assert.equal(Object.getPrototypeOf(fields), Object.prototype);
  for (const [name, value] of Object.entries(fields)) {
    assert.notEqual(value, '', name);
    assert.ok(['string', 'number', 'boolean'].includes(typeof value) || Array.isArray(value), name);
    if (typeof value === 'number') assert.ok(Number.isFinite(value), name);
    if (Array.isArray(value))
      assert.ok(
        value.every((item) => typeof item === 'string' && item !== ''),
        name,
      );
  }
}

function check(value: Json): void {
  const call = cloudTrailRecord(value, 'raw');
  if ('reason' in call) assert.ok(call.reason.length < 200);
  else if (call.event !== undefined) assertSound(call.event);
  for (const finding of guardDutyFindings(value, 'raw')) {
    if ('reason' in finding) assert.ok(finding.reason.length < 200);
    else assertSound(finding.event);
  }
}

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, '', '__proto__', 'constructor', 0, -1, 1e308, true, [], {}, [[]], [null], {
    __proto__: null,
  }),
  fc.string(),
  fc.jsonValue(),
);

/** The value with one of its parts, found along `path`, replaced. */
function replaced(value: unknown, path: readonly number[], by: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  if (keys.length === 0) return by;
  const key = keys[step % keys.length] as string;
  const inner = replaced((value as Record<string, unknown>)[key], rest, by);
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === key ? inner : item));
  return { ...value, [key]: inner };
}

test('records with any part replaced by anything are read or refused', () => {
  const forms = [record, ...Object.values(shapes)];
  fc.assert(
    fc.property(
      testActor,
      fc.constantFrom(...forms),
      fc.array(fc.tuple(fc.array(fc.nat(40), { maxLength: 6 }), odd), { minLength: 1, maxLength: 4 }),
      (actor, form, changes) => {
        const changed = changes.reduce((value: unknown, [path, by]) => replaced(value, path, by), form(actor));
        if (isObject(changed)) check(changed);
      },
    ),
    { numRuns: 1500 },
  );
});

test('any JSON object is read or refused', () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), check));
});

test('names of Object are names like others', () => {
  const parsed = JSON.parse(
    '{"ProductArn":"x/guardduty","Id":"a/finding/b","Types":["A:B-C"],"UpdatedAt":"2026-01-02T03:04:05Z","ProductFields":{"aws/guardduty/service/__proto__/polluted":"1","aws/guardduty/service/constructor/prototype/polluted":"1","aws/guardduty/service/action/__proto__.0_/x":"1"}}',
  );
  check(parsed);
  check(JSON.parse('{"__proto__":{"polluted":1},"Type":"a","Id":"b","Service":{"__proto__":{"polluted":1}}}'));
  check(JSON.parse('{"eventname":"a","eventsource":"b","__proto__":{"polluted":1}}'));
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

test('depth, width and long texts take linear time', () => {
  const began = performance.now();
  const deep = JSON.parse(`${'{"detail-type":"x","detail":'.repeat(20_000)}{}${'}'.repeat(20_000)}`);
  check(deep);
  check({ Type: 'a', Id: 'b', Service: deep });
  const long = 'a-'.repeat(500_000);
  check({
    ...rest({ type: 'IAMUser', account: long, id: long, name: long, session: long, accessKey: long }),
    description: ` with principalId ${'A'.repeat(500_000)}`,
  });
  const fields = Object.fromEntries(
    Array.from({ length: 50_000 }, (_, at) => [`aws/guardduty/service/a${at}.255_/b`, '1']),
  );
  check({
    ProductArn: 'x/guardduty',
    Id: 'b',
    Types: [`${'x/'.repeat(100_000)}a:b`],
    UpdatedAt: '2026-01-02T03:04:05Z',
    ProductFields: fields,
  });
  assert.ok(performance.now() - began < 3000);
});
