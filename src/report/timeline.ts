import { type PictureInput, rings } from './picture.ts';
import { counted, instant, name, px, whole, words } from './words.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Widths a bar may have: no more bars than fit on a screen, and never a width that nobody can name. */
const widths = [1, 2, 3, 6, 12, 24, 48, 7 * 24, 28 * 24, 365 * 24, 3650 * 24, 36_500 * 24, 365_000 * 24].map(
  (hours) => hours * hour,
);
const bars = 200;
const width = 1000;
const tall = 64;
const lane = 14;

export interface Timeline {
  /** SVG elements for a surface of 1000 by 64 that may be stretched. */
  readonly svg: string;
  readonly from: number;
  readonly to: number;
  /** Such as `Events per hour, at most 7,012`. */
  readonly caption: string;
}

/** Events per hour (or per longer span, when there are many hours) with a tick for each finding; undefined without hours. */
export function timeline(input: PictureInput): Timeline | undefined {
  const hours = [...(input.hours ?? [])].filter(([start, count]) => Math.abs(start) <= 8e15 && count > 0);
  if (hours.length === 0) return undefined;
  const { first, last, outside } = span(hours);
  const step = widths.find((size) => (last - first) / size < bars) ?? (widths.at(-1) as number);
  const from = Math.floor(first / step) * step;
  const slots = new Float64Array(Math.floor((last - from) / step) + 1);
  for (const [start, count] of hours) {
    const slot = Math.floor((start - from) / step);
    if (start >= first && start <= last) slots[slot] = (slots[slot] as number) + count;
  }
  const to = from + slots.length * step;
  const most = slots.reduce((high, count) => Math.max(high, count), 0);
  const at = (time: number) => px(((time - from) / (to - from)) * width);
  return {
    svg: days(from, to, at) + path(slots, most) + ticks(input, from, to, at),
    from,
    to,
    caption:
      `Events per ${unit(step)}, at most ${whole(most)}; height is the square root, so that quiet hours stay visible.` +
      (outside > 0 ? ` ${counted(outside, 'event')} far outside this span not shown.` : ''),
  };
}

/** The hours that hold all but one event in a thousand at either end, when single stray clocks would stretch the strip. */
function span(hours: [number, number][]): { first: number; last: number; outside: number } {
  const sorted = hours.toSorted((a, b) => a[0] - b[0]);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const edge = (list: [number, number][]): number => {
    let sum = 0;
    for (const [start, count] of list) {
      sum += count;
      if (sum > total / 1000) return start;
    }
    return 0;
  };
  const [low, high] = [(sorted[0] as [number, number])[0], (sorted.at(-1) as [number, number])[0]];
  const [first, last] = [edge(sorted), edge(sorted.toReversed())];
  if (high - low <= 8 * (last - first + day)) return { first: low, last: high, outside: 0 };
  const outside = sorted.reduce((sum, [start, count]) => (start < first || start > last ? sum + count : sum), 0);
  return { first, last, outside };
}

function path(slots: Float64Array, most: number): string {
  const each = width / slots.length;
  let data = '';
  slots.forEach((count, i) => {
    if (count === 0) return;
    const high = Math.max(1.5, Math.sqrt(count / most) * (tall - lane - 4));
    data += `M${px(i * each)} ${tall}v${px(-high)}h${px(each * 0.86)}v${px(high)}z`;
  });
  return `<path class="hours" d="${data}"/>`;
}

function days(from: number, to: number, at: (time: number) => string): string {
  if (to - from > 60 * day) return '';
  let data = '';
  for (let time = Math.ceil(from / day) * day; time < to; time += day) data += `M${at(time)} ${lane}V${tall}`;
  return data === '' ? '' : `<path class="day" vector-effect="non-scaling-stroke" d="${data}"/>`;
}

function ticks(input: PictureInput, from: number, to: number, at: (time: number) => string): string {
  return input.findings
    .slice(0, rings)
    .filter(({ time }) => time >= from && time < to)
    .map(
      ({ rank, time, ...finding }) =>
        `<path class="mark" vector-effect="non-scaling-stroke" d="M${at(time)} 1v${lane - 3}"><title>#${rank} · ${instant(time)} · ${words(name(finding), 120)}</title></path>`,
    )
    .join('');
}

function unit(step: number): string {
  if (step < day) return step === hour ? 'hour' : `${step / hour} hours`;
  return step === day ? 'day' : `${whole(step / day)} days`;
}
