import { counted } from './words.ts';

/** The signs of a scatter and what they mean, at the top left of a surface 24 high. */
export const legend = [
  { sign: '<path class="ordinary d4" d="M10 12h.01"/>', text: 'ordinary (training)', width: 152 },
  { sign: '<path class="new d4" d="M10 12h.01"/>', text: 'new event', width: 98 },
  {
    sign: '<circle class="ring" cx="10" cy="12" r="6.5"/><circle class="core" cx="10" cy="12" r="1.7"/>',
    text: 'finding: the larger the ring, the higher the score',
    width: 330,
  },
] as const;

/**
 * What to know before reading a scatter: how close, in pixels, dots became one, and how many findings have no ring
 * because they are too many, or because the projection has no place for them.
 */
export function caption({ merged, missing }: { readonly merged: number; readonly missing: number }): string {
  const spots = merged > 0 ? ` (spots within ${Math.ceil(merged)} px merged)` : '';
  const rings = missing > 0 ? ` ${counted(missing, 'finding')} without a ring.` : '';
  return `Near means alike; the axes have no unit. Larger, stronger dots: more events on one spot${spots}.${rings}`;
}

/** The captions' facts of several panels as one. */
export const together = (panels: readonly { readonly merged: number; readonly missing: number }[]) => ({
  merged: panels.reduce((most, panel) => Math.max(most, panel.merged), 0),
  missing: panels.reduce((sum, panel) => sum + panel.missing, 0),
});
