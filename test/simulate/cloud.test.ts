import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Event, ScopsError, text } from '../../src/event/index.ts';
import { type SimulatedCloud, simulateCloud } from '../../src/simulate/cloud.ts';
import { readAsRanges } from '../../src/text/as-ranges.ts';
import { cloudTrailRecord } from '../../src/text/aws/cloudtrail/record.ts';
import { guardDutyFindings } from '../../src/text/aws/guardduty/finding.ts';

const attackNames = [
  'behind-service',
  'blinding',
  'console-takeover',
  'insider',
  'instance-credentials-inside',
  'instance-credentials-outside',
  'leaked-key',
  'pipeline-abuse',
  'role-pivot',
  'stolen-session',
];
const benignNames = [
  'access-review',
  'bulk-analysis',
  'game-day',
  'internet-noise',
  'key-rotation',
  'listed-by-mistake',
  'new-colleague',
  'new-gateway',
  'new-provider',
  'ordinary-day',
  'ordinary-work',
  'own-tool',
  'own-vpn',
  'pen-test',
  'public-bucket',
  'rented-desk',
  'rollout',
  'root-day',
  'sample',
  'scanner',
  'through-data-centre',
  'through-service',
  'tor-research',
  'travel',
  'vpn-egress',
  'watchers',
];

interface Company extends SimulatedCloud {
  readonly events: readonly Event[];
}

function company(seed: number, days = 45): Company {
  const made = simulateCloud({ seed, days });
  const events = [...made.records].map((record) => {
    const read = cloudTrailRecord(record, JSON.stringify(record));
    if ('reason' in read) assert.fail(`${read.reason}: ${JSON.stringify(record)}`);
    assert.ok(read.event);
    return read.event;
  });
  return { ...made, events };
}

let kept: Company | undefined;
function usual(): Company {
  kept ??= company(6);
  return kept;
}

const findingEvents = ({ findings }: SimulatedCloud): readonly Event[] =>
  findings.flatMap((finding) =>
    guardDutyFindings(finding, JSON.stringify(finding)).map((read) => {
      if ('reason' in read) assert.fail(`${read.reason}: ${JSON.stringify(finding)}`);
      return read.event;
    }),
  );

const set = (events: readonly Event[], field: string): Set<string | undefined> =>
  new Set(events.map((event) => text(event, field)));

/** Whether a score of the attacks' findings is higher than that of the others', 0.5 where it tells nothing. */
function auc(attacks: readonly number[], others: readonly number[]): number {
  let sum = 0;
  for (const a of attacks) for (const b of others) sum += a > b ? 1 : a === b ? 0.5 : 0;
  return sum / attacks.length / others.length;
}

test('every record is read, has an id of its own, and is in order', () => {
  const { events } = usual();
  assert.ok(events.length > 80_000 && events.length < 200_000, `${events.length}`);
  assert.equal(set(events, 'aws.event.id').size, events.length);
  for (let i = 1; i < events.length; i++) assert.ok(events[i]!.time >= events[i - 1]!.time, events[i]!.raw);
});

test('all kinds of principals, addresses and records are there', () => {
  const { events } = usual();
  const types = ['role', 'user', 'root', 'service', 'saml-user', 'web-identity-user', 'identity-center-user'];
  const principals = set(events, 'aws.principal.type');
  for (const type of types) assert.ok(principals.has(type), type);
  for (const type of ['human', 'automation', 'instance', 'service'])
    assert.ok(set(events, 'aws.principal.class').has(type), type);
  for (const type of ['public', 'vpc-endpoint', 'service', 'internal'])
    assert.ok(set(events, 'aws.source.type').has(type), type);
  assert.ok(set(events, 'event.code').has('AccessDenied'));
  assert.ok(events.some((event) => text(event, 'source.ip')?.startsWith('3fff:')));
  assert.ok(events.some(({ kind }) => kind === 'login'));
  assert.ok(events.some((event) => text(event, 'aws.event.category') === 'Data'));
  assert.equal(set(events, 'cloud.account.id').size, 3);
});

test('a role taken on in another account is in both trails, under one shared id', () => {
  const accounts = new Map<string, Set<string | undefined>>();
  for (const event of usual().events) {
    const shared = text(event, 'aws.event.shared_id');
    if (shared !== undefined)
      accounts.set(shared, (accounts.get(shared) ?? new Set()).add(text(event, 'cloud.account.id')));
  }
  const both = [...accounts.values()].filter(({ size }) => size === 2);
  assert.ok(both.length > 50, `${both.length}`);
});

