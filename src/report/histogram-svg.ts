import { described, type HistogramInput, histogram, histogramStyle, numbered, signs } from './histogram.ts';
import { counted, decimal, fitted, px, words } from './words.ts';

const width = 960;
const edge = 28;
const inner = width - 2 * edge;
const tall = 400;
const row = 26;

/** A standalone picture of the two distributions and a list of what is marked. One SVG 1.1 file, nothing external. */
export function histogramSvg(input: HistogramInput): string {
  const listed = input.marks.slice(0, numbered);
  const under = 106 + tall;
  const height = under + 54 + listed.length * row;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${px(height)}" viewBox="0 0 ${width} ${px(height)}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${words(input.title, 200)}</title>`,
    `<desc id="desc">${described(input)}</desc>`,
    `<style>${histogramStyle().replaceAll('"', "'")}</style>`,
    `<rect class="panel" x=".5" y=".5" width="${width - 1}" height="${px(height - 1)}" rx="12"/>`,
    text(edge, 44, fitted(input.title, inner, 22), 'title'),
    legend(input),
    `<g transform="translate(${edge} 92)">${histogram(input, inner, tall)}</g>`,
    ...listed.map(({ rank, value, label }, i) => {
      const y = under + 10 + i * row;
      return `<g transform="translate(${edge} ${px(y)})"><path class="rule" d="M0 0H${inner}"/>${text(4, 18, String(rank), 'strong number')}${text(110, 18, decimal(value), 'number end')}${text(130, 18, fitted(label, inner - 134, 13), '')}</g>`;
    }),
    text(edge, height - 16, `Made ${words(input.made, 40)} by Scops`, 'muted small'),
    '</svg>\n',
  ].join('\n');
}

const text = (x: number, y: number, content: string, name: string): string =>
  `<text class="${name}" x="${px(x)}" y="${px(y)}">${content}</text>`;

function legend({ ordinary, found, names }: HistogramInput): string {
  const one = (x: number, sign: string, what: string): string =>
    `<g transform="translate(${px(x)} 60)">${sign}${text(28, 13, words(what, 80), 'small')}</g>`;
  const first = `${names.ordinary} (${counted(ordinary.length, 'value')})`;
  const second = `${names.found} (${counted(found.length, 'value')}); each as shares of its own`;
  return one(edge, signs.ordinary, first) + one(edge + 60 + first.length * 7.2, signs.found, second);
}
