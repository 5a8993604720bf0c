import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, Score } from '../../src/event/index.ts';
import { Firsts } from '../../src/lambda/firsts.ts';
import {
  bridged,
  created,
  dayAt,
  deploy,
  guardDutyFinding,
  keyOf,
  ordinaryDay,
  signIn,
  trailFile,
} from '../support/lambda.ts';
import { S3Server } from '../support/s3-server.ts';

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

test('a finding that comes after its call was learnt is judged as if it had not been, in another container too', async () => {
  await using s3 = await S3Server.start();
  const options = { detector: 'principal-likelihood', quietDays: 0 };
  const first = deploy(s3, options);
  for (let day = 0; day < 30; day++) {
    s3.put('trail', keyOf(`d${day}`), trailFile(ordinaryDay(day)));
    assert.deepEqual(await first.failures(created('trail', keyOf(`d${day}`))), []);
  }
  // Twice from the same place: the second time, the model knows it.
  const calls = [0, 60_000].map((later) => signIn('alice', dayAt(30) + later, '198.51.100.7'));
  s3.put('trail', keyOf('odd'), trailFile(calls));
  assert.deepEqual(await first.failures(created('trail', keyOf('odd'))), []);
  const second = deploy(s3, options);
  assert.deepEqual(await second.failures(bridged('GuardDuty Finding', guardDutyFinding('f1', dayAt(30) + 60_000))), []);
  const [told] = second.findings;
  const since = told?.reasons.at(-1);
  assert.equal(since?.code, 'before-learnt');
  assert.ok((told?.score ?? 0) > Number(since?.evidence['since learnt']), `${told?.score}`);
});
