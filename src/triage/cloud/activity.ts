import type { Event, Reason } from '../../event/index.ts';
import { text } from '../../event/index.ts';
import { isoTime } from '../../text/finding.ts';

const hour = 3_600_000;
/** In hours: so long before and after what a finding is about, silence matters. */
const around = 24;
/** In hours; findings are kept for 90 days. */
const longest = 94 * 24;
const mostAccounts = 1000;
const mostHours = 400_000;
/** So many records must be missing by four days of five, and so many other days must say what is usual. */
const fewestMissing = 20;
const fewestDays = 3;
/** In days: so far away from a silence other days say what is usual. */
const furthest = 28;

/** Hours since the epoch, the last one excluded. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** How many records each account's trail has in each hour, to notice when it falls silent. Records may come in any order. */
export class Activity {
  readonly #accounts = new Map<string, Map<number, number>>();
  #hours = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  add(event: Event): void {
    const at = Math.floor(event.time / hour);
    this.#from = Math.min(this.#from, at);
    this.#to = Math.max(this.#to, at);
    const id = text(event, 'cloud.account.id') ?? '';
    let hours = this.#accounts.get(id);
    if (hours === undefined) {
      if (this.#accounts.size >= mostAccounts) return;
      hours = new Map();
      this.#accounts.set(id, hours);
    }
    const known = hours.get(at);
    if (known === undefined && this.#hours++ >= mostHours) return;
    hours.set(at, (known ?? 0) + 1);
  }

  /** A note where the account's trail has no records near a time span although it has many at such hours of other days. */
  silence(id: string | undefined, from: number, to: number): Reason | undefined {
    const hours = this.#accounts.get(id ?? '');
    if (hours === undefined || this.#hours > mostHours) return undefined;
    const whole = { from: this.#from, to: this.#to + 1 };
    const near = {
      from: Math.max(whole.from, Math.floor(from / hour) - around),
      to: Math.min(whole.to, Math.floor(to / hour) + around + 1),
    };
    const silences = silencesIn(hours, near, whole).sort((a, b) => b.to - b.from - (a.to - a.from));
    for (const silence of silences) {
      const hourly = usual(hours, silence, whole);
      if (hourly === undefined) continue;
      const [since, until] = [words(silence.from), words(silence.to)];
      return {
        code: 'trail-gap',
        text: `The trail of account ${id} has no records between ${since} and ${until} UTC, although it usually has ${hourly} an hour then.`,
        evidence: { from: since, to: until, 'usual per hour': hourly },
      };
    }
    return undefined;
  }
}

const words = (at: number): string =>
  isoTime(at * hour)
    .slice(0, 16)
    .replace('T', ' ');

/** Runs of hours without a record that touch `near`, in full as far as the trail goes. */
function silencesIn(hours: ReadonlyMap<number, number>, near: Span, whole: Span): Span[] {
  const found: Span[] = [];
  const end = Math.min(near.to, near.from + longest);
  for (let at = near.from; at < end; at++) {
    if (hours.has(at)) continue;
    let [from, to] = [at, at + 1];
    while (from > whole.from && at - from < longest && !hours.has(from - 1)) from--;
    while (to < whole.to && to - at < longest && !hours.has(to)) to++;
    found.push({ from, to });
    at = to;
  }
  return found;
}

/** How many records an hour the account has on other days of the same sort at the hours of a silence; undefined if few. */
function usual(hours: ReadonlyMap<number, number>, { from, to }: Span, whole: Span): number | undefined {
  const end = Math.min(to, from + 24);
  const counts: number[] = [];
  for (let shift = -furthest; shift <= furthest; shift++) {
    const start = from + 24 * shift;
    const stop = end + 24 * shift;
    if (start < whole.from || stop > whole.to || (start < to && stop > from)) continue;
    if (isWeekend(start) !== isWeekend(from)) continue;
    let count = 0;
    for (let at = start; at < stop; at++) count += hours.get(at) ?? 0;
    counts.push(count);
  }
  counts.sort((a, b) => a - b);
  const few = counts[Math.floor(counts.length / 5)] ?? 0;
  if (counts.length < fewestDays || few < fewestMissing) return undefined;
  return Math.round((counts[counts.length >> 1] as number) / (end - from));
}

const isWeekend = (at: number): boolean => [0, 6].includes(new Date(at * hour).getUTCDay());
