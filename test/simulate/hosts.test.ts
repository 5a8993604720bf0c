import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScopsError } from '../../src/event/index.ts';
import { scenarios } from '../../src/simulate/hosts/scenarios.ts';
import {
  activities,
  articleCases,
  attacksFrom,
  labelsCsv,
  type Simulated,
  simulateHosts,
} from '../../src/simulate/hosts.ts';
import { readWazuh } from '../../src/text/wazuh/read.ts';

interface Alert {
  readonly timestamp: string;
  readonly id: string;
  readonly rule: {
    readonly id: string;
    readonly level: number;
    readonly description: string;
    readonly groups: string[];
  };
  readonly agent: { readonly id: string; readonly name: string };
  readonly full_log: string;
  readonly syscheck?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
}

const parse = (line: string): Alert => JSON.parse(line) as Alert;
const timeOf = (alert: Alert): number => Date.parse(alert.timestamp.replace('+0000', 'Z'));
const day = 86_400_000;
const start = Date.UTC(2026, 2, 2);

/** What every simulation promises; returns its alerts. Assertions are made only on a breach: there are many alerts. */
function check(seed: number, days: number, from: number, made: readonly Simulated[]): readonly Alert[] {
  const ids = new Set<string>();
  const seen = new Set<string>();
  let before = 0;
  const alerts = made.map(({ line, label }) => {
    const must = (fine: boolean, words: string): void => {
      if (!fine) assert.fail(`seed ${seed}, alert ${label.id} ${words}: ${line.slice(0, 300)}`);
    };
    must(Buffer.byteLength(line) <= 65_536, 'is too long');
    must(!line.includes('\n'), 'has a line break');
    const alert = parse(line);
    must(label.id === alert.id, 'has another label');
    must(!ids.has(alert.id), 'is there twice');
    ids.add(alert.id);
    const time = timeOf(alert);
    must(time >= before && time >= start && time < start + days * day, 'is out of order');
    must(alert.id.startsWith(`${Math.floor(time / 1000)}.`), 'has an id of another time');
    before = time;
    seen.add(label.activity);
    must(label.attack === (label.activity === 'attack'), 'has a wrong activity');
    must(label.attack === (label.technique !== undefined), 'has a wrong technique');
    must(!label.attack || time >= from, 'attacks too early');
    return alert;
  });
  const missing = activities.filter((activity) => !seen.has(activity));
  assert.deepEqual(missing, [], `seed ${seed} lacks an activity`);
  return alerts;
}

test('every seed from 0 to 500 contains what it promises', () => {
  for (let seed = 0; seed <= 500; seed++) {
    const options = { seed, days: 2, hosts: 4, scale: 0.03 };
    const made = [...simulateHosts(options)];
    check(seed, 2, attacksFrom(options), made);
    const sizes = new Map<string, number>();
    for (const { label } of made) if (label.attack) sizes.set(label.session, (sizes.get(label.session) ?? 0) + 1);
    assert.ok(sizes.size >= 1);
    for (const [session, size] of sizes) assert.ok(size >= 3, `seed ${seed}: attack ${session} has ${size} alerts`);
  }
});

test('a single day, whatever the day of the week, contains everything too', () => {
  for (let seed = 0; seed < 28; seed++) {
    const made = [...simulateHosts({ seed, days: 1, scale: 0.05, start: start + (seed % 7) * day })];
    const shifted = start + (seed % 7) * day;
    assert.ok(made.every(({ line }) => timeOf(parse(line)) >= shifted && timeOf(parse(line)) < shifted + day));
    const seen = new Set(made.map(({ label }) => label.activity));
    assert.deepEqual(
      activities.filter((activity) => !seen.has(activity)),
      [],
      `seed ${seed}`,
    );
  }
});

