import type { Scatter } from './scatter.ts';
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

type Facts = Pick<Scatter, 'merged' | 'stretched' | 'missing'>;

/** What to know before reading scatters: what near means, which dots became one, and which findings have no ring. */
export function caption(panels: readonly Facts[]): string {
  const merged = panels.reduce((most, panel) => Math.max(most, panel.merged), 0);
  const missing = panels.reduce((sum, panel) => sum + panel.missing, 0);
  return [
    'Near means alike; the axes have no unit',
    panels.some((panel) => panel.stretched) ? ', and crowded parts are stretched' : '',
    '. Larger, stronger dots: more events on one spot',
    merged > 0 ? ` (spots within ${Math.ceil(merged)} px merged)` : '',
    '.',
    missing > 0 ? ` ${counted(missing, 'finding')} without a ring.` : '',
  ].join('');
}
