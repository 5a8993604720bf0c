import type { Entity, Event, EventKind, Learner, Reason, Score, Waiting } from '../../event/index.ts';
import { text } from '../../event/index.ts';
import { encodeModelFile } from '../../io/model-file.ts';
import { shorten } from '../../text/escape.ts';
import { datumOf, isLogin, type Login, loginOf, placeName, type Surrounding } from './login.ts';
import { type Partition, Partitions, type PartitionsState } from './partitions.ts';
import { Quarantine, type QuarantineState } from './quarantine.ts';
import { datumReason, densityReason, nearestReason } from './reasons.ts';
import type { Setup } from './setup.ts';

export interface Settings {
  /** The field whose values have models of their own; '' one for all. */
  readonly per: string;
  readonly hours: number;
  readonly partitions: number;
  readonly rows: number;
  readonly suspicious: number;
  readonly quarantineDays: number;
}

export interface ModelState {
  readonly partitions: PartitionsState;
  readonly quarantine: QuarantineState;
  readonly scores: ArrayLike<number>;
}

/** Instead of Infinity, and of what is greater: strange beyond measure. */
const greatest = 1e6;
/** So many of the latest scores are kept for `trainingScores`. */
const mostScores = 100_000;
/** Below this much above ordinary nobody asks why. */
const worthReasons = 1.05;

/** Jubatus' anomaly detection over logins, a model per user; see the option descriptions. */
export class JubatusModel implements Learner {
  readonly detector = 'jubatus-lof';
  readonly kinds: readonly EventKind[] = ['login'];
  readonly suspicious: number;
  readonly #setup: Setup;
  readonly #settings: Settings;
  readonly #partitions: Partitions;
  readonly #quarantine: Quarantine;
  readonly #scores: number[];
  /** An event is judged just before it is learnt. */
  #latest: { readonly event: Event; readonly value: number } | undefined;

  constructor(setup: Setup, settings: Settings, state?: ModelState) {
    this.#setup = setup;
    this.#settings = settings;
    this.suspicious = settings.suspicious;
    this.#quarantine = new Quarantine(settings.quarantineDays * 86_400_000, state?.quarantine);
    this.#scores = Array.from(state?.scores ?? []);
    const window = settings.hours * 3_600_000;
    this.#partitions = new Partitions({ setup, window, most: settings.partitions }, state?.partitions);
  }

  accepts(event: Event): boolean {
    return this.#keyOf(event) !== undefined;
  }