test('findings are read, grow under one id, have their types severity and their truth', () => {
  const made = usual();
  const events = findingEvents(made);
  const last = new Map<string, Event>();
  const severities = new Map<string | undefined, unknown>();
  for (const event of events) {
    const id = text(event, 'aws.finding.id') as string;
    const before = last.get(id)?.fields['aws.finding.count'] ?? 0;
    assert.ok(Number(event.fields['aws.finding.count']) > Number(before), event.raw);
    last.set(id, event);
    const type = text(event, 'rule.name');
    assert.equal(severities.get(type) ?? event.fields['event.severity'], event.fields['event.severity']);
    severities.set(type, event.fields['event.severity']);
  }
  assert.ok(events.length > last.size);
  assert.deepEqual([...last.keys()].sort(), made.truth.findings.map(({ id }) => id).sort());
  assert.ok([...last.values()].some((event) => event.fields['aws.finding.archived'] === true));
  const scenario = new Map(made.truth.findings.map((truth) => [truth.id, truth.scenario]));
  for (const [id, event] of last) {
    assert.equal(event.fields['aws.finding.sample'] === true, scenario.get(id) === 'sample');
    assert.equal(text(event, 'aws.principal.id') === undefined, scenario.get(id) === 'internet-noise', event.raw);
  }
});

test('a finding is of calls that the trail has, with the same principal, key and address', () => {
  const { events, findings, truth } = usual();
  const calls = new Map<string, Event>();
  for (const event of events)
    calls.set(`${text(event, 'aws.access_key.id')} ${event.time} ${text(event, 'event.action')}`, event);
  const lost: string[] = [];
  let joined = 0;
  for (const event of findingEvents({ findings } as SimulatedCloud)) {
    if (truth.findings.find(({ id }) => id === text(event, 'aws.finding.id'))?.scenario === 'sample') continue;
    const call = calls.get(
      `${text(event, 'aws.access_key.id')} ${event.fields['aws.finding.first_seen']} ${text(event, 'event.action')?.replace('ConsoleLogin', 'login')}`,
    );
    if (text(event, 'aws.access_key.id') === undefined) continue;
    if (call === undefined) {
      lost.push(event.raw);
      continue;
    }
    joined++;
    for (const field of ['aws.principal.id', 'aws.principal.session', 'source.ip', 'event.provider'])
      assert.equal(text(event, field), text(call, field), `${field}: ${event.raw}`);
  }
  assert.ok(joined > 100, `${joined}`);
  assert.deepEqual(lost, []);
});

test('the events of attacks are in the trail, and of their principals the honest ones are too', () => {
  const { events, truth } = usual();
  const known = set(events, 'aws.event.id');
  for (const attack of truth.attacks)
    for (const id of attack.eventIDs) assert.ok(known.has(id), `${attack.incident}: ${id}`);
  const ids = new Set(truth.attacks.flatMap(({ eventIDs }) => eventIDs));
  const honest = set(
    events.filter((event) => !ids.has(text(event, 'aws.event.id') as string)),
    'aws.principal.id',
  );
  const theirs = events.filter((event) => ids.has(text(event, 'aws.event.id') as string));
  const strangers = theirs.filter((event) => !honest.has(text(event, 'aws.principal.id')));
  assert.ok(strangers.length < 0.3 * theirs.length, `${strangers.length} of ${theirs.length}`);
});

test('where a trail was stopped, it has nothing until it is started again', () => {
  const stops = ({ truth }: SimulatedCloud) => truth.attacks.find(({ variant }) => variant === 'StopLogging');
  let seed = 0;
  while (stops(simulateCloud({ seed, days: 21 })) === undefined) seed++;
  const { events, ...made } = company(seed, 21);
  const ids = new Set(stops(made)?.eventIDs);
  const last = events.findLast((event) => ids.has(text(event, 'aws.event.id') as string)) as Event;
  assert.equal(text(last, 'event.action'), 'StopLogging');
  const account = text(last, 'cloud.account.id');
  const next = events.filter((event) => event.time > last.time + 1000 && text(event, 'cloud.account.id') === account);
  assert.ok(next[0] !== undefined && next[0].time - last.time > 60_000);
  assert.ok(next.slice(0, 20).some((event) => text(event, 'event.action') === 'StartLogging'));
});

const seeds = process.env.FUZZ ? Array.from({ length: 501 }, (_, seed) => seed) : [0, 1, 99, 124, 250, 363, 500];

