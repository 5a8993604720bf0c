import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../src/algorithms/random.ts';
import { ipInsights } from '../../src/detectors/ip-insights.ts';
import { type Detector, type Event, type Fields, type Model, ScopsError } from '../../src/event/index.ts';
import { parseOptions } from '../../src/pipeline/options.ts';
import { testContext } from '../support/context.ts';
import { loginFrom } from '../support/events.ts';

const make = (given: Readonly<Record<string, unknown>> = {}): Detector =>
  (ipInsights.create as (settings: unknown, context: unknown) => Detector)(
    parseOptions(ipInsights, { vectorDim: 32, epochs: 30, ...given }),
    testContext(),
  );

async function* iterate(events: readonly Event[]): AsyncGenerator<Event> {
  yield* events;
}

const call = (principal: string, ip: string, fields: Fields = {}): Event => ({
  ...loginFrom(ip, { 'event.action': 'GetObject', 'aws.principal.id': principal, 'user.name': `name of ${principal}` }),
  kind: 'api',
  ...(Object.keys(fields).length > 0 ? { fields } : {}),
});

/** Twenty users at home in a /16 each, and in a /32 of IPv6. */
const random = createRandom(3);
const events: Event[] = Array.from({ length: 2000 }, (_, i) => {
  const user = random.integer(20);
  const v4 = `11.${user * 9}.${random.integer(256)}.${random.integer(256)}`;
  const v6 = `2a00:${(100 + user).toString(16)}:${random.integer(9) + 1}::${random.integer(9) + 1}`;
  const ip = i % 3 === 0 ? v6 : v4;
  return i % 2 === 0 ? loginFrom(ip, { 'user.name': `user${user}` }) : call(`user${user}`, ip);
});
events.push(call('user2', '11.18.3.42'), call('user2', '2a00:66:1::9'));
const fitted = await make().fit(iterate(events));

const codes = (model: Model, event: Event): string[] => model.score(event).reasons.map(({ code }) => code);

test('calls and logins of users at home score below 0, elsewhere above', () => {
  assert.deepEqual(fitted.kinds, ['api', 'login']);
  for (const at of [loginFrom('11.18.3.77', { 'user.name': 'user2' }), call('user2', '11.18.5.9')]) {
    assert.ok(fitted.score(at).value < 0, `${fitted.score(at).value}`);
  }
  for (const ip of ['203.0.113.9', '11.162.3.3', '2a00:70::1'])
    assert.ok(fitted.score(call('user2', ip)).value > 0, `${ip}: ${fitted.score(call('user2', ip)).value}`);
  assert.ok(fitted.score(call('user2', '2a00:66:2::5')).value < 0);
});

