export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const dayLength = 24 * hour;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes east of UTC at a moment in an IANA zone. */
function offset(zone: string, time: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    formats.set(zone, format);
  }
  const name = format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

/** The days of a simulation, which begin at local midnight where people live. */
export class Calendar {
  readonly start: number;
  readonly days: number;
  readonly #midnights = new Map<string, number[]>();

  constructor(start: number, days: number) {
    this.start = start;
    this.days = days;
  }

  get end(): number {
    return this.start + this.days * dayLength;
  }

  /** When a zone's day begins, epoch milliseconds; summer time counts as it is at noon. */
  midnight(zone: string, day: number): number {
    let known = this.#midnights.get(zone);
    if (known === undefined) {
      known = [];
      this.#midnights.set(zone, known);
    }
    const begins = this.start + day * dayLength;
    known[day] ??= begins - offset(zone, begins + dayLength / 2) * minute;
    return known[day] as number;
  }

  /** 0 is Sunday. */
  weekday(day: number): number {
    return new Date(this.start + day * dayLength).getUTCDay();
  }
}
