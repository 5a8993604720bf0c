const minute = 60_000;
const day = 1440 * minute;
const months = 'January February March April May June July August September October November December'.split(' ');
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

const two = (number: number): string => String(number).padStart(2, '0');

/** `3 May 2026`. */
export function date(time: number): string {
  const at = new Date(time);
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** `3 May 2026 07:05 UTC`. */
export function moment(time: number): string {
  const at = new Date(time);
  return `${date(time)} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())} UTC`;
}

/** `Sunday 07:05 UTC`. */
export function weekMoment(time: number): string {
  const at = new Date(time);
  return `${weekdays[at.getUTCDay()]} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())} UTC`;
}

export const plural = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
export const times = (count: number): string => (count === 1 ? 'once' : `${grouped(count)} times`);

/** A whole number with commas between thousands. */
export const grouped = (number: number): string =>
  Math.round(number)
    .toString()
    .replace(/\B(?=(?:\d{3})+$)/g, ',');

/** A distance or a speed, which are not known to more than two digits. */
export function about(number: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, number))) - 1);
  return grouped(Math.round(number / step) * step);
}

/** How long, in the unit that a person would take. */
export function duration(milliseconds: number): string {
  const minutes = Math.abs(milliseconds) / minute;
  if (minutes < 1) return `${Math.round(minutes * 60)} s`;
  if (minutes < 100) return `${Math.round(minutes)} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return plural(Math.round(Math.abs(milliseconds) / day), 'day');
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