test('its reasons tell how near the known addresses are, and the dot product', () => {
  assert.deepEqual(codes(fitted, call('user2', '11.18.3.42')), ['address-known', 'dot-product']);
  const near = fitted.score(call('user2', '11.18.3.43')).reasons[0];
  assert.equal(near?.code, 'network-nearest');
  assert.match(
    near?.text ?? '',
    /^The nearest that user2 was seen from is 11\.18\.3\.42: 11\.18\.3\.43 shares 31 bits/,
  );
  const far = fitted.score(call('user2', '203.0.113.9')).reasons;
  assert.match(far[0]?.text ?? '', /^user2 was never seen from a network like that of 203\.0\.113\.9; none of its \d+/);
  assert.match(
    far[1]?.text ?? '',
    /^By what was learnt the address does not go with user2: .* to 1 against it \(dot product -/,
  );
  assert.equal(
    far[1]?.evidence.dot_product,
    Number((-fitted.score(call('user2', '203.0.113.9')).value).toPrecision(6)),
  );
  assert.match(
    fitted.score(call('user2', '2a00:66:1::5')).reasons[0]?.text ?? '',
    /2a00:66:1::\/64, the network of 2a00:66:1::5/,
  );
});

test('an entity that was never met is said to be so, and scores 0', () => {
  const { value, reasons } = fitted.score(call('AROAEXAMPLE:session', '11.18.3.42'));
  assert.ok(Object.is(value, 0));
  assert.deepEqual(
    reasons.map(({ code }) => code),
    ['entity-unseen'],
  );
});

test('hashed, it scores as a row that may be somebody else, and survives being saved', async () => {
  const model = await make({ entities: 'hashed', numEntityVectors: 500 }).fit(iterate(events));
  const strangers = Array.from({ length: 30 }, (_, i) => call(`stranger ${i}`, '11.18.3.42'));
  assert.ok(new Set(strangers.map((each) => model.score(each).value)).size > 20);
  assert.ok(strangers.some((each) => codes(model, each)[0] === 'entity-unseen'));
  const loaded = make().load(model.save());
  for (const each of strangers) assert.deepEqual(loaded.score(each), model.score(each));
});

test('a family of addresses that was not learnt from is said to be so', async () => {
  const model = await make().fit(iterate(events.filter(({ fields }) => !String(fields['source.ip']).includes(':'))));
  assert.deepEqual(codes(model, call('user2', '2a00:66:2::5')), ['family-unlearnt']);
  assert.equal(model.score(call('user2', '2a00:66:2::5')).value, 0);
});

test('only so many entities have vectors, those met most often', async () => {
  const rare = [...events, call('once', '192.0.2.1')];
  const model = await make({ numEntityVectors: 20 }).fit(iterate(rare));
  assert.deepEqual(codes(model, call('once', '192.0.2.1')), ['entity-unseen']);
  assert.equal(model.trainingScores('api').length + model.trainingScores('login').length, rare.length);
  assert.equal(model.info()['entities learnt'], 20);
});

test('training scores are of what was learnt from the others', () => {
  const scores = fitted.trainingScores('api');
  assert.equal(scores.length, 1002);
  assert.ok(scores.filter((score) => score < 0).length > 950);
  assert.deepEqual(fitted.trainingScores('file'), new Float64Array());
});

test('failed logins, and what has no user or no address, are not looked at', () => {
  for (const fields of [
    { 'event.outcome': 'failure' },
    { 'event.action': 'logout' },
    { 'user.name': '' },
    { 'source.ip': 'ec2.amazonaws.com' },
  ])
    assert.equal(fitted.accepts(loginFrom('11.18.3.42', { 'user.name': 'user2', ...fields })), false);
  assert.equal(fitted.accepts({ ...call('user2', '11.18.3.42'), kind: 'process' }), false);
});

test('titles name who, what and from where', () => {
  assert.deepEqual(fitted.describe(call('AIDAEXAMPLE', '192.0.2.1')), {
    title: 'GetObject by name of AIDAEXAMPLE (AIDAEXAMPLE) from 192.0.2.1',
    entity: { type: 'principal', name: 'AIDAEXAMPLE' },
  });
  assert.deepEqual(fitted.describe(loginFrom('192.0.2.1')), {
    title: 'Login of alice from 192.0.2.1',
    entity: { type: 'user', name: 'alice' },
  });
});

test('options that do not go together are refused', async () => {
  const refused = (error: unknown): boolean => error instanceof ScopsError && error.code === 'CONFIG_INVALID';
  const given = { randomNegativeSamplingRate: 0, shuffledNegativeSamplingRate: 0 };
  await assert.rejects(make(given).fit(iterate(events)), refused);
  await assert.rejects(make({ vectorDim: 4096, numIpEncoderLayers: 100 }).fit(iterate(events)), refused);
});

test('scores stay finite with any learning rate', async () => {
  for (const options of [
    { learningRate: 10, epochs: 3 },
    { learningRate: 10, numIpEncoderLayers: 8, epochs: 3 },
  ]) {
    const model = await make(options)
      .fit(iterate(events.slice(0, 400)))
      .catch((error: unknown) => assert.equal((error as ScopsError).code, 'CONFIG_INVALID'));
    for (const event of events.slice(0, 50)) if (model) assert.ok(Number.isFinite(model.score(event).value));
  }
});
