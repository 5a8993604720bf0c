import { later } from '../../algorithms/later.ts';
import { Quarantine } from '../../algorithms/quarantine.ts';
import type { Entity, Event, EventKind, Learner, Reason, Score, Waiting } from '../../event/index.ts';
import { encodeModelFile, type NumberArray } from '../../io/model-file.ts';
import { aboutOf, asUsual, groupOf, nothing, ofNobody } from './about.ts';
import { type Call, Calls, isFailedSignIn, isScorable, otherAddresses, timeOf } from './call.ts';
import { hear } from './dimensions.ts';
import { learnHabits, leave, namesInUse } from './learn.ts';
import { countCall, judge, type Memory } from './likelihood.ts';
import { few, Owner } from './owner.ts';
import { encodePairs } from './pairs-store.ts';
import { Words } from './reasons.ts';
import { encodeFleet, encodeOwners } from './store.ts';
import { termAt, type Verdict } from './terms.ts';

export interface Settings {
  readonly halfLifeDays: number;
  readonly quarantineAbove: number;
  readonly quarantineDays: number;
  readonly maxPrincipals: number;
  readonly seed: number;
}

export interface State extends Omit<Memory, 'halfLife'> {
  readonly held: readonly Call[];
  readonly waiting: readonly Call[];
  readonly scores: Readonly<Record<'api' | 'login' | 'finding', Float64Array>>;
  /** The latest time met, and how many events were learnt from. */
  readonly clock: number;
  readonly events: number;
  /** Numbers for pairs: those given out, and those of them that are free again. */
  readonly entities: number;
  readonly free: readonly number[];
  /** Addresses counted, and at how many the combiner learns next. */
  readonly counted: number;
  readonly trainAt: number;
}

const day = 86_400_000;
/** Below this many nats, nothing of a call is worth a sentence. */
const unremarkable = 1;
/** A term of more is told even where others outweigh it. */
const remarkable = 2;
const leastSweep = 2 ** 16;
/** The combiner stays good while there are not so many times as many addresses. */
const trainEvery = 2;
/** Addresses counted before it learns at all, and principals: among fewer, how others' addresses lie says little. */
export const firstTraining = 65_536;
const enoughToTrain = 500;
/** Days after which something new is learnt that nobody flagged. */
const probation = 1.5;
const mostScores = 2 ** 16;
/** Of a finding's addresses, so many are looked at. */
const mostAddresses = 16;

interface Judged {
  readonly event: Event;
  readonly call: Call;
  readonly verdict: Verdict;
}

/** Habits of principals, of which each call is judged and then learnt. */
export class PrincipalModel implements Learner {
  readonly detector = 'principal-likelihood';
  readonly kinds: readonly EventKind[] = ['api', 'login', 'finding'];
  readonly #settings: Settings;
  readonly #memory: Memory;
  readonly #quarantine = new Quarantine<Call>(({ owner }) => owner);
  /** Calls that brought something new: learnt some days later, so that an intruder is no habit by the second call. */
  readonly #probation = new Quarantine<Call>(({ owner }) => owner);
  readonly #calls = new Calls();
  readonly #scores: { api: number[]; login: number[]; finding: number[] };
  readonly #free: number[];
  #clock: number;
  #events: number;
  #entities: number;
  #counted: number;
  #trainAt: number;
  #sweepAt = leastSweep;
  /** An event is judged by `score` just before it is learnt. */
  #latest: Judged | undefined;

  constructor(settings: Settings, state: State) {
    const { owners, fleet, names, pairs, sessions, lineage, trained, scores } = state;
    this.#settings = settings;
    const halfLife = settings.halfLifeDays * day;
    this.#memory = { owners, fleet, names, pairs, sessions, lineage, trained, halfLife };
    for (const call of state.held) this.#quarantine.add(call);
    for (const call of state.waiting) this.#probation.add(call);
    this.#scores = { api: [...scores.api], login: [...scores.login], finding: [...scores.finding] };
    this.#free = [...state.free];
    this.#clock = state.clock;
    this.#events = state.events;
    this.#entities = state.entities;
    this.#counted = state.counted;
    this.#trainAt = state.trainAt;
  }

  get suspicious(): number {
    return this.#settings.quarantineAbove;
  }

