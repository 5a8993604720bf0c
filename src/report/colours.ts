import { steps } from './dots.ts';

/**
 * Colours that keep their contrast in light and dark. Blue and vermilion stay apart for every common colour blindness
 * (Okabe and Ito 2008, https://jfly.uni-koeln.de/color/), and a finding also differs by its shape.
 */
export interface Colours {
  readonly page: string;
  readonly panel: string;
  readonly plot: string;
  readonly line: string;
  readonly text: string;
  readonly muted: string;
  readonly ordinary: string;
  readonly fresh: string;
  readonly found: string;
}

export const light: Colours = {
  page: '#f5f6f8',
  panel: '#ffffff',
  plot: '#fafbfc',
  line: '#dde1e7',
  text: '#1b2027',
  muted: '#596473',
  ordinary: '#8a94a3',
  fresh: '#0072b2',
  found: '#c8321c',
};

export const dark: Colours = {
  page: '#0f1216',
  panel: '#171b21',
  plot: '#12161b',
  line: '#2e353f',
  text: '#e7eaef',
  muted: '#a0aab8',
  ordinary: '#7d8898',
  fresh: '#56b4e9',
  found: '#ff8266',
};

export const sans = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","DejaVu Sans",sans-serif';
export const mono = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace';

/** The look of a scatter. Plain colours, no variables: readers of SVG other than browsers know no variables. */
export function pictureStyle(): string {
  const sizes = steps.map(
    (_, i) =>
      `.ordinary.d${i}{stroke-width:${[3.4, 4.2, 5.2, 6.6, 8.6, 12][i]};stroke-opacity:${[0.45, 0.5, 0.55, 0.6, 0.65, 0.7][i]}}` +
      `.new.d${i}{stroke-width:${[2.2, 2.7, 3.3, 4.1, 5.2, 7][i]};stroke-opacity:${[0.5, 0.55, 0.62, 0.7, 0.8, 0.9][i]}}`,
  );
  return [
    `text{font-family:${sans};font-size:13px}`,
    '.ordinary,.new{fill:none;stroke-linecap:round}',
    ...sizes,
    '.axis{fill:none;stroke-width:1}.plot{stroke-width:1}.tick{font-size:10.5px}.end{text-anchor:end}.middle{text-anchor:middle}',
    '.halo{fill-opacity:.12;stroke-width:4.5;stroke-opacity:.85}.ring{fill:none;stroke-width:2}.quiet{stroke-width:1.25;stroke-opacity:.75;pointer-events:all}.leader{fill:none;stroke-width:1}',
    '.rank{font-weight:700;text-anchor:middle;paint-order:stroke;stroke-width:3.5px;stroke-linejoin:round}',
    '.title{font-size:22px;font-weight:650}.head{font-size:15px;font-weight:650}.strong{font-weight:650}.small{font-size:12px}',
    `.mono{font-family:${mono};font-size:12.5px}.number{font-variant-numeric:tabular-nums}.on{font-weight:700;text-anchor:middle}`,
    pictureColours(light),
    `@media screen and (prefers-color-scheme:dark){${pictureColours(dark)}}`,
  ].join('\n');
}

function pictureColours(c: Colours): string {
  return [
    `.panel{fill:${c.panel};stroke:${c.line}}.plot{fill:${c.plot};stroke:${c.line}}.axis,.rule{stroke:${c.line}}`,
    `text{fill:${c.text}}.muted,.tick{fill:${c.muted}}.ordinary{stroke:${c.ordinary}}.new{stroke:${c.fresh}}`,
    `.ring{stroke:${c.found}}.core{fill:${c.found}}.halo{fill:${c.found};stroke:${c.plot}}.leader{stroke:${c.found}}`,
    `.rank{fill:${c.found};stroke:${c.plot}}.track{fill:${c.line}}.bar{fill:${c.found}}.bound{fill:${c.text}}`,
    `.hours{fill:${c.fresh}}.mark{stroke:${c.found}}.day{stroke:${c.line}}`,
  ].join('');
}
