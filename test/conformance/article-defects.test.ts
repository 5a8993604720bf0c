import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Event, Fields, Learner } from '../../src/event/index.ts';
import { isLearner } from '../../src/event/index.ts';
import { JubatusAnomaly } from '../../src/jubatus.ts';
import { parseOptions } from '../../src/pipeline/options.ts';
import { find } from '../../src/pipeline/registry.ts';
import { readLoginLine } from '../../src/text/login/read.ts';
import { createYearClock } from '../../src/text/syslog/clock.ts';
import { testContext } from '../support/context.ts';
import { loginFrom } from '../support/events.ts';
import { jsonLines, runScops } from '../support/scops.ts';

/** What was wrong with the script that first put Jubatus to work on logins, one by one, and that it is so no more. */
const folder = mkdtempSync(join(tmpdir(), 'scops-defects-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const config = JSON.parse(readFileSync(join(import.meta.dirname, '../../examples/logins/login_analyze.json'), 'utf8'));
const detector = (await find('detector', 'login-likelihood')) as Awaited<ReturnType<typeof find<'detector'>>>;
const made = detector.create(parseOptions(detector, {}), testContext());
const begin = (): Learner => made.begin?.() as Learner;

const [hour, day] = [3_600_000, 86_400_000];
const monday = Date.UTC(2026, 0, 5, 9);
const home: Fields = { 'host.name': 'web1', 'source.as.number': 64500, 'source.geo.country_iso_code': 'DE' };
let next = 0;
const login = (time: number, ip: string, fields: Fields = home): Event => ({
  ...loginFrom(ip, fields),
  id: `login/${next++}`,
  time,
});
const away: Fields = { 'host.name': 'web1', 'source.as.number': 64501, 'source.geo.country_iso_code': 'VN' };

/** A user with two months of working days at home. */
function settled(): Learner {
  const model = begin();
  for (let date = 0; date < 60; date++) {
    if (date % 7 < 5) model.learn(login(monday + date * day + (date % 4) * hour, '192.0.2.10'), false);
  }
  return model;
}
const later = monday + 63 * day;

test('D1: every address and place is a category of its own, not six digits of a number', () => {
  const score = (compat: '1.1.1' | 'fixed', ip: number): number => {
    const few = { nearest_neighbor_num: 3, reverse_nearest_neighbor_num: 5, ignore_kth_same_point: false };
    const anomaly = new JubatusAnomaly({ ...config, parameter: { ...config.parameter, ...few } }, { compat });
    for (let i = 0; i < 40; i++) anomaly.add({ nums: [['ip_int', 3_232_235_777 - (i % 3)]] });
    return anomaly.calcScore({ nums: [['ip_int', ip]] });
  };
  assert.equal(score('1.1.1', 3_232_236_777), score('1.1.1', 3_232_235_777));
  assert.ok(score('fixed', 3_232_236_777) > score('fixed', 3_232_235_777));
});

test('D2: many logins at once from home count less than one from another country', () => {
  const model = settled();
  for (let i = 0; i < 30; i++) model.learn(login(later + i * 10_000, '192.0.2.10'), false);
  const many = model.score(login(later + 310_000, '192.0.2.10')).value;
  assert.ok(many < settled().score(login(later, '198.51.100.7', away)).value);
});

test('D3: the very first login has a finite score and says that nothing is known yet', () => {
  const { value, reasons } = begin().score(login(monday, '192.0.2.10'));
  assert.ok(Number.isFinite(value));
  assert.ok(reasons.length > 0);
  const anomaly = new JubatusAnomaly(config);
  assert.ok(Number.isFinite(anomaly.add({ nums: [['ip_int', 1]] }).score));
});

test('D4: a feature of 0 is not one that is missing', () => {
  const rules = { num_rules: [{ key: '*', type: 'num' }] };
  const method = { ...config, parameter: { ...config.parameter, method: 'inverted_index_euclid', parameter: {} } };
  const anomaly = new JubatusAnomaly({ ...method, converter: rules });
  const { id } = anomaly.add({ nums: [['a', 5]] });
  anomaly.update(id, { nums: [['a', 0]] });
  for (let i = 1; i < 20; i++) anomaly.add({ nums: [['a', (i % 5) / 10]] });
  assert.ok(anomaly.calcScore({ nums: [['a', 0]] }) < anomaly.calcScore({ nums: [['a', 5]] }));
});

test('D5: the same logins give the same scores', () => {
  const scores = (): number[] => {
    const anomaly = new JubatusAnomaly(config);
    return Array.from(
      { length: 200 },
      (_, i) =>
        anomaly.add({
          nums: [
            ['ip_int', i % 23],
            ['first', i % 2],
          ],
        }).score,
    );
  };
  assert.deepEqual(scores(), scores());
});

test('D6: an intruder who keeps coming does not become ordinary', () => {
  const model = settled();
  const intruder = (i: number) => login(later + i * 4 * hour, '198.51.100.7', away);
  const first = model.score(intruder(0)).value;
  for (let i = 0; i < 40; i++) model.learn(intruder(i), true);
  const last = model.score(intruder(42)).value;
  assert.ok(first > model.score(login(later, '192.0.2.10')).value + 2);
  assert.ok(last >= first, `${first} became ${last}`);
});

test('D7: what was learnt survives a restart, and stays bounded', () => {
  const model = settled();
  const event = login(later, '198.51.100.7', away);
  const again = made.load(model.save());
  assert.ok(isLearner(again));
  assert.deepEqual(again.score(event), model.score(event));
  const address = (i: number): string => `2001:db8:${(i >> 16).toString(16)}::${(i & 0xffff).toString(16)}`;
  for (let i = 0; i < 50_000; i++) model.learn(login(later + i * 1000, address(i)), false);
  const size = model.save().length;
  assert.ok(size < 1e6, `${size} bytes after 50,000 addresses`);
});

test('D8: IPv6 and host names are as good as IPv4', () => {
  const model = begin();
  for (let date = 0; date < 60; date++) {
    model.learn(login(monday + date * day, `2001:db8:1:2::${date.toString(16)}`, {}), false);
  }
  const near = model.score(login(later, '2001:db8:1:2::ffff', {})).value;
  const far = model.score(login(later, '2001:db8:ffff::1', {})).value;
  assert.ok(near + 2 < far, `${near}, ${far}`);
  const { 'source.ip': _, ...fields } = loginFrom('192.0.2.1').fields;
  const named = { ...login(later, ''), fields: { ...fields, 'source.address': 'vpn.example.org' } };
  assert.ok(Number.isFinite(model.score(named).value));
});

// D9, a blocklist's errors and home connections, and a dead one: test/enrichers/dnsbl.test.ts.
// D10, geo files of the user's own, with their age: test/enrichers/geo.test.ts.

test('D11: every method, certificates, failures and other programs are read, the year from around the line', () => {
  const options = { yearClock: createYearClock({ end: Date.UTC(2026, 0, 2) }), offset: 0 };
  const read = (message: string): Fields => {
    const result = readLoginLine(`Dec 31 23:59:58 web1 ${message}`, options);
    assert.ok(!('reason' in result));
    assert.equal(new Date(result.events[0]?.time ?? 0).getUTCFullYear(), 2025);
    return result.events[0]?.fields ?? {};
  };
  const from = 'for alice from 192.0.2.1 port 22 ssh2';
  assert.equal(read(`sshd[1]: Accepted password ${from}`)['login.method'], 'password');
  assert.equal(read(`sshd-session[1]: Accepted keyboard-interactive/pam ${from}`)['event.outcome'], 'success');
  const certificate = 'ED25519-CERT SHA256:abc ID alice@corp (serial 7) CA ED25519 SHA256:def';
  assert.equal(read(`sshd[1]: Accepted publickey ${from}: ${certificate}`)['login.certificate.id'], 'alice@corp');
  assert.equal(read(`sshd[1]: Failed password ${from}`)['event.outcome'], 'failure');
  assert.equal(read('sudo: alice : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls')['user.target.name'], 'root');
});

test('D12: an hour that the user never keeps counts', () => {
  const model = settled();
  const usual = model.score(login(later, '192.0.2.10')).value;
  const night = model.score(login(later + 18 * hour, '192.0.2.10')).value;
  assert.ok(night > usual + 0.5, `${usual}, ${night}`);
});

test('D13 and D14: findings have a threshold, reasons and a shape for programs; gzip is read', async () => {
  const lines = Array.from({ length: 120 }, (_, i) => {
    const time = new Date(monday + i * 7 * hour).toISOString();
    const ip = i === 110 ? '198.51.100.7' : '192.0.2.10';
    const key = i === 110 ? 'SHA256:new' : 'SHA256:old';
    return `${time} web1 sshd[${i}]: Accepted publickey for alice from ${ip} port ${4000 + i} ssh2: ED25519 ${key}`;
  });
  writeFileSync(join(folder, 'auth.log.gz'), gzipSync(`${lines.join('\n')}\n`));
  const { out, err, code } = await runScops(folder, ['logins', 'auth.log.gz']);
  assert.equal(code, 0, err);
  const [finding] = jsonLines(out) as unknown as {
    score: number;
    threshold: number;
    reasons: unknown[];
    raw: string;
  }[];
  assert.match(finding?.raw ?? '', /198\.51\.100\.7/);
  assert.ok((finding?.score ?? 0) > (finding?.threshold ?? Infinity));
  assert.ok((finding?.reasons.length ?? 0) >= 2);
});
