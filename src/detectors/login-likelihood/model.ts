import { later } from '../../algorithms/later.ts';
import { Quarantine } from '../../algorithms/quarantine.ts';
import type { Entity, Event, EventKind, Learner, Score, Waiting } from '../../event/index.ts';
import { encodeModelFile } from '../../io/model-file.ts';
import { openCase } from './cases.ts';
import { Clients } from './client.ts';
import { failed } from './failures.ts';
import type { Known } from './habit.ts';
import { heldFrom } from './held.ts';
import { aboutOf, groupOf, type Judged, nothing } from './judged.ts';
import { learnHabits, vouch } from './learn.ts';
import { judge } from './likelihood.ts';
import { addressOf, isFailure, isScorable, type Login, loginOf, timeOf, userOf } from './login.ts';
import { country, Networks } from './network.ts';
import { countLogin } from './pace.ts';
import { few, reasonsOf } from './reasons.ts';
import type { Settings, State } from './state.ts';
import { encodeFleet, encodeUsers } from './store.ts';
import { Users } from './users.ts';
import { dimensions, hear } from './values.ts';

const day = 86_400_000;
/** Below this many nats, nothing of a login is worth a sentence. */
const unremarkable = 1;
/** One record cannot stand for more failures than this. */
const mostFailures = 1000;
const mostScores = 2 ** 16;

/** Habits of users, of which each login is judged and then learnt. */
export class LoginModel implements Learner {
  readonly detector = 'login-likelihood';
  readonly kinds: readonly EventKind[] = ['login'];
  readonly #settings: Settings;
  readonly #known: Known;
  readonly #users: Users;
  readonly #quarantine = new Quarantine<Login>(({ user }) => user);
  readonly #networks = new Networks();
  readonly #clients = new Clients();
  #scores: number[];
  #clock: number;
  #events: number;
  /** A login is asked for, judged and learnt in turn: what was found out of it just before. */
  #accepted: Event | undefined;
  #latest: Judged | undefined;

  constructor(settings: Settings, state: State) {
    const { users, fleet, names } = state;
    this.#settings = settings;
    this.#known = { fleet, names, sharedBy: settings.sharedBy, halfLife: settings.halfLifeDays * day };
    this.#users = new Users(users, this.#known, settings.maxUsers);
    for (const login of state.held) this.#quarantine.add(login);
    this.#scores = [...state.scores];
    this.#clock = state.clock;
    this.#events = state.events;
  }

  get suspicious(): number {
    return this.#settings.quarantineAbove;
  }

  accepts(event: Event): boolean {
    if (!isScorable(event)) return false;
    this.#accepted = event;
    return true;
  }

