import type { Random } from '../../algorithms/random.ts';
import { hour, minute, second } from './clock.ts';
import type { Host } from './fleet.ts';
import type { Line } from './line.ts';
import type { Address } from './networks.ts';
import { isBot, type Key, makeKey, type Person } from './people.ts';
import type { Episode, Plan } from './plan.ts';
import { failure, login, type Purpose, type Step, stay } from './step.ts';
import { ordinary, Story } from './story.ts';

const building: Purpose = { attack: false, scenario: 'ci-bot', incident: '' };

/** Knuth's method; the mean is small. */
function poisson(mean: number, random: Random): number {
  let count = 0;
  for (let product = random.next(); product > Math.exp(-mean); product *= random.next()) count++;
  return count;
}

/** A turn to the servers: when, from where, and what is to be said of it. */
interface Turn {
  readonly time: number;
  readonly line: Line;
  readonly purpose: Purpose;
  /** How likely each login is to a server that they seldom use. */
  readonly rare?: number;
}

/** What one person does day by day; days must be asked for in order. */
export class Habits {
  readonly #plan: Plan;
  readonly #person: Person;
  readonly #story: Story;
  /** When the person is at work while somebody else is them elsewhere. */
  readonly #beside: readonly number[];
  readonly #authority: Key;

  constructor(plan: Plan, person: Person) {
    this.#plan = plan;
    this.#person = person;
    this.#story = new Story(plan, person);
    this.#beside = plan.incidents
      .filter((incident) => incident.beside && incident.victim === person)
      .flatMap(({ time }) => [-25, 12, 40, 75].map((minutes) => time + minutes * minute));
    this.#authority = makeKey('ED25519', plan.random.fork('authority'));
  }

