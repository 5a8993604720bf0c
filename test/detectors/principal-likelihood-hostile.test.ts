import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesInUse } from '../../src/detectors/principal-likelihood/learn.ts';
import { Owner } from '../../src/detectors/principal-likelihood/owner.ts';
import type { Fields } from '../../src/event/index.ts';
import {
  after,
  begin,
  call,
  day,
  detector,
  hour,
  meet,
  minute,
  monday,
  places,
  session,
  who,
} from '../support/principals.ts';

const look = 'ec2:DescribeInstances';

test('who goes through more actions, programs and services than are remembered has finite scores', () => {
  const model = begin();
  for (let at = 0; at < 3000; at++) {
    const fields: Fields = {
      'user_agent.original': `tool${at % 40}/1.0`,
      'cloud.region': `region-${at % 60}`,
      'source.address': `service${at % 60}.amazonaws.com`,
      'aws.source.type': 'service',
    };
    const api = `audit${at % 7}:Describe${at % 400}`;
    const { value, reasons } = meet(model, call(monday + at * hour, api, who.deployer(), fields));
    assert.ok(Number.isFinite(value), `${value} of call ${at}`);
    assert.ok(reasons.every(({ evidence }) => Number.isFinite(evidence.nats ?? 0)));
  }
});

test('a record dated far ahead keeps nothing else from being learnt when its time has come', () => {
  const { model, next } = after(3);
  const abroad = (time: number) => call(time, look, who.developer('ann'), places.hotel);
  model.learn(call(Date.UTC(2099, 0, 1), look, who.developer('bob'), places.hotel), false);
  model.learn(abroad(next + 9 * hour), false);
  assert.equal(model.info()['on probation'], 2);
  const first = model.score(abroad(next + 9 * hour + minute)).value;
  for (let at = 1; at <= 3; at++)
    model.learn(call(next + at * day + 9 * hour, look, who.user('eve'), places.office), false);
  assert.equal(model.info()['on probation'], 1, 'that of 2099');
  assert.ok(model.score(abroad(next + 3 * day + 10 * hour)).value < first);
});

test('the number of an action that was new of late is given to no other word', () => {
  const owner = new Owner('AIDAEVE', 'human 111122223333', 0);
  owner.fresh.push(7);
  owner.bag(5).add(9, monday);
  assert.deepEqual([...namesInUse([owner])].sort(), [7, 9]);
});

test('a loaded model knows from where a session was just used that now calls through a service', () => {
  const { model, next } = after(3);
  const stolen = session('STOLEN', next + 8 * hour);
  model.learn(call(next + 9 * hour, 'iam:CreateUser', who.developer('ann'), places.vps, stolen), true);
  const through = call(next + 9 * hour + minute, look, who.developer('ann'), places.cloudformation, stolen);
  const score = model.score(through);
  assert.ok(score.reasons.some(({ code }) => code === 'session-networks'));
  assert.deepEqual(detector().load(model.save()).score(through), score);
});
