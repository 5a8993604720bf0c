import { quantile } from '../algorithms/index.ts';
import { dark, light, pictureStyle } from './colours.ts';
import { counted, decimal, px, words } from './words.ts';

/** A finding on the axis. */
interface HistogramMark {
  readonly rank: number;
  readonly value: number;
  /** What it is about. Log text. */
  readonly label: string;
}

/** Two series on one axis: what ordinary events scored, and what findings did. Values that are not finite are left out. */
export interface HistogramInput {
  readonly title: string;
  /** When it was made, as an ISO 8601 time: an argument, so that the same input gives the same bytes. */
  readonly made: string;
  readonly ordinary: Float64Array;
  readonly found: Float64Array;
  /** Of the findings, those with a label, in the order of their ranks. */
  readonly marks: readonly HistogramMark[];
  /** What the two are, such as `ordinary calls`, and what the axis says. */
  readonly names: { readonly ordinary: string; readonly found: string; readonly axis: string };
}

/** How many findings get a number. */
export const numbered = 15;

const most = 56;
/** Of the ordinary values so many at each end are gathered in the outermost bar. */
const tail = 0.001;
const rows = 4;
const row = 24;
const radius = 10;
const left = 52;
const bottom = 48;
const top = rows * row + 12;

export interface Bins {
  readonly from: number;
  readonly width: number;
  readonly ordinary: Float64Array;
  readonly found: Float64Array;
}

/** Both series in bars of one width, with an empty one at each end, each as shares of its own; undefined when there is nothing to draw. */
export function binned({ ordinary, found }: Pick<HistogramInput, 'ordinary' | 'found'>): Bins | undefined {
  const [usual, strange] = [ordinary.filter(drawable), found.filter(drawable)];
  const ends = [...(usual.length > 0 ? [quantile(usual, tail), quantile(usual, 1 - tail)] : []), ...extent(strange)];
  if (ends.length === 0) return undefined;
  const [low, high] = extent(Float64Array.from(ends)) as [number, number];
  const width = step((high - low) / most);
  const from = (Math.floor(low / width) - 1) * width;
  const bars = Math.min(2 * most, Math.floor((high - from) / width + 1e-9) + 2);
  return { from, width, ordinary: shares(usual, from, width, bars), found: shares(strange, from, width, bars) };
}

/** Far below the largest double, so that differences stay finite. */
const drawable = (value: number): boolean => Math.abs(value) < 1e100;

function extent(values: Float64Array): readonly number[] {
  if (values.length === 0) return [];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function step(least: number): number {
  if (!(least > 1e-6)) return 0.1;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10) * power;
}

function shares(values: Float64Array, from: number, width: number, bars: number): Float64Array {
  const counts = new Float64Array(bars);
  for (const value of values) {
    const at = Math.min(bars - 1, Math.max(0, Math.floor((value - from) / width + 1e-9)));
    counts[at] = (counts[at] as number) + 1 / values.length;
  }
  return counts;
}

/** The picture as SVG elements on a surface of `width` by `height`, with findings as numbered marks above the bars. */
export function histogram(input: HistogramInput, width: number, height: number): string {
  const bins = binned(input);
  const inner = { width: width - left - 8, height: height - top - bottom };
  const frame = `<rect class="plot" x="${left}" y=".5" width="${px(inner.width)}" height="${px(height - bottom)}" rx="6"/>`;
  if (bins === undefined)
    return `${frame}<text class="muted middle" x="${px(width / 2)}" y="${px(height / 2)}">Nothing to draw.</text>`;
  const count = bins.ordinary.length;
  const highest = Math.max(...bins.ordinary, ...bins.found);
  const x = (value: number): number =>
    left + inner.width * Math.min(1, Math.max(0, (value - bins.from) / (bins.width * count)));
  const y = (share: number): number => top + inner.height * (1 - share / highest);
  const outline = (series: Float64Array): string => {
    const at = (bar: number): string => px(x(bins.from + bar * bins.width));
    const ground = px(y(0));
    let path = '';
    for (const [bar, share] of series.entries()) {
      if (share === 0) continue;
      const begins = bar === 0 || series[bar - 1] === 0;
      const ends = bar === count - 1 || series[bar + 1] === 0;
      path += `${begins ? `M${at(bar)} ${ground}` : ''}V${px(y(share))}H${at(bar + 1)}${ends ? `V${ground}Z` : ''}`;
    }
    return path;
  };
  return [
    frame,
    scale(bins, highest, { x, y, right: left + inner.width, below: top + inner.height }),
    `<path class="usual" d="${outline(bins.ordinary)}"/>`,
    `<path class="strange" d="${outline(bins.found)}"/>`,
    ...[...input.found]
      .filter(drawable)
      .slice(0, 2000)
      .map((value) => tick(x(value), top + inner.height)),
    marks(input.marks, x, top + inner.height),
    `<text class="muted small middle" x="${px(left + inner.width / 2)}" y="${px(height - 6)}">${words(input.names.axis, 120)}</text>`,
  ].join('');
}

