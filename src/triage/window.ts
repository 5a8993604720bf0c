import type { EventKind } from '../event/index.ts';
import type { Calibration } from './calibration.ts';

const day = 86_400_000;
/** So many days are kept; a new one displaces the one farthest from it: the oldest, or that of a clock far ahead. */
const mostDays = 30;
/** Of so many days the units are known by name, for records that come out of order. */
const openDays = 2;
/** Of more scores on one day the lower ones are only counted: what is cut off lies at the top. */
const mostScores = 4096;
const mostUnits = 16 * mostScores;
/** A day may hold so many times as many suspicious scores as the others do on average, and so many in any case. */
const crowded = 3;

/** What one kind of event scored on a day that is over: the highest, ascending, and how many were lower. */
interface Past {
  readonly kind: EventKind;
  readonly scores: number[];
  below: number;
}

/** One day of a window: `units` while it is open, by kind and unit. */
export interface Day {
  readonly date: number;
  units?: Map<string, number>;
  past: Past[];
}

/**
 * The latest days of scores, of each unit and day the highest, as one finding would stand for it. Bounded, and it goes on
 * where it was saved.
 */
export class ScoreWindow {
  /** By date. */
  readonly #days: Day[];
  #displaced: boolean;
  #begun = 0;

  constructor(days: readonly Day[] = [], displaced = false) {
    this.#days = [...days];
    this.#displaced = displaced;
  }

  get days(): readonly Day[] {
    return this.#days;
  }

  /** Whether a day was displaced: the model's first days, when it knew little, are no longer here. */
  get displaced(): boolean {
    return this.#displaced;
  }

  /** How many days were begun since this object was made. */
  get begun(): number {
    return this.#begun;
  }

  /** Returns the date that it was counted on: days that are closed take nothing any more, the first open one does. */
  add(kind: EventKind, time: number, unit: string, value: number): number {
    const { date, units } = this.#open(Math.floor(time / day));
    const key = `${kind}\0${unit}`;
    const before = units.get(key);
    if (before !== undefined || units.size < mostUnits) units.set(key, Math.max(value, before ?? value));
    return date;
  }

  /** Take back what was added. */
  remove(kind: EventKind, date: number, unit: string, value: number): void {
    const found = this.#days.find((each) => each.date === date);
    const key = `${kind}\0${unit}`;
    if (found?.units?.get(key) === value) found.units.delete(key);
    const past = found?.past.find((each) => each.kind === kind);
    const at = past?.scores.indexOf(value) ?? -1;
    if (at >= 0) past?.scores.splice(at, 1);
  }

  /**
   * A day of very many suspicious scores counts for some of them, the lowest: nobody makes the threshold for a month by
   * being loud for a day.
   *
   * @param suspicious the score above which the model quarantines
   * @param whole with the latest day, which may not be over; a window of one day always is
   */
  calibrations(suspicious: number, whole: boolean): Calibration[] {
    const over = whole || this.#days.length < 2 ? this.#days : this.#days.slice(0, -1);
    const kept = over.slice(this.#displaced ? 0 : Math.floor(over.length / 5));
    const past = kept.flatMap(({ units, past }) =>
      units === undefined ? past : pastOf(units, Number.MAX_SAFE_INTEGER),
    );
    const days = kept.length;
    return [...Map.groupBy(past, ({ kind }) => kind)].map(([kind, each]) => ({
      kind,
      scores: Float64Array.from(pooled(each, days, suspicious)).sort(),
      days,
    }));
  }

  #open(date: number): OpenDay {
    const newest = this.#days.at(-1);
    if (newest?.date === date && isOpen(newest)) return newest;
    const open = this.#days.filter(isOpen);
    const same = open.find((each) => each.date === date);
    if (same !== undefined) return same;
    const oldest = open.length < openDays ? undefined : open[0];
    if (oldest !== undefined) {
      // A day that is missing among those that are kept begins: where the open ones lie after it, their clocks were ahead.
      const isOld = date < (this.#days[0] as Day).date;
      if (isOld || this.#days.some((each) => each.date === date)) return oldest;
    }
    const made = { date, units: new Map<string, number>(), past: [] };
    this.#begun++;
    this.#days.push(made);
    this.#days.sort((a, b) => a.date - b.date);
    if (oldest !== undefined) close(oldest);
    if (this.#days.length > mostDays) this.#displace(date);
    return made;
  }

  #displace(begun: number): void {
    const [first, last] = [this.#days[0] as Day, this.#days.at(-1) as Day];
    if (last.date - begun > begun - first.date) this.#days.pop();
    else {
      this.#days.shift();
      this.#displaced = true;
    }
  }
}

type OpenDay = Day & { units: Map<string, number> };

const isOpen = (day: Day): day is OpenDay => day.units !== undefined;

function close(day: OpenDay): void {
  day.past = pastOf(day.units, mostScores);
  delete (day as Day).units;
}

function pastOf(units: ReadonlyMap<string, number>, most: number): Past[] {
  const kinds = Map.groupBy(units, ([key]) => key.slice(0, key.indexOf('\0')) as EventKind);
  return [...kinds].map(([kind, group]) => {
    const scores = group.map(([, value]) => value).sort((a, b) => a - b);
    const below = Math.max(0, scores.length - most);
    return { kind, scores: scores.slice(below), below };
  });
}

/** The scores of several days, without those that one day alone has too many of. */
function pooled(past: readonly Past[], days: number, suspicious: number): number[] {
  const strange = past.map(({ scores }) => scores.filter((score) => score > suspicious).length);
  const all = strange.reduce((sum, count) => sum + count, 0);
  return past.flatMap(({ scores, below }, i) => {
    const mine = strange[i] as number;
    const usual = days < 2 ? mine : Math.max(crowded, Math.ceil((crowded * (all - mine)) / (days - 1)));
    const lower = new Array<number>(below).fill(scores[0] ?? 0);
    return [...lower, ...scores.slice(0, scores.length - Math.max(0, mine - usual))];
  });
}
