import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Event, ScopsError, text } from '../../src/event/index.ts';
import {
  type LoginLabel,
  loginLabelsCsv,
  oddities,
  type SimulatedLogin,
  simulateLogins,
  takeovers,
} from '../../src/simulate/logins.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 2, 2);
const small = { users: 12, days: 30, noise: 0.1 };
const login = ({ event, label }: SimulatedLogin): boolean => label.success && event.kind === 'login';
const network = (event: Event) => text(event, 'source.as.number') ?? text(event, 'source.ip');

/** What every stream promises; returns it. */
function check(options: Parameters<typeof simulateLogins>[0]): readonly SimulatedLogin[] {
  const { seed, days = 60, users = 25 } = options;
  const made = [...simulateLogins(options)];
  const ids = new Set<string>();
  const scenarios = new Set<string>();
  let before = start;
  for (const { event, line, label } of made) {
    const must = (fine: boolean, words: string): void => {
      if (!fine) assert.fail(`seed ${seed} ${words}: ${line}`);
    };
    must(event.id === label.id && !ids.has(event.id), 'has no label of its own');
    ids.add(event.id);
    must(event.time >= before && event.time < start + days * day, 'is out of order');
    before = event.time;
    must(event.raw === line && !line.includes('\n'), 'is no line');
    scenarios.add(label.scenario);
    const scorable = text(event, 'event.action') === 'ssh' && text(event, 'event.outcome') === 'success';
    must(label.success === (event.kind === 'login' && scorable), 'is wrongly called a login, or not');
    must(!label.success || text(event, 'user.name') === label.user, 'is of another user');
    must(label.attack === takeovers.some((name) => name === label.scenario), 'has a wrong label');
    must(label.attack === (label.incident !== '' && label.attack), 'has no incident');
  }
  const missing = [...takeovers, ...oddities].filter((name) => !scenarios.has(name));
  assert.deepEqual(missing, [], `seed ${seed} lacks a scenario`);
  assert.equal(new Set(made.filter(login).map(({ label }) => label.user)).size, users);
  return made;
}

/** A company of the usual size, checked once. */
let usual: readonly SimulatedLogin[] | undefined;
function company(): readonly SimulatedLogin[] {
  usual ??= check({ seed: 6 });
  return usual;
}

test('a stream is in order, labelled, and holds every scenario', () => {
  for (const seed of [0, 1, 250, 500]) check({ seed, ...small });
});

test('two months of 25 accounts: 18,000 to 30,000 logins, 0.3 to 2 % of them attacks, most failures guesses', () => {
  const made = company();
  const logins = made.filter(login);
  const attacks = logins.filter(({ label }) => label.attack);
  assert.ok(logins.length > 18_000 && logins.length < 30_000, `${logins.length} logins`);
  const share = attacks.length / logins.length;
  assert.ok(share > 0.003 && share < 0.02, `${share} attacks`);
  const failures = made.filter(({ event }) => text(event, 'event.outcome') === 'failure');
  assert.ok(failures.filter(({ label }) => label.scenario === 'background').length > failures.length / 2);
  const programs = new Set(made.map(({ event }) => text(event, 'process.name')));
  assert.deepEqual([...programs].sort(), ['sshd-session', 'sudo', 'systemd-logind']);
  const methods = new Set(logins.map(({ event }) => text(event, 'login.method')));
  assert.deepEqual([...methods].sort(), ['keyboard-interactive/pam', 'password', 'publickey']);
  assert.ok(logins.some(({ event }) => text(event, 'login.certificate.authority') !== undefined));
  assert.ok(logins.some(({ event }) => text(event, 'source.ip')?.startsWith('3fff:')));
});

test('an attack is never from where its victim ever logs in honestly, and each has several logins', () => {
  for (const seed of [0, 7]) {
    const honest = new Map<string, Set<string | undefined>>();
    const incidents = new Map<string, SimulatedLogin[]>();
    for (const made of simulateLogins({ seed, noise: 0 })) {
      if (!login(made)) continue;
      const { event, label } = made;
      if (label.attack) incidents.set(label.incident, [...(incidents.get(label.incident) ?? []), made]);
      else honest.set(label.user, (honest.get(label.user) ?? new Set()).add(network(event)));
    }
    assert.equal(incidents.size, 24);
    for (const [incident, logins] of incidents) {
      assert.ok(logins.length >= 3, `${incident} has ${logins.length} logins`);
      for (const { event, label } of logins)
        assert.ok(!honest.get(label.user)?.has(network(event)), `${incident} comes from ${label.user}'s own network`);
    }
  }
});

