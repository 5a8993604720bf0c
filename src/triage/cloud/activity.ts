import type { Event, Reason } from '../../event/index.ts';
import { text } from '../../event/index.ts';
import { isoTime } from '../../text/finding.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** So long before and after what a finding is about, silence matters. */
const around = day;
const mostAccounts = 1000;
const mostHours = 400_000;
const mostSilences = 500;
/** So many records must be missing by four days of five, and so many other days must say what is usual. */
const fewestMissing = 20;
const fewestDays = 3;
const furthest = 28;

interface Account {
  readonly hours: Map<number, number>;
  readonly first: number;
  last: number;
  /** Times without a record, longer than an hour. */
  readonly silences: { readonly from: number; readonly to: number }[];
}

/** How many records each account's trail has in each hour, to notice when it falls silent. */
export class Activity {
  readonly #accounts = new Map<string, Account>();
  #hours = 0;
  #last = Number.NEGATIVE_INFINITY;

  add(event: Event): void {
    const { time } = event;
    this.#last = Math.max(this.#last, time);
    const id = text(event, 'cloud.account.id') ?? '';
    let account = this.#accounts.get(id);
    if (account === undefined) {
      if (this.#accounts.size >= mostAccounts) return;
      account = { hours: new Map(), first: time, last: time, silences: [] };
      this.#accounts.set(id, account);
    }
    const { hours, silences, last } = account;
    if (time - last > hour && silences.length < mostSilences) silences.push({ from: last, to: time });
    account.last = Math.max(last, time);
    const at = Math.floor(time / hour);
    const known = hours.get(at);
    if (known === undefined && this.#hours++ >= mostHours) return;
    hours.set(at, (known ?? 0) + 1);
  }

  /** A note where the account's trail has no records near a time span although it has many at such hours of other days. */
  silence(id: string | undefined, from: number, to: number): Reason | undefined {
    const account = this.#accounts.get(id ?? '');
    if (account === undefined) return undefined;
    const open = this.#last - account.last > hour ? [{ from: account.last, to: this.#last }] : [];
    const near = [...account.silences, ...open].filter((each) => each.to >= from - around && each.from <= to + around);
    for (const silence of near.sort((a, b) => b.to - b.from - (a.to - a.from))) {
      const hourly = usual(account, silence);
      if (hourly === undefined) continue;
      const [since, until] = [isoTime(silence.from).slice(0, 16), isoTime(silence.to).slice(0, 16)];
      return {
        code: 'trail-gap',
        text: `The trail of account ${id} has no records between ${since.replace('T', ' ')} and ${until.replace('T', ' ')} UTC, although it usually has ${hourly} an hour then.`,
        evidence: { from: since, to: until, 'usual per hour': hourly },
      };
    }
    return undefined;
  }
}

/** How many records an hour the account has on other days of the same sort at the hours of a silence; undefined if few. */
function usual({ hours, first, last }: Account, silence: { readonly from: number; readonly to: number }) {
  const from = Math.ceil(silence.from / hour);
  const to = Math.min(Math.floor(silence.to / hour), from + 24);
  const length = to - from;
  if (length < 1) return undefined;
  const counts: number[] = [];
  for (let shift = -furthest; shift <= furthest; shift++) {
    const start = (from + 24 * shift) * hour;
    if (shift === 0 || start < first || start + length * hour > last) continue;
    if (start < silence.to && start + length * hour > silence.from) continue;
    if (isWeekend(start) !== isWeekend(from * hour)) continue;
    let count = 0;
    for (let at = from; at < to; at++) count += hours.get(at + 24 * shift) ?? 0;
    counts.push(count);
  }
  counts.sort((a, b) => a - b);
  const few = counts[Math.floor(counts.length / 5)] ?? 0;
  if (counts.length < fewestDays || few < fewestMissing) return undefined;
  return Math.round((counts[counts.length >> 1] as number) / length);
}

const isWeekend = (time: number): boolean => [0, 6].includes(new Date(time).getUTCDay());
