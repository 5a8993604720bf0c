import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Finding } from '../event/index.ts';
import { shorten, visible } from './escape.ts';
import { chance, isoTime, shortNumber, standsFor, whereabouts } from './finding.ts';

export interface TableOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
}

const mostText = 2000;
const mostReasons = 12;
const narrow = { rank: 5, score: 11, when: 12 };

const borderless = {
  'top-mid': '',
  'bottom-mid': '',
  'left-mid': '',
  'mid-mid': '',
  'right-mid': '',
  'top-left': '',
  'top-right': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  right: '',
  middle: ' ',
};

/** Findings for a person at a terminal: rank, score, when, and what with its reasons. No control character survives. */
export function findingsTable(findings: readonly Finding[], { width, color }: TableOptions): string {
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    color ? styleText(format, text, { validateStream: false }) : text;
  const rest = Math.max(24, width - narrow.rank - narrow.score - narrow.when - 3);
  const unbroken = new RegExp(`\\S{${rest - 1}}(?=\\S)`, 'gu'); // the table cuts what is longer: keys, ids, addresses
  const words = (text: string): string => visible(shorten(text, mostText)).replace(unbroken, '$&\n');

  const table = new Table({
    head: ['', 'score', 'when (UTC)', 'what and why'].map((head) => style('dim', head)),
    chars: borderless,
    colWidths: [narrow.rank, narrow.score, narrow.when, rest],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
    wordWrap: true,
  });
  for (const finding of findings) {
    const [day = '', time = ''] = isoTime(finding.time).split('T');
    const several = standsFor(finding);
    const alike = several === undefined ? '' : ` (${several})`;
    const more = finding.reasons.length - mostReasons;
    table.push([
      style('bold', `#${finding.rank}`),
      [shortNumber(finding.score), ...beside(finding).map((line) => style('dim', line))].join('\n'),
      `${day}\n${time.slice(0, 8)}`,
      [
        style('bold', words(finding.title)),
        style('dim', `${words(whereabouts(finding))}, ${finding.event.kind}${alike}`),
        ...finding.reasons.slice(0, mostReasons).map((reason) => `- ${words(reason.text)}`),
        ...(more > 0 ? [`- and ${more} more`] : []),
        style('dim', words(finding.id)),
      ].join('\n'),
    ]);
  }
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

/** What stands under a score: the chance that a ranking gives, else the threshold and p-value. */
function beside({ threshold, pValue, probability }: Finding): string[] {
  if (probability !== undefined) return [`(${chance(probability)})`];
  return [`> ${shortNumber(threshold)}`, ...(pValue === undefined ? [] : [`p ${shortNumber(pValue)}`])];
}