test('guesses come before the logins that they led to, and a dormant account has slept', () => {
  const made = company();
  const first = new Map<string, SimulatedLogin>();
  for (const each of made)
    if (each.label.attack && login(each) && !first.has(each.label.incident)) first.set(each.label.incident, each);
  for (const [incident, { event, label }] of first) {
    if (/spray|brute/.test(incident)) {
      const guesses = made.filter(
        (each) =>
          each.label.incident === incident &&
          each.event.time < event.time &&
          text(each.event, 'event.outcome') === 'failure' &&
          text(each.event, 'user.name') === label.user,
      );
      assert.ok(guesses.length >= 3, `${incident}: ${guesses.length} guesses`);
    }
    if (!incident.startsWith('dormant')) continue;
    const own = made.filter((each) => login(each) && !each.label.attack && each.label.user === label.user);
    const last = Math.max(...own.map((each) => each.event.time));
    assert.ok(own.length > 10 && event.time - last > 20 * day, incident);
  }
});

test('who is attacked beside is at work at the same time', () => {
  const made = company().filter(login);
  const beside = made.filter(({ label }) => label.scenario === 'impossible-travel');
  assert.ok(beside.length > 8);
  for (const { event, label } of beside) {
    const near = made.filter(
      (each) =>
        !each.label.attack &&
        each.label.user === label.user &&
        Math.abs(each.event.time - event.time) < 45 * 60_000 &&
        text(each.event, 'source.geo.continent_code') !== text(event, 'source.geo.continent_code'),
    );
    assert.ok(near.length > 0, `${label.user} at ${new Date(event.time).toISOString()}`);
  }
});

test('a first-seen address says little: most addresses of people at home are new', () => {
  const seen = new Set<string>();
  const fresh = { attack: 0, honest: 0 };
  for (const { event, label } of company()) {
    if (!label.success || event.time < start + 20 * day) continue;
    const key = `${label.user} ${text(event, 'source.ip')}`;
    if (!seen.has(key)) fresh[label.attack ? 'attack' : 'honest']++;
    seen.add(key);
  }
  assert.ok(fresh.honest > 20 * fresh.attack, JSON.stringify(fresh));
});

test('the same seed gives the same bytes, another seed others', () => {
  const lines = (seed: number) => [...simulateLogins({ seed, ...small })].map(({ line }) => line).join('\n');
  assert.equal(lines(11), lines(11));
  assert.notEqual(lines(11), lines(12));
});

test('there are as many attacks as asked for, at the end only, or none', () => {
  for (const attacks of [0, 3, 8]) {
    const made = [...simulateLogins({ seed: 4, ...small, attacks, attackDays: 12 })];
    const logins = made.filter(({ label }) => label.attack && label.success);
    assert.equal(new Set(logins.map(({ label }) => label.incident)).size, attacks);
    assert.ok(logins.every(({ event }) => event.time >= start + 17 * day));
  }
});

test('senseless options are refused with a reason', () => {
  const refused = (options: Partial<Parameters<typeof simulateLogins>[0]>) =>
    assert.throws(
      () => simulateLogins({ seed: 1, ...options }).next(),
      (error) => error instanceof ScopsError && error.code === 'USAGE',
      JSON.stringify(options),
    );
  refused({ seed: -1 });
  refused({ seed: 2 ** 32 });
  refused({ users: 11 });
  refused({ users: 25.5 });
  refused({ days: 29 });
  refused({ attacks: -1 });
  refused({ attacks: 10_000 });
  refused({ attacks: 1400 });
  refused({ attackDays: 61 });
  refused({ start: -1 });
  refused({ noise: Number.NaN });
});

test('it is lazy: the first line of ten years costs a day or two', () => {
  const began = performance.now();
  const first = simulateLogins({ seed: 1, users: 12, days: 3650, attacks: 8 }).next();
  assert.ok(first.done === false && first.value.line.startsWith('2026-03-02T00:'));
  assert.ok(performance.now() - began < 2000);
});

test('labels become CSV', () => {
  const label: LoginLabel = {
    id: 'sshd/web1/1/2/3',
    attack: true,
    success: true,
    scenario: 'stolen-key',
    incident: 'stolen-key-1',
    user: 'alice',
  };
  const other: LoginLabel = {
    id: 'b',
    attack: false,
    success: false,
    scenario: 'ordinary',
    incident: '',
    user: 'bob',
  };
  assert.equal(
    loginLabelsCsv([label, other]),
    'id,label,success,scenario,incident,user\nsshd/web1/1/2/3,1,1,stolen-key,stolen-key-1,alice\nb,0,0,ordinary,,bob\n',
  );
  for (const each of simulateLogins({ seed: 6, ...small }))
    assert.doesNotMatch(loginLabelsCsv([each.label]), /[^\x20-\x7e\n]|"/);
});