test('seven machines make 1,500 to 2,500 alerts a day, with every kind of alert', () => {
  const options = { seed: 7, days: 28 };
  const alerts = check(7, 28, attacksFrom(options), [...simulateHosts(options)]);
  const perDay = alerts.length / 28;
  assert.ok(perDay >= 1500 && perDay <= 2500, `${perDay} alerts a day`);
  const rules = new Set(alerts.map((alert) => alert.rule.id));
  const wanted =
    '80792 550 553 554 594 597 598 750 751 752 5402 5407 5501 5502 5503 5710 5712 5715 2902 510 533 19007 19008 31101 31151 60106 60122 60137 61104'.split(
      ' ',
    );
  assert.deepEqual(
    wanted.filter((rule) => !rules.has(rule)),
    [],
  );
  assert.equal(new Set(alerts.map((alert) => alert.agent.name)).size, 7);
  assert.ok(alerts.every((alert) => alert.rule.description !== '' && alert.rule.level >= 2 && alert.full_log !== ''));
});

test('working days are busier than weekends, and nobody deploys at a weekend unless it is promised', () => {
  const made = [...simulateHosts({ seed: 3, days: 42, hosts: 5, scale: 0.2, attacks: 0 })];
  const weekdayOf = ({ line }: Simulated) => new Date(timeOf(parse(line))).getUTCDay();
  const admins = made.filter(({ label }) => label.activity === 'admin').map(weekdayOf);
  const atWeekends = admins.filter((weekday) => weekday === 0 || weekday === 6).length / 2;
  assert.ok(admins.length / 5 > 3 * atWeekends);
  const weekendDeploys = new Set(
    made
      .filter((each) => each.label.activity === 'deploy' && weekdayOf(each) % 6 === 0)
      .map(({ label }) => label.session),
  );
  assert.ok(weekendDeploys.size <= 2);
});

test('the same seed gives the same bytes, another seed others', () => {
  const lines = (seed: number) => [...simulateHosts({ seed, days: 2, scale: 0.1 })].map(({ line }) => line).join('\n');
  assert.equal(lines(11), lines(11));
  assert.notEqual(lines(11), lines(12));
});

test('asking for attacks gives so many, and none when asked for none', () => {
  const sessions = (attacks: number) => {
    const made = [...simulateHosts({ seed: 5, days: 6, scale: 0.05, attacks, attackDays: 2 })];
    return new Set(made.filter(({ label }) => label.attack).map(({ label }) => label.session)).size;
  };
  for (const attacks of [0, 1, 2, 17, 40]) assert.equal(sessions(attacks), attacks);
});

test('every family of attacks comes, each with file or registry events, and with commands on Linux', () => {
  const made = [...simulateHosts({ seed: 1, days: 3, scale: 0.05, attacks: 2 * (scenarios.length + 1) })].filter(
    ({ label }) => label.attack,
  );
  const techniques = new Set(made.map(({ label }) => label.technique));
  for (const { technique } of scenarios) assert.ok(techniques.has(technique), technique);
  assert.ok(techniques.has('T1547.001'));
  const kinds = new Map<string, Set<string>>();
  for (const { line, label } of made) {
    const { rule } = parse(line);
    const kind = rule.groups.includes('syscheck') ? 'file' : rule.id === '80792' ? 'exec' : 'log';
    kinds.set(label.session, (kinds.get(label.session) ?? new Set()).add(kind));
  }
  for (const [session, kind] of kinds) {
    assert.ok(kind.has('file'), `${session} changes nothing`);
    assert.ok(kind.has('exec') || session.startsWith('win01'), `${session} runs nothing`);
  }
  assert.equal(kinds.size, 2 * (scenarios.length + 1));
});

test('the product reads every alert back: no rejects, the right kinds', () => {
  const counts = new Map<string, number>();
  for (const { line, label } of simulateHosts({ seed: 2, days: 7, scale: 0.3 })) {
    const event = readWazuh(line);
    assert.ok('kind' in event, `${label.id} was rejected`);
    counts.set(event.kind, (counts.get(event.kind) ?? 0) + 1);
  }
  for (const kind of ['process', 'file', 'login', 'log']) assert.ok((counts.get(kind) ?? 0) > 20, kind);
});

test('what a file was before is what it was after the last change', () => {
  const known = new Map<string, unknown>();
  let compared = 0;
  for (const { line } of simulateHosts({ seed: 9, days: 10, scale: 0.3 })) {
    const { syscheck, agent } = parse(line);
    if (syscheck === undefined || 'value_name' in syscheck || !('md5_after' in syscheck)) continue;
    const key = `${agent.name}:${syscheck.path}`;
    const before = known.get(key);
    if (before !== undefined && syscheck.event === 'modified' && 'md5_before' in syscheck) {
      assert.equal(syscheck.md5_before, before, key);
      compared++;
    }
    if (syscheck.event === 'deleted') known.delete(key);
    else known.set(key, syscheck.md5_after);
  }
  assert.ok(compared > 50, `${compared} compared`);
});