  *day(day: number): Generator<Step> {
    const random = this.#plan.random.fork(`${this.#person.name} on day ${day}`);
    for (const turn of this.#turns(day, random)) yield* this.#work(turn, day, random);
  }

  *#turns(day: number, random: Random): Generator<Turn> {
    const { calendar } = this.#plan;
    const person = this.#person;
    const { rhythm, city } = person;
    if (this.#story.gone(day)) return;
    const trip = this.#story.now('holiday-trip', day);
    if (trip !== undefined) {
      yield* this.#holiday(trip, day, random);
      return;
    }
    const midnight = calendar.midnight(city.zone, day);
    const weekday = calendar.weekday(day);
    const place = this.#place(day, weekday, random);
    for (const time of this.#beside) if (time >= midnight && time < midnight + 24 * hour) yield { time, ...place };
    if (person.role === 'backup') {
      for (let i = 0; i < rhythm.bursts; i++)
        yield { ...place, time: midnight + i * hour + (17 + (person.uid % 30)) * minute + random.integer(9000) };
      return;
    }
    const tether = this.#story.now('mobile-tethering', day);
    const flap = this.#story.now('vpn-flap', day);
    const emergency = this.#story.now('night-emergency', day);
    if (emergency !== undefined) {
      const woken = midnight + (1 + 2 * random.next()) * hour;
      for (let i = 0; i < 3; i++)
        yield { time: woken + i * 13 * minute, line: place.line, purpose: this.#story.news(emergency, day), rare: 0.4 };
    }
    if (!rhythm.days.includes(weekday)) {
      if (random.next() < 0.12) yield { ...place, time: midnight + (10 + 11 * random.next()) * hour };
      return;
    }
    const from = rhythm.from + 0.4 * random.normal();
    const count = Math.max(tether || flap ? 3 : 1, poisson(rhythm.bursts, random));
    for (let i = 0; i < count; i++) {
      const at = rhythm.hours * ((i + random.next()) / count);
      const time = Math.round(midnight + (from + at) * hour);
      if (flap !== undefined && (i === 0 || random.next() < 0.5)) {
        const purpose = this.#story.purpose(flap);
        yield { time, line: random.pick(flap.lines), purpose };
        if (random.next() < 0.6) yield { time: time + (3 + random.integer(20)) * minute, line: place.line, purpose };
      } else if (tether !== undefined && i >= count / 3) {
        yield { time, line: person.mobile, purpose: this.#story.purpose(tether) };
      } else if (random.next() < person.roaming) {
        yield { time, line: person.mobile, purpose: ordinary };
      } else yield { ...place, time };
    }
  }

  /** Now and then, at any hour of the other place's day, sometimes over the phone, which leads home. */
  *#holiday(trip: Episode, day: number, random: Random): Generator<Turn> {
    if (day === trip.from || day === trip.to) return;
    const [hotel] = trip.lines as readonly [Line];
    const midnight = this.#plan.calendar.midnight(hotel.city.zone, day);
    const purpose = this.#story.purpose(trip);
    // Some are called for help, at an hour when colleagues at home are awake.
    if (day === trip.from + 3 && this.#plan.random.fork(trip.incident).next() < 0.35) {
      const called = midnight + Math.round((1 + 4 * random.next()) * hour);
      for (let i = 0; i < 2; i++) yield { time: called + i * 17 * minute, line: hotel, purpose, rare: 0.5 };
    }
    if (day > trip.from + 1 && random.next() < 0.45) return;
    const line = day > trip.from + 1 && random.next() < 0.2 ? this.#person.mobile : hotel;
    yield { time: Math.round(midnight + (8 + 14 * random.next()) * hour), line, purpose };
  }

  /** Where they are on a day without anything special. */
  #place(day: number, weekday: number, random: Random): { readonly line: Line; readonly purpose: Purpose } {
    const person = this.#person;
    if (isBot(person)) return { line: person.home, purpose: person.role === 'ci' ? building : ordinary };
    const journey = this.#story.now('business-trip', day);
    if (journey !== undefined) return { line: journey.lines[0] as Line, purpose: this.#story.purpose(journey) };
    const joined = this.#story.news(this.#story.now('new-user', day), day);
    const news = joined === ordinary ? this.#story.news(this.#story.absence(day), day) : joined;
    if (person.officeDays.includes(weekday) && random.next() < 0.9) {
      const moved = this.#story.now('office-move', day);
      if (moved === undefined) return { line: this.#plan.office, purpose: news };
      return { line: moved.lines[0] as Line, purpose: news === ordinary ? this.#story.news(moved, day) : news };
    }
    if (person.vpn !== undefined) return { line: person.vpn, purpose: news };
    const changed = this.#story.now('provider-change', day);
    if (changed === undefined) return { line: person.home, purpose: news };
    return { line: changed.lines[0] as Line, purpose: this.#story.news(changed, day) };
  }

  *#work(turn: Turn, day: number, random: Random): Generator<Step> {
    const { fleet } = this.#plan;
    const person = this.#person;
    const device = random.next() < 0.8 ? 0 : 1;
    let inside: Address | undefined;
    let time = Math.round(turn.time);
    const count =
      person.role === 'ci' ? 2 + random.integer(3) : person.role === 'backup' ? 1 : 1 + poisson(1.2, random);
    for (let i = 0; i < count; i++) {
      const enters = person.hops && i === 0 && random.next() < 0.5;
      const { host, purpose } = enters
        ? { host: fleet[0] as Host, purpose: turn.purpose }
        : this.#host(turn, day, random);
      const from = inside ?? turn.line.address(day, host.v6);
      const key = this.#key(device, day, random);
      const odd = key !== undefined && key.purpose !== ordinary && purpose === turn.purpose ? key.purpose : purpose;
      const attempt = { time, host, user: person.name, from, purpose: odd };
      const slips = this.#slips(random);
      for (let slip = 0; slip < slips; slip++) {
        yield* failure({ ...attempt, time }, person.auth === 'publickey' ? 'none' : person.auth, random);
        time += Math.round((4 + random.next() * 12) * second);
      }
      const sudo = isBot(person) ? 0 : person.role === 'admin' ? 0.35 : 0.1;
      const lasts = isBot(person) ? (2 + random.next() * 60) * second : stay(random);
      yield* login({ ...attempt, time }, { person, auth: person.auth, key: key?.key, sudo, lasts }, random);
      if (enters) inside = { ip: host.ip, fields: {} };
      time += Math.round(person.role === 'ci' ? 500 + random.next() * 4000 : (20 + random.next() ** 2 * 600) * second);
    }
  }

  /** Mistyped passwords, and connections given up. */
  #slips(random: Random): number {
    const { auth } = this.#person;
    if (isBot(this.#person)) return 0;
    if (auth === 'publickey' || auth === 'certificate') return random.next() < 0.012 ? 1 : 0;
    return random.next() < 0.07 ? 1 + random.integer(3) : 0;
  }

  #host(turn: Turn, day: number, random: Random): { readonly host: Host; readonly purpose: Purpose } {
    const { hosts, rare } = this.#person;
    const opened = this.#story.now('new-host', day);
    if (opened?.host !== undefined && (!this.#story.felt(opened) || random.next() < 0.12)) {
      const news = this.#story.news(opened, day);
      return { host: opened.host, purpose: news === ordinary ? turn.purpose : news };
    }
    const list = rare.length > 0 && random.next() < (turn.rare ?? 0.008) ? rare : hosts;
    return { host: list[Math.floor(list.length * random.next() ** 1.6)] as Host, purpose: turn.purpose };
  }

  #key(device: number, day: number, random: Random): { readonly key: Key; readonly purpose: Purpose } | undefined {
    const person = this.#person;
    if (person.auth === 'certificate') {
      // Signed anew each morning, for a key made with it.
      const fresh = makeKey('ED25519-CERT', this.#plan.random.fork(`certificate of ${person.name} on day ${day}`));
      const { type, fingerprint } = this.#authority;
      return { key: { ...fresh, authority: `${type} ${fingerprint}` }, purpose: ordinary };
    }
    if (person.auth !== 'publickey') return undefined;
    const changed = this.#story.now('new-laptop', day);
    const keys = this.#story.keys(day);
    if (changed === undefined) return { key: keys[device % keys.length] as Key, purpose: ordinary };
    const old = day < changed.from + 4 && random.next() < 0.3;
    const key = keys[old ? 1 : 0] as Key;
    return { key, purpose: old ? ordinary : this.#story.news(changed, day) };
  }
}
