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
/** Columns side by side leave too little room for the text in less. */
const leastWidth = 90;
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

type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

/**
 * Findings for a person at a terminal: rank, score, when, and what with its reasons, beside each other, or under each
 * other where that leaves too little room for the text or would break an id. No control character survives.
 */
export function findingsTable(findings: readonly Finding[], { width, color }: TableOptions): string {
  const style: Style = (format, text) => (color ? styleText(format, text, { validateStream: false }) : text);
  const room = width - narrow.rank - narrow.score - narrow.when - 4;
  const fits = width >= leastWidth && findings.every((finding) => idOf(finding).length <= room);
  return `${(fits ? columns(findings, room, style) : stacked(findings, width, style))
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

function columns(findings: readonly Finding[], room: number, style: Style): string {
  const table = new Table({
    head: ['', 'score', 'when (UTC)', 'what and why'].map((head) => style('dim', head)),
    chars: borderless,
    colWidths: [narrow.rank, narrow.score, narrow.when, room + 1],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
    wordWrap: true,
  });
  for (const finding of findings) {
    const [day = '', time = ''] = isoTime(finding.time).split('T');
    table.push([
      style('bold', `#${finding.rank}`),
      [shortNumber(finding.score), ...beside(finding).map((line) => style('dim', line))].join('\n'),
      `${day}\n${time.slice(0, 8)}`,
      [told(finding, room, style), style('dim', idOf(finding))].join('\n'),
    ]);
  }
  return table.toString();
}

/** An id has a line of its own, which is never broken: it is there to be copied. */
function stacked(findings: readonly Finding[], width: number, style: Style): string {
  const blocks = findings.map((finding) => {
    const when = `${isoTime(finding.time).slice(0, 19).replace('T', ' ')} UTC`;
    const heading = `#${finding.rank}  ${when}  score ${[shortNumber(finding.score), ...beside(finding)].join(' ')}`;
    const block = new Table({
      chars: { ...borderless, top: '', bottom: '', mid: '' },
      colWidths: [width],
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
      wordWrap: true,
    });
    block.push([[style('bold', heading), told(finding, width, style)].join('\n')]);
    return `${block.toString()}\n${style('dim', idOf(finding))}`;
  });
  return blocks.join('\n\n');
}

/** What and why. */
function told(finding: Finding, room: number, style: Style): string {
  const unbroken = new RegExp(`\\S{${room}}(?=\\S)`, 'gu'); // the table cuts what is longer: keys, addresses
  const words = (text: string): string => visible(shorten(text, mostText)).replace(unbroken, '$&\n');
  const several = standsFor(finding);
  const alike = several === undefined ? '' : ` (${several})`;
  const more = finding.reasons.length - mostReasons;
  return [
    style('bold', words(finding.title)),
    style('dim', `${words(whereabouts(finding))}, ${finding.event.kind}${alike}`),
    ...finding.reasons.slice(0, mostReasons).map((reason) => `- ${words(reason.text)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join('\n');
}

const idOf = ({ id }: Finding): string => visible(shorten(id, mostText));

/** What stands under a score: the chance that a ranking gives, else the threshold and p-value. */
function beside({ threshold, pValue, probability }: Finding): string[] {
  if (probability !== undefined) return [`(${chance(probability)})`];
  return [`> ${shortNumber(threshold)}`, ...(pValue === undefined ? [] : [`p ${shortNumber(pValue)}`])];
}
