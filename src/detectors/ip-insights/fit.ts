import type { Hyperparameters, IpInsights, Progress } from '../../algorithms/ip-insights/index.ts';
import { createRandom } from '../../algorithms/random.ts';
import { type Entities, exactEntities, hashedEntities, mostFrequent } from './entities.ts';
import { History } from './history.ts';
import type { Fitted } from './model.ts';
import { type Kind, kinds, type Pair } from './pair.ts';
import type { Saved } from './store.ts';
import { type Lesson, learn, pairsOf } from './training.ts';

/** Pairs in the order of their events, in columns. */
export class Pairs {
  /** Entities by number, in order of first sight. */
  readonly #numbers = new Map<string, number>();
  readonly #counts: number[] = [];
  readonly #entity: number[] = [];
  readonly #high: number[] = [];
  /** -1 for IPv4. */
  readonly #low: number[] = [];
  readonly #kind: number[] = [];

  get size(): number {
    return this.#entity.length;
  }

  add({ entity, kind, high, low = -1 }: Pair): void {
    const number = this.#numbers.get(entity) ?? this.#numbers.size;
    if (number === this.#numbers.size) this.#numbers.set(entity, number);
    this.#counts[number] = (this.#counts[number] ?? 0) + 1;
    this.#entity.push(number);
    this.#high.push(high);
    this.#low.push(low);
    this.#kind.push(kinds.indexOf(kind));
  }

  entities(settings: Saved['settings'], most: number): Entities {
    if (settings.entities === 'hashed') return hashedEntities(most);
    const counts = new Map([...this.#numbers].map(([name, number]) => [name, this.#counts[number] as number]));
    return exactEntities(mostFrequent(counts, most));
  }

  columns(entities: Entities): Columns {
    const rowOf = Int32Array.from(this.#numbers.keys(), (name) => entities.row(name));
    return {
      rows: Int32Array.from(this.#entity, (number) => rowOf[number] as number),
      high: Uint32Array.from(this.#high),
      low: Float64Array.from(this.#low),
      kinds: Uint8Array.from(this.#kind),
    };
  }
}

interface Columns {
  /** -1 for an entity without a vector. */
  readonly rows: Int32Array;
  readonly high: Uint32Array;
  /** -1 for IPv4. */
  readonly low: Float64Array;
  /** Index in `kinds`. */
  readonly kinds: Uint8Array;
}

/** In so many parts each pair is judged by what was learnt from the others. */
const parts = 2;

type Settings = Saved['settings'];

/** Who hears how far fitting is. */
interface Listener {
  /** Of the model itself, now and then. */
  report(progress: Progress): void;
  /** Pairs learnt from, of all there will be. */
  progress(done: number, total: number): void;
  /** Let others have the thread. */
  pause(): Promise<void>;
}

/** Learn from all pairs; and for training scores judge each half of them by what was learnt from the other. */
export async function fitPairs(
  pairs: Pairs,
  hyper: Hyperparameters,
  settings: Settings,
  workers: number,
  { report, progress, pause }: Listener,
): Promise<Fitted> {
  const entities = pairs.entities(settings, hyper.numEntityVectors);
  const columns = pairs.columns(entities);
  const train = { ...hyper, numEntityVectors: entities.size };
  const scores = new Float64Array(pairs.size);
  const random = createRandom(settings.seed).fork('parts');
  const partOf = Uint8Array.from(scores, () => random.integer(parts));
  const lesson = (takes: (pair: number) => boolean): Lesson => ({
    pairs: pairsWhere(columns, takes),
    hyper: train,
    seed: settings.seed,
  });
  const lessons = [lesson(() => true)];
  for (let held = 0; held < parts; held++) lessons.push(lesson((pair) => partOf[pair] !== held));
  const total = lessons.reduce((sum, each) => sum + pairsOf(each), 0);
  let done = 0;
  const learnt = (count: number): void => {
    done += count;
    progress(done, total);
  };
  const [insights, ...others] = (await learn(lessons, workers, { learnt, report, pause })) as [
    IpInsights,
    ...IpInsights[],
  ];
  for (const [held, other] of others.entries()) {
    for (let pair = 0; pair < scores.length; pair++)
      if (partOf[pair] === held) scores[pair] = scoreOf(other, columns, pair, settings.entities === 'hashed');
  }
  const of = (kind: Kind): Float64Array => scores.filter((_, pair) => columns.kinds[pair] === kinds.indexOf(kind));
  return {
    insights,
    entities,
    histories: historiesOf(entities.size, columns),
    scores: Object.fromEntries(kinds.map((kind) => [kind, of(kind)] as const).filter(([, list]) => list.length > 0)),
    settings,
  };
}

function scoreOf(insights: IpInsights, { rows, high, low }: Columns, pair: number, hashed: boolean): number {
  const row = rows[pair] as number;
  if (!hashed && insights.pairsOf(row) === 0) return 0;
  const second = low[pair] as number;
  return 0 - insights.dotProduct(row, high[pair] as number, second < 0 ? undefined : second);
}

const numbersWhere = (size: number, takes: (pair: number) => boolean): Uint32Array =>
  Uint32Array.from({ length: size }, (_, pair) => pair).filter(takes);

function pairsWhere({ rows, high, low }: Columns, takes: (pair: number) => boolean): Lesson['pairs'] {
  const known = numbersWhere(rows.length, (pair) => (rows[pair] as number) >= 0 && takes(pair));
  const v4 = known.filter((pair) => (low[pair] as number) < 0);
  const v6 = known.filter((pair) => (low[pair] as number) >= 0);
  const entities = (list: Uint32Array): Uint32Array => list.map((pair) => rows[pair] as number);
  const words = new Uint32Array(2 * v6.length);
  for (const [index, pair] of v6.entries()) words.set([high[pair] as number, low[pair] as number], 2 * index);
  return {
    v4: { entities: entities(v4), addresses: v4.map((pair) => high[pair] as number) },
    v6: { entities: entities(v6), addresses: words },
  };
}

function historiesOf(size: number, { rows, high, low }: Columns): Fitted['histories'] {
  const history = (takes: (pair: number) => boolean): History => {
    const of = numbersWhere(rows.length, (pair) => (rows[pair] as number) >= 0 && takes(pair));
    const column = (from: ArrayLike<number>): number[] => Array.from(of, (pair) => Math.max(0, from[pair] as number));
    return History.of(size, column(rows), column(high), column(low));
  };
  return {
    v4: history((pair) => (low[pair] as number) < 0),
    v6: history((pair) => (low[pair] as number) >= 0),
  };
}