test('a deploy is hundreds of file events, and each brings names that were not there before', () => {
  const deploys = new Map<string, { files: number; fresh: number }>();
  const known = new Set<string>();
  for (const { line, label } of simulateHosts({ seed: 4, days: 21, attacks: 0, hosts: 3 })) {
    if (label.activity !== 'deploy') continue;
    const path = parse(line).syscheck?.path;
    if (typeof path !== 'string') continue;
    const inside = path.replace(/\/releases\/[^/]+/, '').replace(/[0-9a-f]{7,}/g, '');
    const deploy = deploys.get(label.session) ?? { files: 0, fresh: 0 };
    deploys.set(label.session, { files: deploy.files + 1, fresh: deploy.fresh + (known.has(inside) ? 0 : 1) });
    known.add(inside);
  }
  assert.ok(deploys.size >= 9, `${deploys.size} deploys`);
  const files = [...deploys.values()].map((deploy) => deploy.files);
  assert.ok(Math.min(...files) >= 90 && Math.max(...files) >= 150, `${files}`);
  assert.ok([...deploys.values()].every((deploy) => deploy.fresh >= 1));
});

test("the article's two cases can be made at any time", () => {
  const [su, file] = articleCases(start + 12_345_678);
  const command = readWazuh(su.line);
  assert.ok('kind' in command && command.kind === 'process');
  assert.deepEqual(command.fields['process.args'], ['su', '-', 'oreha-kaizoku-oh-ni-naru']);
  assert.equal(command.fields['rule.id'], '80792');
  assert.equal(command.time, start + 12_345_678);
  assert.equal(command.fields['user.audit.name'], 'mara');
  const added = readWazuh(file.line);
  assert.ok('kind' in added && added.kind === 'file');
  assert.equal(added.fields['file.path'], '/home/pyama/yabai-file');
  assert.equal(added.fields['event.action'], 'added');
  assert.equal(added.fields['rule.id'], '554');
  assert.ok(su.label.attack && file.label.attack);
  assert.notEqual(su.label.id, file.label.id);
});

test('labels become CSV', () => {
  const csv = labelsCsv([
    { id: '1.2', attack: false, activity: 'routine', session: 'web01-routine-1' },
    { id: '3.4', attack: true, technique: 'T1496', activity: 'attack', session: 'web01-attack-2' },
  ]);
  assert.equal(
    csv,
    'id,label,technique,activity,session\n1.2,0,,routine,web01-routine-1\n3.4,1,T1496,attack,web01-attack-2\n',
  );
  for (const { label } of simulateHosts({ seed: 6, days: 1, scale: 0.1 }))
    assert.doesNotMatch(labelsCsv([label]), /[^\x20-\x7e\n]|"/);
});

test('senseless options are refused with a reason', () => {
  const refused = (options: Parameters<typeof simulateHosts>[0]) =>
    assert.throws(
      () => simulateHosts(options).next(),
      (error) => error instanceof ScopsError && error.code === 'USAGE',
    );
  refused({ seed: 1, days: 0 });
  refused({ seed: 1, days: 1.5 });
  refused({ seed: -1, days: 1 });
  refused({ seed: 2 ** 32, days: 1 });
  refused({ seed: 1, days: 1, hosts: 2 });
  refused({ seed: 1, days: 1, hosts: 100 });
  refused({ seed: 1, days: 1, scale: 0 });
  refused({ seed: 1, days: 1, scale: Number.NaN });
  refused({ seed: 1, days: 1, attacks: -1 });
  refused({ seed: 1, days: 1, attackDays: 2 });
  refused({ seed: 1, days: 1, start: -5 });
});

test('it is lazy: the first line of a thousand years costs one day', () => {
  const first = simulateHosts({ seed: 1, days: 365_000, attacks: 1, scale: 0.05 }).next();
  assert.ok(first.done === false && first.value.line.startsWith('{"timestamp":"2026-03-02T00:'));
});