test('every seed has all attacks and all that is innocent, 10 to 20 % of findings of attacks, and no easy sign of them', {
  timeout: 3_600_000,
}, () => {
  const variants = new Map<string, Set<string>>();
  const kinds = { attack: [] as number[], benign: [] as number[] };
  const agents = { attack: new Set<string>(), benign: new Set<string>() };
  const systems = { attack: new Set<string>(), benign: new Set<string>() };
  const hours = { attack: [] as number[], benign: [] as number[] };
  for (const seed of seeds) {
    const { truth, findings } = simulateCloud({ seed });
    const names = (label: string) =>
      new Set(truth.findings.filter((each) => each.label === label).map(({ scenario }) => scenario));
    assert.deepEqual([...names('attack')].sort(), attackNames, `seed ${seed}`);
    const benign = names('benign');
    assert.deepEqual(
      benignNames.filter((name) => !benign.has(name)),
      [],
      `seed ${seed}`,
    );
    const incidents = new Set(truth.findings.map(({ incident }) => incident));
    for (const attack of truth.attacks) {
      assert.ok(attack.eventIDs.length >= 3, `seed ${seed} ${attack.incident} has ${attack.eventIDs.length} events`);
      assert.ok(incidents.has(attack.incident), `seed ${seed} ${attack.incident} has no finding`);
      variants.set(attack.scenario, (variants.get(attack.scenario) ?? new Set()).add(attack.variant));
    }
    const share = truth.findings.filter(({ label }) => label === 'attack').length / truth.findings.length;
    assert.ok(share > 0.1 && share < 0.2, `seed ${seed}: ${share}`);
    const last = new Map(
      findingEvents({ findings } as SimulatedCloud).map((event) => [text(event, 'aws.finding.id'), event]),
    );
    for (const { id, label } of truth.findings) {
      const event = last.get(id) as Event;
      kinds[label].push(Number(event.fields['event.severity']));
      hours[label].push(new Date(Number(event.fields['aws.finding.first_seen'])).getUTCHours());
      agents[label].add(text(event, 'user_agent.original')?.split('/')[0] ?? '');
      systems[label].add(text(event, 'source.as.organization.name')?.split(' ').slice(1).join(' ') ?? '');
    }
  }
  for (const [name, found] of variants) assert.ok(name === 'insider' || found.size >= 2, `${name}: ${[...found]}`);
  const bySeverity = auc(kinds.attack, kinds.benign);
  assert.ok(bySeverity > 0.4 && bySeverity < 0.72, `severity ${bySeverity}`);
  const byHour = auc(hours.attack, hours.benign);
  assert.ok(byHour > 0.38 && byHour < 0.62, `hour ${byHour}`);
  for (const shown of [agents, systems]) {
    const alone = [...shown.attack].filter((each) => !shown.benign.has(each));
    assert.deepEqual(alone, [], 'attackers alone are so');
  }
});

test('the same seed gives the same, again and again, and another seed something else', () => {
  const all = (seed: number): string => {
    const made = simulateCloud({ seed, days: 21, people: 20 });
    return JSON.stringify([[...made.records], made.findings, made.truth]);
  };
  const first = all(11);
  assert.ok(first === all(11));
  assert.ok(first !== all(12));
  const { records } = simulateCloud({ seed: 11, days: 21, people: 20 });
  const some = () => JSON.stringify(Array.from({ length: 3 }, () => records[Symbol.iterator]().next().value));
  assert.equal(some(), some());
});

test('there are as many attacks as asked for, or none', () => {
  for (const attacks of [0, 1, 30]) {
    const { truth } = simulateCloud({ seed: 4, days: 30, attacks });
    assert.equal(truth.attacks.length, attacks);
    assert.equal(
      truth.findings.some(({ label }) => label === 'attack'),
      attacks > 0,
    );
  }
});

test('the networks are those of all public addresses, as the list of autonomous systems is read', () => {
  const { networks, events } = usual();
  const csv = networks.map(({ first, last, asn, name }) => `${first},${last},${asn},${name}`).join('\n');
  const ranges = readAsRanges(Buffer.from(csv), 'networks.csv');
  for (const event of events)
    if (text(event, 'aws.source.type') === 'public')
      assert.ok(ranges.get(text(event, 'source.ip') as string), event.raw);
  for (const { asn, cidr } of networks) assert.ok(asn >= 64_512 && asn <= 65_534 && cidr.includes('/'));
});

test('senseless options are refused with a reason', () => {
  const refused = (options: Partial<Parameters<typeof simulateCloud>[0]>) =>
    assert.throws(
      () => simulateCloud({ seed: 1, ...options }),
      (error) => error instanceof ScopsError && error.code === 'USAGE',
      JSON.stringify(options),
    );
  refused({ seed: -1 });
  refused({ seed: 2 ** 32 });
  refused({ seed: 0.5 });
  refused({ days: 20 });
  refused({ people: 19 });
  refused({ attacks: -1 });
  refused({ attacks: 101 });
  refused({ start: -1 });
});
