import { type Axis, createAxis } from './axis.ts';
import { along, drawable, merge, paths } from './dots.ts';
import { placeLabels, type Ring } from './labels.ts';
import type { Mark, PictureGroup, Points } from './picture.ts';
import { counted, decimal, px, whole, words } from './words.ts';

export interface ScatterOptions {
  readonly width: number;
  readonly height: number;
  /** Room for the numbers' font size; 13 unless a style sheet may enlarge them. */
  readonly labelSize?: number;
  /** How many dots may be drawn. */
  readonly dots: number;
  /** The last rank that is drawn as a ring, and the last that has a number. */
  readonly drawn: number;
  readonly labelled: number;
  /** How far above its threshold a finding is, 0 to 1. */
  readonly excess: (mark: Mark) => number;
}

export interface Scatter {
  /** SVG elements for a surface of `width` by `height`. */
  readonly svg: string;
  /** Dots closer than this many units were merged; 0 when each place has a dot of its own. */
  readonly merged: number;
  /** Whether an axis gives crowded parts more room. */
  readonly stretched: boolean;
  /** How many findings have no ring. */
  readonly missing: number;
}

const margin = { left: 36, right: 24, top: 24, bottom: 34 };

/** Findings that stand on one spot: one ring, one label. */
interface Spot extends Ring {
  readonly marks: readonly Mark[];
  /** Their ranks, of those that get a number; '' when none does. */
  readonly label: string;
}

/** One panel: ordinary events, new events and findings of a group, on the plane that its projection gave. */
export function scatter(group: PictureGroup, options: ScatterOptions): Scatter {
  const { width, height } = options;
  const marks = group.findings
    .filter((mark) => mark.rank <= options.drawn && drawable(mark.x, mark.y))
    .sort((a, b) => a.rank - b.rank);
  const { place, stretched } = placer(group, marks, width, height);
  const training = merge(group.training, place, Math.ceil(options.dots / 2));
  const events = merge(group.events, place, Math.floor(options.dots / 2));
  const spots = gather(marks, place, options);
  const empty = training.x.length + events.x.length + spots.length === 0;
  const svg = [
    `<rect class="plot" x=".5" y=".5" width="${px(width - 1)}" height="${px(height - 1)}" rx="8"/>`,
    axes(width, height),
    `<g aria-hidden="true">${paths(training, 'ordinary')}${paths(events, 'new')}</g>`,
    findings(spots, options),
    empty ? `<text class="muted middle" x="${px(width / 2)}" y="${px(height / 2)}">Nothing to draw.</text>` : '',
  ];
  return {
    svg: svg.join(''),
    merged: Math.max(training.merged, events.merged),
    stretched,
    missing: group.findings.length - marks.length,
  };
}

/** From the projection's plane to the surface: each axis fills it on its own, for neither has a unit. */
function placer(group: PictureGroup, marks: readonly Mark[], width: number, height: number) {
  const found = Float64Array.from(marks.flatMap((mark) => [mark.x, mark.y]));
  const [across, up] = [0, 1].map((axis) => createAxis(along([group.training.xy, group.events.xy, found], axis))) as [
    Axis,
    Axis,
  ];
  return {
    stretched: across.stretched || up.stretched,
    place: (x: number, y: number): readonly [number, number] => [
      margin.left + across.place(x) * (width - margin.left - margin.right),
      height - margin.bottom - up.place(y) * (height - margin.top - margin.bottom),
    ],
  };
}

function gather(marks: readonly Mark[], place: ReturnType<typeof placer>['place'], options: ScatterOptions): Spot[] {
  const together = Map.groupBy(marks, (mark) => place(mark.x, mark.y).map(px).join());
  return [...together.values()].map((alike) => {
    const [x, y] = place((alike[0] as Mark).x, (alike[0] as Mark).y);
    const excess = alike.reduce((most, mark) => Math.max(most, options.excess(mark)), 0);
    const ranks = alike.filter((mark) => mark.rank <= options.labelled).map((mark) => mark.rank);
    const label = ranks.length > 4 ? `${ranks.slice(0, 3).join(', ')} +${ranks.length - 3}` : ranks.join(', ');
    return { x, y, marks: alike, label, radius: label === '' ? 3.5 + 4 * excess : 4.5 + 10.5 * excess };
  });
}

function axes(width: number, height: number): string {
  const [right, bottom] = [px(width - 12), px(height - 12)];
  return (
    `<path class="axis" d="M12 12V${bottom}H${right}M9 16l3-4 3 4M${px(width - 16)} ${px(height - 15)}l4 3-4 3"/>` +
    `<text class="tick end" x="${px(width - 20)}" y="${px(height - 16)}">projection 1</text>` +
    `<text class="tick" transform="translate(23 20) rotate(-90)" text-anchor="end">projection 2</text>`
  );
}

function findings(spots: readonly Spot[], { width, height, labelSize = 13 }: ScatterOptions): string {
  const frame = { left: 4, top: 4, right: width - 4, bottom: height - 4 };
  const named = spots.filter((spot) => spot.label !== '');
  const quiet = spots.filter((spot) => spot.label === '');
  const texts = named.map((spot) => spot.label);
  const labels = placeLabels([...named, ...quiet], texts, frame, labelSize);
  const leaders = labels.map((label) =>
    label?.leader
      ? `<path class="leader" d="M${px(label.leader.x)} ${px(label.leader.y)}L${px(label.x)} ${px(label.y)}"/>`
      : '',
  );
  const numbers = labels.map((label, i) =>
    label ? `<text class="rank" x="${px(label.x)}" y="${px(label.y)}" dy=".36em">${texts[i]}</text>` : '',
  );
  return [...quiet.map(ring), ...leaders, ...named.map(ring).reverse(), ...numbers].join('');
}

function ring({ x, y, radius, marks, label }: Spot): string {
  const at = `cx="${px(x)}" cy="${px(y)}"`;
  const titles = marks
    .slice(0, 5)
    .map(
      (mark) =>
        `#${mark.rank} · score ${decimal(mark.score)}, threshold ${decimal(mark.threshold)} · ${words(mark.label, 160)}`,
    );
  if (marks.length > 5) titles.push(`and ${marks.length - 5} more on this spot`);
  const title = `<title>${titles.join('\n')}</title>`;
  if (label === '') return `<g class="found">${title}<circle class="ring quiet" ${at} r="${px(radius)}"/></g>`;
  return (
    `<g class="found">${title}<circle class="halo" ${at} r="${px(radius)}"/>` +
    `<circle class="ring" ${at} r="${px(radius)}"/><circle class="core" ${at} r="1.7"/></g>`
  );
}

/** What a panel holds, in words. */
export function contents(group: PictureGroup): string {
  const ordinary = sum(group.training);
  const drawn = sum(group.events);
  const seen = Math.max(drawn, group.eventsSeen ?? 0);
  const sampled = seen > drawn ? ` (${whole(drawn)} drawn)` : '';
  return `${whole(ordinary)} ordinary · ${whole(seen)} new${sampled} · ${counted(group.findings.length, 'finding')}`;
}

function sum({ xy, counts }: Points): number {
  let total = 0;
  for (let i = 0; 2 * i + 1 < xy.length; i++) total += counts?.[i] ?? 1;
  return total;
}

/** What the picture shows, for whoever cannot see it. */
export const description = (group: PictureGroup): string =>
  `Scatter of ${words(group.name, 60)}: ${contents(group)}. Each finding is a red ring, larger for a higher score.`;
