import type { Event, Finding } from '../event/index.ts';
import { text } from '../event/index.ts';
import { escapeMarkup, shorten, visible } from '../text/escape.ts';

/**
 * Log text as one bounded line for markup: control, bidirectional and zero-width characters are spelt out, marks that
 * pile up on one letter are cut to two, and the result is escaped. At most `length` UTF-16 units before escaping.
 */
export function words(value: string, length: number): string {
  return escapeMarkup(plain(value, length));
}

/** The same, not yet escaped, for whoever measures it first. */
export function plain(value: string, length: number): string {
  return shorten(visible(shorten(value, length)).replace(/(\p{M}{2})\p{M}+/gu, '$1'), length);
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** Text cut to about `width` units at `size` units a line, for fonts no wider than DejaVu Sans; escaped. */
export function fitted(value: string, width: number, size: number, mono = false): string {
  const all = plain(value, 400);
  let used = 0;
  let end = 0;
  for (const character of all) {
    const narrow = mono ? 0.61 : /[MW@%mw]/.test(character) ? 1 : /[A-Z#&_]/.test(character) ? 0.76 : 0.6;
    used += size * (wide.test(character) ? 1.25 : narrow);
    if (used > width) return escapeMarkup(shorten(all, Math.max(1, end)));
    end += character.length;
  }
  return escapeMarkup(all);
}

/** A whole number with thin groups of three: 38744 is `38,744`. */
export function whole(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${whole(count)} ${count === 1 ? one : many}`;

/** A score or distance with two or three decimals, as short as a column of them allows. */
export function decimal(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2).replace('e+', 'e');
  return size >= 10_000 ? whole(value) : value.toFixed(size >= 1 ? 2 : 3);
}

/** Epoch milliseconds as `2026-01-02 14:03:11 UTC`. */
export function instant(time: number | undefined): string {
  if (time === undefined || !(Math.abs(time) <= 8.64e15)) return 'unknown time';
  return `${new Date(time).toISOString().slice(0, -5).replace('T', ' ')} UTC`;
}

/** The host that an event came from, or whatever else its finding belongs to. */
export function host(finding: { readonly event: Event; readonly entity: Finding['entity'] }): string {
  return text(finding.event, 'host.name') ?? finding.entity.name;
}

/** What a finding is called; log text may be empty. */
export const name = ({ title }: { readonly title: string }): string => (title.trim() === '' ? 'untitled' : title);

/** A coordinate or length in an SVG: one decimal is a tenth of a pixel. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);
