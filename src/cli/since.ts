import { InvalidArgumentError } from 'commander';

/** A moment as somebody gave it, in epoch milliseconds, when it is `now`. */
export type Moment = (now: number) => number;

const day = 86_400_000;
const units = { m: 60_000, h: 3_600_000, d: day, w: 7 * day } as const;
const absolute = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|[+-]\d{2}:\d{2})?)?$/i;
const relative = /^(\d{1,6}) ?(?:(m)(?:in(?:ute)?s?)?|(h)(?:ours?)?|(d)(?:ays?)?|(w)(?:eeks?)?)(?: ago)?$/i;

/** A moment for Commander: an ISO date or time (UTC unless it says), so long ago, such as 7d or "2 weeks ago", or a day. */
export function asMoment(given: string): Moment {
  const text = given.trim();
  const [, amount, ...names] = relative.exec(text) ?? [];
  const unit = names.find((name) => name !== undefined)?.toLowerCase() as keyof typeof units | undefined;
  if (unit !== undefined) return (now) => now - Number(amount) * units[unit];
  const before = ['today', 'yesterday'].indexOf(text.toLowerCase());
  if (before >= 0) return (now) => (Math.floor(now / day) - before) * day;
  const [, date, time = '00:00', zone = 'Z'] = absolute.exec(text) ?? [];
  const at = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  const isReal = date !== undefined && new Date(Date.parse(date)).toJSON()?.startsWith(date) === true;
  if (isReal && !Number.isNaN(at)) return () => at;
  throw new InvalidArgumentError(
    'It is neither a date such as 2026-01-31 or 2026-01-31T08:00+02:00 nor so long ago, such as 12h, "7 days ago" or yesterday.',
  );
}

/** `--since`, as every command takes it. */
export const sinceFlag = [
  '--since <time>',
  'only findings since then: 2026-01-31 or 2026-01-31T08:00 (UTC, unless it ends in a zone such as +02:00), 12h, "7 days ago", "2 weeks ago", today or yesterday (from midnight UTC)',
] as const;
