import type { Random } from '../../algorithms/random.ts';
import { dayLength, hour, minute, second } from './clock.ts';
import type { Host } from './fleet.ts';
import { type Address, address4, type Block } from './networks.ts';
import { type Incident, keysOn, type Plan, usedHosts } from './plan.ts';
import { failure, login, type Purpose, type Step, stay } from './step.ts';
import { firstOf, networksOf, shuffled } from './world.ts';

const oddNames = 'admin test oracle ubuntu postgres git ftpuser guest'.split(' ');

/** One account taken over, in steps of any order. */
export function* attack(plan: Plan, incident: Incident): Generator<Step> {
  const { scenario, random } = incident;
  if (scenario === 'password-spray') yield* spray(plan, incident, random.fork('spray'));
  if (scenario === 'slow-brute-force') yield* slowly(plan, incident, random.fork('slow'));
  yield* inside(plan, incident, random.fork('inside'));
}

const purposeOf = ({ scenario, incident }: Incident): Purpose => ({ attack: true, scenario, incident });

/** Servers in the order in which the intruder turns to them: some that the victim uses, more that the victim never does. */
function targets(plan: Plan, { victim, scenario }: Incident, count: number, random: Random): readonly Host[] {
  const used = usedHosts(plan, victim);
  const strange = shuffled(
    plan.fleet.slice(0, -1).filter((host) => !used.has(host)),
    random,
  );
  if (scenario === 'lateral-movement') return strange.slice(0, count);
  const usual = shuffled(victim.hosts, random);
  return Array.from({ length: count }, (_, i) => {
    const known = random.next() < (i === 0 ? 0.5 : 0.25);
    return (known ? usual[i % usual.length] : strange[i % strange.length]) as Host;
  });
}

/** The address of each login: the same for some time, then another of the same block or of the next. */
function* addresses(plan: Plan, { blocks, victim, scenario }: Incident, random: Random): Generator<Address> {
  if (scenario === 'lateral-movement') {
    const used = usedHosts(plan, victim);
    // From a server that was broken into, not from the bastion that people go through.
    const from = random.pick(plan.fleet.slice(1, -1).filter((host) => used.has(host)));
    for (;;) yield { ip: from.ip, fields: {} };
  }
  const renews = scenario === 'same-country-proxy' ? 0.4 : 0.12;
  let address = address4(firstOf(blocks), random);
  for (;;) {
    yield address;
    if (random.next() < renews) address = address4(random.pick(blocks), random);
  }
}

/** Logins with what was stolen or guessed, most of them soon after the first. */
function* inside(plan: Plan, incident: Incident, random: Random): Generator<Step> {
  const { victim, day, scenario, beside } = incident;
  const purpose = purposeOf(incident);
  const count = scenario === 'lateral-movement' ? 4 + random.integer(4) : 4 + random.integer(6);
  const hosts = targets(plan, incident, count, random);
  const from = addresses(plan, incident, random);
  const key = victim.auth === 'publickey' ? firstOf(keysOn(plan, victim, day)) : undefined;
  let { time } = incident;
  for (const host of hosts) {
    const attempt = { time, host, user: victim.name, from: from.next().value as Address, purpose };
    yield* login(attempt, { person: victim, auth: victim.auth, key, sudo: 0.3, lasts: stay(random) / 2 }, random);
    if (random.next() < 0.25) {
      const refused = random.pick(plan.fleet);
      yield* failure({ ...attempt, host: refused, time: time + 20 * second }, key ? 'none' : victim.auth, random);
    }
    const pause = beside
      ? 2 + random.next() * 12
      : random.next() < 0.8
        ? 1 + random.next() * 25
        : 60 + random.next() * 90;
    time += Math.round(pause * minute);
  }
}

/** Few passwords for many accounts from many addresses; the last one fits. */
function* spray(plan: Plan, incident: Incident, random: Random): Generator<Step> {
  const purpose = purposeOf(incident);
  const { people, fleet, world } = plan;
  const bots: Block[] = [...networksOf(world, 'home'), ...networksOf(world, 'hosting')]
    .flatMap(({ blocks }) => blocks)
    .filter(({ version }) => version === 4);
  const chosen = shuffled(bots, random).slice(0, 15 + random.integer(25));
  const from = [...incident.blocks, ...chosen].map((block) => address4(block, random));
  const names = [...people.filter(({ uid }) => uid >= 1000).map(({ name }) => name), ...oddNames];
  const lasts = (2 + random.next() * 8) * hour;
  const rounds = 3 + random.integer(3);
  const host = random.pick(fleet);
  for (let round = 0; round < rounds; round++) {
    for (const user of shuffled(names, random)) {
      const time = Math.round(incident.time - lasts * (1 - (round + random.next()) / rounds) - 30 * second);
      const attempt = {
        time,
        host: random.next() < 0.7 ? host : random.pick(fleet),
        user,
        from: random.pick(from),
        purpose,
      };
      yield* failure(attempt, 'password', random, oddNames.includes(user));
    }
  }
}

/** Hours between two tries, from one or a few addresses, on a single account. */
function* slowly(plan: Plan, incident: Incident, random: Random): Generator<Step> {
  const { victim, blocks, time } = incident;
  const purpose = purposeOf(incident);
  const from = Array.from({ length: 1 + random.integer(3) }, () => address4(firstOf(blocks), random));
  const hosts = shuffled(victim.hosts, random).slice(0, 2);
  const earliest = Math.max(plan.calendar.start, time - (2 + random.next() * 3) * dayLength);
  for (let at = time - 20 * minute; at > earliest; at -= (0.7 + random.next() * 3) * hour)
    yield* failure(
      { time: Math.round(at), host: random.pick(hosts), user: victim.name, from: random.pick(from), purpose },
      victim.auth,
      random,
    );
}