  /** A finding is never lost, whether or not it names anybody. */
  accepts(event: Event): boolean {
    return event.kind === 'finding' || isScorable(event);
  }

  score(event: Event): Score {
    if (this.#latest?.event !== event && !isScorable(event)) return event.kind === 'finding' ? ofNobody : nothing;
    const { call, verdict } = this.#judge(event);
    const owner = this.#memory.owners.get(call.owner);
    const isFinding = call.kind === 'finding';
    const { value, parts } = verdict;
    const isPlain = value < unremarkable && !isFinding && !parts.some((nats) => nats >= remarkable);
    const reasons = isPlain ? this.#plain(call, owner, verdict) : this.#words(call, owner, verdict).reasons();
    return { value, reasons, group: groupOf(call), ...(isFinding ? { always: true } : {}) };
  }

  #words(call: Call, owner: Owner | undefined, verdict: Verdict): Words {
    return new Words(call, owner, verdict, this.#memory);
  }

  /** Most calls are so, and sentences take a while. */
  #plain(call: Call, owner: Owner | undefined, verdict: Verdict): readonly Reason[] {
    const usual = asUsual(verdict.value);
    return (owner?.learnt ?? 0) >= few ? [usual] : [usual, ...this.#words(call, owner, verdict).learning()];
  }

  #judge(event: Event): Judged {
    if (this.#latest?.event === event) return this.#latest;
    let call = this.#calls.read(event);
    let verdict = judge(call, this.#memory);
    for (const ip of otherAddresses(event, mostAddresses)) {
      const other = { ...call, ...this.#calls.whence(ip), from: ip, asn: -1, country: '', organization: '' };
      const judged = judge(other, this.#memory);
      if (judged.value > verdict.value) [call, verdict] = [other, judged];
    }
    this.#latest = { event, call, verdict };
    return this.#latest;
  }

  describe(event: Event): { title: string; entity: Entity } {
    return aboutOf(event, this.#latest?.event === event ? this.#latest.call : this.#calls.read(event));
  }

  *waiting(): Generator<Waiting> {
    for (const call of this.#quarantine.all()) {
      const until = call.time + this.#settings.quarantineDays * day;
      yield { event: call.id, time: call.time, until, ...aboutOf({ fields: {} }, call) };
    }
  }

  learn(event: Event, flagged: boolean): void {
    if (this.#latest?.event === event || isScorable(event)) this.#meet(this.#judge(event), flagged);
    else if (isFailedSignIn(event)) this.#refuse(event);
    else return;
    this.#latest = undefined;
    if (event.kind === 'finding') return;
    this.#events++;
    // One record with a forged time must not let everything out of quarantine.
    const time = timeOf(event);
    this.#clock = this.#events === 1 ? time : later(this.#clock, Math.min(time, this.#clock + day));
    this.#release();
    if (this.#memory.names.size > this.#sweepAt) this.#sweep();
  }

  /** A refused sign-in says where somebody tried, not where the principal is. */
  #refuse(event: Event): void {
    const call = { ...this.#calls.read(event), denied: true };
    const owner = this.#memory.owners.get(call.owner);
    if (owner !== undefined) countCall(owner, call, judge(call, this.#memory));
  }

  #meet({ call, verdict }: Judged, flagged: boolean): void {
    this.#keep(call.kind, verdict.value);
    // A finding is somebody's word on calls that are in the trail too.
    if (call.kind === 'finding') return;
    const owner = this.#memory.owners.get(call.owner) ?? this.#enrol(call);
    owner.usedAt = this.#events;
    hear(verdict.values, call, verdict.ancestor?.owner ?? '', this.#memory.names);
    countCall(owner, call, verdict);
    this.#memory.lineage.add(call, verdict);
    this.#memory.sessions.sight(call, verdict);
    if (flagged || verdict.value > this.#settings.quarantineAbove) this.#quarantine.add(call);
    else if (owner.learnt < few || !isNew(verdict)) this.#learn(owner, call, verdict);
    else if (!this.#probation.isFull(call.owner)) this.#probation.add(call);
  }

  #keep(kind: Call['kind'], value: number): void {
    const scores = this.#scores[kind];
    scores.push(value);
    if (scores.length > 2 * mostScores) this.#scores[kind] = scores.slice(-mostScores);
  }

  /** The combiner of addresses learns again whenever there are twice as many. */
  #learn(owner: Owner, call: Call, verdict: Verdict): void {
    if (!learnHabits(owner, call, verdict, this.#memory)) return;
    this.#counted++;
    if (this.#counted < this.#trainAt || this.#memory.owners.size < enoughToTrain) return;
    this.#memory.pairs.train(this.#settings.seed);
    this.#memory.trained = true;
    this.#trainAt *= trainEvery;
  }

  #enrol({ owner: name, group }: Call): Owner {
    const { owners, fleet } = this.#memory;
    if (owners.size >= this.#settings.maxPrincipals) this.#letGo();
    const owner = new Owner(name, group, this.#free.pop() ?? this.#entities++);
    fleet.join(group);
    owners.set(name, owner);
    return owner;
  }

  /** Forget the twentieth of the principals that were away the longest. */
  #letGo(): void {
    const longest = [...this.#memory.owners.values()].sort((a, b) => a.usedAt - b.usedAt);
    for (const owner of longest.slice(0, Math.max(1, Math.floor(this.#settings.maxPrincipals / 20)))) {
      leave(owner, this.#memory);
      this.#free.push(owner.entity);
    }
  }

  #learnLate(call: Call): void {
    const owner = this.#memory.owners.get(call.owner) ?? this.#enrol(call);
    this.#learn(owner, call, judge(call, this.#memory));
  }

  #release(): void {
    for (const [held, days] of [
      [this.#probation, probation],
      [this.#quarantine, this.#settings.quarantineDays],
    ] as const) {
      for (let call = held.due(this.#clock, days * day); call !== undefined; call = held.due(this.#clock, days * day))
        this.#learnLate(call);
    }
  }

  #sweep(): void {
    const { names, owners } = this.#memory;
    names.retain(namesInUse(owners.values()));
    this.#sweepAt = Math.max(leastSweep, 2 * names.size);
  }

  settle(event: string, verdict: 'benign' | 'malicious'): boolean {
    const call = this.#quarantine.take(event) ?? this.#probation.take(event);
    if (call === undefined) return false;
    this.#latest = undefined;
    if (verdict === 'benign') this.#learnLate(call);
    return true;
  }

  /** Of the latest events; each was judged before it was learnt. */
  trainingScores(kind: EventKind): Float64Array {
    return Float64Array.from(kind === 'api' || kind === 'login' || kind === 'finding' ? this.#scores[kind] : []);
  }

  save(): Uint8Array {
    const { owners, fleet, names, pairs, sessions } = this.#memory;
    const header = {
      clock: this.#clock,
      events: this.#events,
      owners: [...owners.values()].map(({ name, group }) => [name, group]),
      groups: [...fleet.groups.keys()],
      names: names.save(),
      free: this.#free,
      entities: this.#entities,
      pairs: this.#counted,
      trainAt: this.#trainAt,
      trained: this.#memory.trained,
      held: [...this.#quarantine.all()],
      waiting: [...this.#probation.all()],
      lineage: this.#memory.lineage.all(),
      sightings: sessions.sightings(),
    };
    const arrays: Record<string, NumberArray> = {
      owners: encodeOwners(owners.values()),
      sessions: sessions.save(),
      ...encodeFleet(fleet),
      ...encodePairs(pairs),
    };
    for (const [kind, scores] of Object.entries(this.#scores)) arrays[`scores/${kind}`] = Float64Array.from(scores);
    return encodeModelFile({ kind: this.detector, header, arrays });
  }

  info(): Record<string, string | number> {
    let calls = 0;
    for (const { learnt } of this.#memory.owners.values()) calls += learnt;
    const { halfLifeDays, quarantineAbove, quarantineDays } = this.#settings;
    return {
      principals: this.#memory.owners.size,
      groups: this.#memory.fleet.groups.size,
      'calls learnt': calls,
      'in quarantine': this.#quarantine.size,
      'on probation': this.#probation.size,
      'half-life (days)': halfLifeDays,
      'quarantine above (nats)': quarantineAbove,
      'quarantine (days)': quarantineDays,
    };
  }
}

/** Whether a call brought enough that was new to the principal to wait with it. */
const isNew = ({ parts, value }: Verdict): boolean =>
  value > 2 || (parts[termAt.network] as number) > 1 || (parts[termAt.service] as number) > 1;