  /** Whose model it belongs to; undefined when there is no opinion on the event. */
  #keyOf(event: Event): string | undefined {
    if (!isLogin(event)) return undefined;
    return this.#settings.per === '' ? '' : text(event, this.#settings.per);
  }

  #loginOf(event: Event): Login {
    return loginOf(event, this.#settings.per !== 'user.name');
  }

  score(event: Event): Score {
    const key = this.#keyOf(event);
    if (key === undefined) return { value: 0, reasons: [] };
    const login = this.#loginOf(event);
    const partition = this.#partitions.find(key);
    const score =
      partition !== undefined && this.#isReady(partition)
        ? this.#judge(partition, login, event, this.#whose(key))
        : { value: 1, reasons: [this.#learning(partition, this.#whose(key))] };
    this.#latest = { event, value: score.value };
    return score;
  }

  /** Whether there is enough to compare with: k rows, or so many logins that they must be alike. */
  #isReady({ anomaly, learnt }: Partition): boolean {
    const k = this.#setup.parameters.nearestNeighborNum;
    return anomaly.size >= k || learnt >= 3 * k;
  }

  #judge({ anomaly, habits }: Partition, login: Login, event: Event, whose: string): Score {
    const datum = datumOf(login, habits.around(login, event.time));
    const found = anomaly.calcScore(datum);
    const value = Math.min(found, greatest);
    const isInfinite = found === Number.POSITIVE_INFINITY;
    const density = densityReason({ value, isInfinite, rows: anomaly.size, whose });
    if (value <= worthReasons) return { value, reasons: [density] };
    const all = datumReason(datum, placeName(event));
    const neighbors = anomaly.neighbors(datum, this.#setup.parameters.nearestNeighborNum);
    const nearest = nearestReason({ features: anomaly.features(datum), place: placeName(event), whose }, neighbors);
    return { value, reasons: nearest === undefined ? [density, all] : [nearest, density, all] };
  }

  #learning(partition: Partition | undefined, whose: string): Reason {
    const learnt = partition?.learnt ?? 0;
    const rows = partition?.anomaly.size ?? 0;
    const needed = this.#setup.parameters.nearestNeighborNum;
    return {
      code: 'learning',
      text: `Still learning: ${learnt} earlier logins of ${whose} are too few to say what is ordinary.`,
      evidence: { learnt, rows, needed },
    };
  }

  #whose(key: string): string {
    if (this.#settings.per === '') return 'all users';
    return this.#settings.per === 'user.name' ? shorten(key, 80) : `${this.#settings.per} ${shorten(key, 80)}`;
  }

  describe(event: Event): { title: string; entity: Entity } {
    const user = text(event, 'user.name') ?? 'unknown user';
    const from = text(event, 'source.ip') ?? text(event, 'source.address') ?? 'an unknown address';
    const host = text(event, 'host.name');
    const title = `Login of ${shorten(user, 80)} from ${shorten(from, 80)}${host === undefined ? '' : ` on ${shorten(host, 80)}`}`;
    return { title, entity: { type: 'user', name: user } };
  }

  *waiting(): Generator<Waiting> {
    for (const { event, time, key, login } of this.#quarantine.all()) {
      const name = login.user ?? (key === '' ? 'unknown user' : key);
      const title = `Login of ${shorten(name, 80)} from ${shorten(login.address ?? 'an unknown address', 80)}`;
      const until = time + this.#settings.quarantineDays * 86_400_000;
      yield { event, time, until, title, entity: { type: 'user', name } };
    }
  }

  learn(event: Event, flagged: boolean): void {
    const key = this.#keyOf(event);
    if (key === undefined) return;
    const login = this.#loginOf(event);
    const value = this.#latest?.event === event ? this.#latest.value : this.score(event).value;
    this.#latest = undefined;
    this.#scores.push(value);
    if (this.#scores.length > 2 * mostScores) this.#scores.splice(0, this.#scores.length - mostScores);
    for (const held of this.#quarantine.advance(event.time)) this.#take(held.key, held.login, held.surrounding);
    const { habits } = this.#partitions.meet(key);
    const surrounding = habits.around(login, event.time);
    habits.count(login, event.time);
    if (flagged || value > this.suspicious) this.#quarantine.add({ event: event.id, key, login, surrounding });
    else this.#take(key, login, surrounding);
  }

  #take(key: string, login: Login, surrounding: Surrounding): void {
    const partition = this.#partitions.meet(key);
    partition.anomaly.addBulk([datumOf(login, surrounding)]);
    partition.habits.remember(login);
    partition.learnt++;
  }

  settle(event: string, verdict: 'benign' | 'malicious'): boolean {
    const held = this.#quarantine.take(event);
    if (held === undefined) return false;
    if (verdict === 'benign') this.#take(held.key, held.login, held.surrounding);
    return true;
  }

  /** Of the latest 100,000 logins. */
  trainingScores(kind: EventKind): Float64Array {
    return Float64Array.from(kind === 'login' ? this.#scores.slice(-mostScores) : []);
  }

  save(): Uint8Array {
    const { list, arrays } = this.#partitions.save();
    const { config, compat } = this.#setup;
    const quarantine = this.#quarantine.save();
    const header = { config, compat, settings: this.#settings, partitions: list, quarantine };
    const scores = this.trainingScores('login');
    return encodeModelFile({ kind: this.detector, header, arrays: { scores, ...arrays } });
  }

  info(): Record<string, string | number> {
    const { method, parameter } = this.#setup.config;
    let rows = 0;
    let learnt = 0;
    for (const partition of this.#partitions.all()) {
      rows += partition.anomaly.size;
      learnt += partition.learnt;
    }
    return {
      method: `${method}, ${parameter.method}`,
      compat: this.#setup.compat,
      [this.#settings.per === '' ? 'models' : `models, one per ${this.#settings.per}`]: this.#partitions.size,
      'logins learnt': learnt,
      rows,
      'logins in quarantine': this.#quarantine.size,
    };
  }
}