  score(event: Event): Score {
    if (this.#accepted !== event && !this.accepts(event)) return { value: 0, reasons: [] };
    const judged = this.#judge(event);
    const { login, user, verdict } = judged;
    const settled = (user?.learnt ?? 0) >= few;
    const always = this.#settings.newCountries && settled && verdict.newLevel === country;
    const reasons = verdict.value < unremarkable && settled && !always ? nothing : reasonsOf(judged, this.#known);
    const score = { value: verdict.value, reasons, group: groupOf(login) };
    return always ? { ...score, always } : score;
  }

  #judge(event: Event): Judged {
    if (this.#latest?.event === event) return this.#latest;
    const login = this.#read(event);
    const user = this.#users.find(login.user);
    this.#latest = { event, login, user, verdict: judge(login, user, this.#known) };
    return this.#latest;
  }

  #read(event: Event): Login {
    return loginOf(event, this.#networks, this.#clients);
  }

  describe(event: Event): { title: string; entity: Entity } {
    const { fields } = event;
    const name = String(fields['user.name'] ?? 'unknown user');
    return aboutOf(this.#latest?.event === event ? this.#latest.login : this.#read(event), name);
  }

  *waiting(): Generator<Waiting> {
    for (const login of this.#quarantine.all()) {
      const until = login.time + this.#settings.quarantineDays * day;
      yield { event: login.id, time: login.time, until, ...aboutOf(login, login.user) };
    }
  }

  learn(event: Event, flagged: boolean): void {
    if (this.#accepted === event || isScorable(event)) this.#succeed(this.#judge(event), flagged);
    else if (isFailure(event)) this.#fail(event);
    else return;
    this.#latest = undefined;
    this.#events++;
    // One record with a forged time must not let everything out of quarantine.
    const time = timeOf(event);
    this.#clock = this.#events === 1 ? time : later(this.#clock, Math.min(time, this.#clock + day));
    this.#release();
    this.#users.sweep();
  }

  #fail(event: Event): void {
    const asked = event.fields['login.count'];
    const count = typeof asked === 'number' && asked >= 1 ? Math.min(mostFailures, asked) : 1;
    const unknown = event.fields['login.unknown_user'] === true;
    this.#known.fleet.fail(this.#networks.levelsOf(addressOf(event)), count, unknown, timeOf(event));
    const user = this.#users.find(userOf(event));
    if (user !== undefined) failed(user, count, timeOf(event), this.#clock);
  }

  #succeed({ login, user: found, verdict }: Judged, flagged: boolean): void {
    const { names } = this.#known;
    const user = found ?? this.#users.enrol(login.user);
    user.usedAt = this.#events;
    openCase(user, login, verdict);
    this.#scores.push(verdict.value);
    if (this.#scores.length > 2 * mostScores) this.#scores = this.#scores.slice(-mostScores);
    hear(verdict.values, login, names);
    countLogin(user, verdict, login.time);
    if (flagged || verdict.value > this.#settings.quarantineAbove) this.#quarantine.add(login);
    else learnHabits(user, login, verdict, this.#known, 'live');
  }

  #learnLate(login: Login, how: 'vouched' | 'in doubt'): void {
    const user = this.#users.enrol(login.user);
    const verdict = judge(login, user, this.#known);
    learnHabits(user, login, verdict, this.#known, how);
    if (how === 'in doubt') return;
    vouch(user, verdict.values, this.#known.fleet);
    user.cases.length = 0;
  }

  #release(): void {
    for (;;) {
      const login = this.#quarantine.due(this.#clock, this.#settings.quarantineDays * day);
      if (login === undefined) return;
      this.#learnLate(login, 'in doubt');
    }
  }

  settle(event: string, verdict: 'benign' | 'malicious'): boolean {
    const login = this.#quarantine.take(event);
    if (login === undefined) return false;
    this.#latest = undefined;
    if (verdict === 'benign') this.#learnLate(login, 'vouched');
    return true;
  }

  /** Of the latest logins; each was judged before it was learnt. */
  trainingScores(kind: EventKind): Float64Array {
    return Float64Array.from(kind === 'login' ? this.#scores : []);
  }

  save(): Uint8Array {
    const { fleet, names } = this.#known;
    const header = {
      clock: this.#clock,
      events: this.#events,
      users: Array.from(this.#users.all(), ({ name }) => name),
      dimensions: dimensions.length,
      names: names.save(),
      held: [...this.#quarantine.all()].map(heldFrom),
    };
    const arrays = {
      scores: Float64Array.from(this.#scores),
      users: encodeUsers(this.#users.all()),
      ...encodeFleet(fleet),
    };
    return encodeModelFile({ kind: 'login-likelihood', header, arrays });
  }

  info(): Record<string, string | number> {
    let logins = 0;
    for (const { learnt } of this.#users.all()) logins += learnt;
    const { halfLifeDays, quarantineAbove, quarantineDays } = this.#settings;
    return {
      users: this.#users.size,
      'logins learnt': logins,
      'in quarantine': this.#quarantine.size,
      'half-life (days)': halfLifeDays,
      'quarantine above (nats)': quarantineAbove,
      'quarantine (days)': quarantineDays,
    };
  }
}
