import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, Finding, Score } from '../../src/event/index.ts';
import { Firsts } from '../../src/lambda/firsts.ts';
import { JsonLog } from '../../src/lambda/log.ts';
import type { Kept } from '../../src/lambda/model-keeper.ts';
import { Seen } from '../../src/lambda/seen.ts';
import { settle } from '../../src/lambda/settle.ts';
import type { Trained } from '../../src/pipeline/trained.ts';
import type { Judgement } from '../../src/triage/judge.ts';

const hour = 3_600_000;
const call = (principal: string, ip: string, time: number): Event => ({
  id: `${principal} ${ip} ${time}`,
  time,
  source: 'test',
  kind: 'api',
  fields: { 'aws.principal.id': principal, 'source.ip': ip },
  raw: '',
});
const finding = (principal: string, ip: string, from: number, to = from): Event => ({
  ...call(principal, ip, to),
  kind: 'finding',
  fields: { 'aws.principal.id': principal, 'aws.finding.remote_ips': [ip], 'aws.finding.first_seen': from },
});
const score = (value: number): Score => ({
  value,
  reasons: [{ code: 'network', text: 'New.', evidence: { nats: value } }],
});

test('a finding is as strange as its strangest call was before that was learnt', () => {
  const firsts = new Firsts();
  firsts.note(call('A', '192.0.2.1', 10 * hour), score(4));
  firsts.note(call('A', '192.0.2.1', 10.5 * hour), score(6));
  firsts.note(call('A', '192.0.2.1', 10.6 * hour), score(1));
  const before = Firsts.load(JSON.parse(JSON.stringify(firsts.save()))).before(
    finding('A', '192.0.2.1', 10 * hour),
    score(-5),
  );
  assert.equal(before.value, 6);
  assert.deepEqual(
    before.reasons.map(({ code }) => code),
    ['network', 'before-learnt'],
  );
  assert.match(before.reasons[1]?.text ?? '', /1970-01-01T10:30:00/);
});

test('not by the call of another, from elsewhere, of another time, or by one that was ordinary', () => {
  const firsts = new Firsts();
  firsts.note(call('A', '192.0.2.1', 10 * hour), score(6));
  firsts.note(call('B', '192.0.2.9', 10 * hour), score(-1));
  for (const other of [
    finding('B', '192.0.2.1', 10 * hour),
    finding('A', '192.0.2.2', 10 * hour),
    finding('A', '192.0.2.1', 12 * hour),
    finding('A', '192.0.2.1', 2 * hour, 8 * hour),
    finding('B', '192.0.2.9', 10 * hour),
  ]) {
    assert.equal(firsts.before(other, score(-5)).value, -5);
  }
  assert.equal(firsts.before(finding('A', '192.0.2.1', 10 * hour), score(7)).value, 7);
});

test('memory is bounded', () => {
  const firsts = new Firsts();
  for (let at = 0; at < 5000; at++) firsts.note(call(`P${at}`, '192.0.2.1', at), score(1));
  assert.equal(firsts.save().length, 512);
});

test('a finding that comes in a later batch than its call is delivered as strange as that was', async () => {
  const values = new Map([
    ['api', 6],
    ['finding', -5],
  ]);
  const judge = (event: Event): Judgement => {
    const judged = score(values.get(event.kind) ?? 0);
    const always = { ...judged, always: true };
    const entity = { type: 'user', name: 'A' };
    const about = { event, threshold: 8, entity, title: event.id, count: 1, first: event.time, last: event.time };
    return event.kind === 'finding'
      ? { score: always, threshold: 8, candidate: { ...about, score: always } }
      : { score: judged, threshold: 8 };
  };
  const trained = { detector: 'stub', model: {} } as Trained;
  let kept: Kept = { trained, learner: undefined, judge, seen: new Seen(), firsts: new Firsts(), tag: undefined };
  const keeper = { current: async () => kept, save: async () => true, forget: () => undefined, isQuiet: () => false };
  const told: Finding[] = [];
  const sink = { name: 'memory', write: async (findings: readonly Finding[]) => void told.push(...findings) };
  const log = new JsonLog(
    async () => undefined,
    () => 0,
    false,
  );
  const take = (event: Event) => settle({ objects: [], events: [event] }, keeper, [sink], log);
  assert.equal((await take(call('A', '192.0.2.1', 10 * hour))).findings, 0);
  kept = { ...kept, firsts: Firsts.load(JSON.parse(JSON.stringify(kept.firsts.save()))) };
  assert.equal((await take(finding('A', '192.0.2.1', 10 * hour))).findings, 1);
  assert.deepEqual([told[0]?.score, told[0]?.reasons.at(-1)?.code], [6, 'before-learnt']);
});
