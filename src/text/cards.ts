import { styleText } from 'node:util';
import type { Finding } from '../event/index.ts';
import { shorten, visible } from './escape.ts';
import { isoTime, scoreInWords, whereabouts } from './finding.ts';

export interface CardOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
}

const mostText = 2000;
const combining = /^\p{Mark}$/u;
const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])$/u;

/** How many columns a terminal gives one code point: an estimate after Unicode's East Asian Width. */
const columns = (point: string): number =>
  point < '\u0300' ? 1 : combining.test(point) ? 0 : wide.test(point) ? 2 : 1;

/** Text in lines of at most `width` columns, broken at spaces, and inside a word only when it is longer than a line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  let space = 0; // where the last space of the line ends, and how many columns stand before it
  let usedAtSpace = 0;
  for (const point of text) {
    const size = columns(point);
    while (used + size > width && line !== '') {
      const cut = space > 0 ? space : line.length;
      lines.push(line.slice(0, cut).trimEnd());
      used = space > 0 ? used - usedAtSpace : 0;
      line = line.slice(cut);
      space = 0;
    }
    line += point;
    used += size;
    if (point === ' ') {
      space = line.length;
      usedAtSpace = used;
    }
  }
  if (line.trim() !== '' || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

/** A finding for a person at a terminal: rank, where and when; what; its score; and why. No control character survives. */
export function card(finding: Finding, { width, color }: CardOptions): string {
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    color ? styleText(format, text, { validateStream: false }) : text;
  const block = (text: string, first: string, rest: string): string[] =>
    wrap(visible(shorten(text, mostText)), Math.max(20, width - first.length)).map(
      (line, i) => (i === 0 ? first : rest) + line,
    );

  const rank = `#${finding.rank}`.padEnd(5);
  const when = `${isoTime(finding.time).slice(0, 19).replace('T', ' ')} UTC`;
  const alike = finding.count > 1 ? `, ${finding.count} events alike` : '';
  const [head = '', ...more] = block(`${whereabouts(finding)}, ${when}`, rank, '     ');
  return [
    style('bold', head),
    ...more.map((line) => style('bold', line)),
    ...block(finding.title, '     ', '     ').map((line) => style('cyan', line)),
    ...block(`${finding.event.kind}, ${scoreInWords(finding)}${alike}`, '     ', '     '),
    ...finding.reasons.flatMap((reason) => block(reason.text, '     - ', '       ')),
    '',
    '',
  ].join('\n');
}