const tick = (x: number, y: number): string => `<path class="mark" d="M${px(x)} ${px(y)}v6"/>`;

interface Surface {
  readonly x: (value: number) => number;
  readonly y: (share: number) => number;
  readonly right: number;
  readonly below: number;
}

function scale(bins: Bins, highest: number, { x, y, right, below }: Surface): string {
  const parts: string[] = [];
  const across = step((bins.width * bins.ordinary.length) / 9);
  const end = bins.from + bins.width * bins.ordinary.length;
  for (let i = Math.ceil(bins.from / across - 1e-9); i * across <= end + 1e-9; i++) {
    const at = x(i * across);
    parts.push(`<path class="axis" d="M${px(at)} ${px(below)}v5"/>`);
    parts.push(`<text class="tick middle" x="${px(at)}" y="${px(below + 18)}">${words(label(i * across), 12)}</text>`);
  }
  const up = step(highest / 4);
  for (let i = 0; i * up <= highest + 1e-9; i++) {
    const at = y(i * up);
    parts.push(`<path class="axis" d="M${left} ${px(at)}H${px(right)}"/>`);
    parts.push(`<text class="tick end" x="${left - 6}" y="${px(at + 3.5)}">${words(label(100 * i * up), 12)}%</text>`);
  }
  return parts.join('');
}

const label = (value: number): string => String(Number(value.toPrecision(6))).replace('-', '−');

/** Numbers above their places, in rows so that none hides another; what finds no room keeps its tick alone. */
function marks(all: readonly HistogramMark[], x: (value: number) => number, below: number): string {
  const taken: number[][] = Array.from({ length: rows }, () => []);
  const drawn = all
    .slice(0, numbered)
    .filter(({ value }) => drawable(value))
    .map((mark) => {
      const at = Math.max(left + radius + 2, x(mark.value));
      const free = taken.findIndex((others) => others.every((other) => Math.abs(other - at) > 2 * radius + 3));
      if (free < 0) return '';
      taken[free]?.push(at);
      const y = 14 + free * row;
      return `<g class="found"><title>${words(mark.label, 200)}</title><path class="leader" d="M${px(at)} ${px(y + radius)}V${px(below)}"/><circle class="badge-ring" cx="${px(at)}" cy="${px(y)}" r="${radius}"/><text class="on-badge middle" x="${px(at)}" y="${px(y + 4)}">${mark.rank}</text></g>`;
    });
  return drawn.reverse().join('');
}

/** What the picture shows, for those who do not see it. */
export function described({ ordinary, found, names, marks }: HistogramInput): string {
  const middle = (values: Float64Array): string => {
    const kept = values.filter(drawable);
    return kept.length === 0 ? 'none' : `half of them below ${decimal(quantile(kept, 0.5))}`;
  };
  const [first] = marks;
  const strangest = first === undefined ? '' : ` The first in rank stands at ${decimal(first.value)}: ${first.label}.`;
  return words(
    `Two histograms on one axis. ${counted(ordinary.length, 'value')} of ${names.ordinary}, ${middle(ordinary)}; ${counted(found.length, 'value')} of ${names.found}, ${middle(found)}.${strangest}`,
    600,
  );
}

/** Signs of the two series and of a mark, on a surface of 24 by 16. */
export const signs = {
  ordinary: '<path class="usual" d="M2 14V6H8V2H14V8H20V14Z"/>',
  found: '<path class="strange" d="M2 14V10H8V4H14V9H20V14Z"/>',
} as const;

/** Ordinary is filled, found is a line with a tint: they differ without their colours as well. */
export const histogramStyle = (): string =>
  [
    pictureStyle(),
    '.usual{fill-opacity:.75;stroke:none}.strange{fill-opacity:.14;stroke-width:2;stroke-linejoin:round}',
    '.mark{fill:none;stroke-width:1.5}.badge-ring{stroke-width:2}.on-badge{font-size:12px;font-weight:700}.leader{stroke-dasharray:2 3;stroke-opacity:.7}',
    colours(light),
    `@media screen and (prefers-color-scheme:dark){${colours(dark)}}`,
  ].join('\n');

const colours = (c: typeof light): string =>
  `.usual{fill:${c.ordinary}}.strange{fill:${c.found};stroke:${c.found}}.badge-ring{fill:${c.plot};stroke:${c.found}}.on-badge{fill:${c.found}}`;
