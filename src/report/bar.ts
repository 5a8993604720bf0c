import { px } from './words.ts';

const height = 10;

/** Where the threshold stands on a bar: what is left of it is ordinary. */
const bound = 0.25;

/**
 * A score against its threshold, as SVG elements on a surface of `width` by 10. The tick is the threshold; `excess`
 * (0 to 1) fills what is right of it. A score below its threshold, of an event the user always asks for, ends before it.
 */
export function scoreBar(
  { score, threshold }: { readonly score: number; readonly threshold: number },
  excess: number,
  width: number,
): string {
  const part = score >= threshold ? bound + (1 - bound) * excess : bound / 2;
  return (
    `<rect class="track" y="2" width="${px(width)}" height="6" rx="3"/>` +
    `<rect class="bar" y="2" width="${px(width * part)}" height="6" rx="3"/>` +
    `<rect class="bound" x="${px(width * bound - 0.75)}" y="0" width="1.5" height="${height}"/>`
  );
}
