import { scoreBar } from './bar.ts';
import { pictureStyle } from './colours.ts';
import { caption, legend } from './legend.ts';
import { chosen, dots, excess, numbered, type PictureGroup, type PictureInput, panels } from './picture.ts';
import { contents, description, type Scatter, scatter } from './scatter.ts';
import { counted, decimal, fitted, host, instant, name, px, whole, words } from './words.ts';

const width = 960;
const edge = 28;
const inner = width - 2 * edge;
const gap = 20;
const row = 26;

/**
 * A standalone picture: title, counts, a scatter per group and the short ranked list. One SVG 1.1 file without scripts,
 * links or anything external, on a background of its own, so that it is legible wherever it is shown.
 */
export function renderSvg(input: PictureInput): string {
  const parts: string[] = [];
  let y = head(input, parts);
  y = scatters(input, parts, y);
  y = list(input, parts, y);
  parts.push(text(edge, y + 4, `Made ${words(input.made, 40)} by Scops`, 'muted small'));
  const height = y + 24;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${px(height)}" viewBox="0 0 ${width} ${px(height)}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${words(input.title, 200)}</title>`,
    `<desc id="desc">${input.groups.slice(0, panels).map(description).join(' ')}</desc>`,
    `<style>${pictureStyle().replaceAll('"', "'")}</style>`,
    `<rect class="panel" x=".5" y=".5" width="${width - 1}" height="${px(height - 1)}" rx="12"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

const text = (x: number, y: number, content: string, name: string): string =>
  `<text class="${name}" x="${px(x)}" y="${px(y)}">${content}</text>`;

function head({ title, summary, groups }: PictureInput, parts: string[]): number {
  parts.push(text(edge, 44, fitted(title, inner, 22), 'title'));
  const counts = [counted(summary.events, 'event'), counted(summary.findings, 'finding')];
  if (summary.rejects > 0) counts.push(`${counted(summary.rejects, 'record')} unreadable`);
  if (summary.from !== undefined) counts.push(`${instant(summary.from)} to ${instant(summary.to)}`);
  parts.push(text(edge, 68, counts.join(' · '), 'muted'));
  if (groups.length === 0) return 100;
  let x = edge - 4;
  for (const { sign, text: meaning, width: wide } of legend) {
    parts.push(`<g transform="translate(${px(x)} 80)">${sign}${text(24, 16.5, meaning, 'small')}</g>`);
    x += wide;
  }
  return 118;
}

function scatters(input: PictureInput, parts: string[], top: number): number {
  const shown = input.groups.slice(0, panels);
  const columns = Math.min(2, shown.length);
  const wide = (inner - gap * (columns - 1)) / columns;
  const tall = columns === 1 ? 400 : 360;
  const options = {
    width: wide,
    height: tall,
    dots: Math.floor(dots / shown.length),
    ...chosen(shown),
    excess: excess(shown.flatMap((group) => group.findings)),
  };
  const drawn: Scatter[] = [];
  shown.forEach((group: PictureGroup, i) => {
    const x = edge + (i % 2) * (wide + gap);
    const y = top + Math.floor(i / 2) * (tall + 48);
    const panel = scatter(group, options);
    drawn.push(panel);
    parts.push(
      `<g transform="translate(${px(x)} ${px(y)})">${text(0, 16, fitted(group.name, wide * 0.4, 15), 'head')}`,
      `${text(wide, 16, contents(group), 'muted small end')}<g transform="translate(0 26)">${panel.svg}</g></g>`,
    );
  });
  const rows = Math.ceil(shown.length / Math.max(1, columns));
  const below = top + rows * (tall + 48) - 22;
  if (shown.length === 0) return top;
  const more = input.groups.length - shown.length;
  parts.push(
    text(edge, below + 18, caption(drawn) + (more > 0 ? ` ${counted(more, 'group')} not shown.` : ''), 'muted small'),
  );
  return below + 48;
}

function list(input: PictureInput, parts: string[], top: number): number {
  const shown = input.findings.slice(0, numbered);
  const measure = excess(input.findings);
  if (shown.length === 0) {
    parts.push(text(edge, top + 12, 'No findings: nothing passed its threshold.', 'strong'));
    return top + 44;
  }
  parts.push(text(edge, top + 6, 'Rank', 'muted small'), text(edge + 130, top + 6, 'Score', 'muted small end'));
  parts.push(text(edge + 268, top + 6, 'Host', 'muted small'), text(edge + 388, top + 6, 'What', 'muted small'));
  shown.forEach((finding, i) => {
    const y = top + 18 + i * row;
    const folded = finding.count > 1 ? `×${whole(finding.count)}` : '';
    const title = fitted(name(finding), inner - 396 - folded.length * 9, 13);
    parts.push(
      `<g transform="translate(${edge} ${px(y)})"><path class="rule" d="M0 0H${inner}"/>${text(4, 18, String(finding.rank), 'strong number')}`,
      text(130, 18, decimal(finding.score), 'number end'),
      `<g transform="translate(142 8)">${scoreBar(finding, measure(finding), 106)}</g>`,
      text(268, 18, fitted(host(finding), 112, 13), 'muted'),
      `${text(388, 18, title, '')}${text(inner, 18, folded, 'muted number end')}</g>`,
    );
  });
  const more = Math.max(input.summary.findings, input.findings.length) - shown.length;
  const below = top + 18 + shown.length * row;
  if (more > 0) parts.push(text(edge, below + 18, `and ${whole(more)} more`, 'muted'));
  return below + (more > 0 ? 52 : 30);
}
