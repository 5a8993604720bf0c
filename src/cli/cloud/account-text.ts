import { dirname, relative } from 'node:path';
import type { Sighting, Sights } from '../../pipeline/inventory/sights.ts';
import type { FileAccount } from '../../pipeline/inventory.ts';
import { shorten, visible } from '../../text/escape.ts';
import { count, counted, moment } from '../common.ts';
import type { Terminal } from '../terminal.ts';
import { addressName, formNames, principalName, typeName } from './names.ts';
import { accountedFor, type Total, totalOf } from './total.ts';

interface AccountOptions {
  /** As the user named them. */
  readonly paths: readonly string[];
  readonly terminal: Pick<Terminal, 'style' | 'width'>;
  /** A row for each file, not for alike files of a folder. */
  readonly each: boolean;
}

const widest = 120;
const numbers = 9;
const indent = numbers + 2;

/** The account for a person: what the files are, what became of every record, who acted and from where. */
export function accountText(files: readonly FileAccount[], sights: Sights, options: AccountOptions): string {
  const total = totalOf(files);
  const { style } = options.terminal;
  const heading = (text: string): string => `\n${style('bold', text)}`;
  const lines = [
    heading('What the files are'),
    ...fileRows(files, options),
    heading('What became of the records'),
    ...recordRows(total, options),
    ...(sights.span === undefined ? [] : [heading('Who, from where, when'), ...sightRows(sights, options)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Paths as they are within the one folder that was named. */
function shownIn(paths: readonly string[]): (path: string) => string {
  const [base = '', ...more] = paths;
  return (path) => visible(more.length > 0 || path === base ? path : relative(base, path));
}

function fileRows(files: readonly FileAccount[], { paths, terminal, each }: AccountOptions): string[] {
  const shown = shownIn(paths);
  const groups = [
    ...Map.groupBy(files, (file) => (each ? file.path : `${folderOf(file.path)}\n${whatIs(file)}`)).values(),
  ];
  const named = groups.map((group) => {
    const [{ path = '' } = {}] = group;
    const folder = shown(folderOf(path));
    return { name: group.length === 1 ? shown(path) : `${folder}/ (${group.length} files)`, group };
  });
  const width = Math.min(terminal.width, widest);
  const column = Math.min(Math.floor(width / 2), Math.max(20, ...named.map(({ name }) => name.length)));
  const head = `${'file or folder'.padEnd(column)} ${'records'.padStart(numbers)}  what they are`;
  return [
    terminal.style('dim', head),
    ...named.flatMap(({ name, group }) => {
      const { records, ...total } = totalOf(group);
      const start = `${cutLeft(name, column).padEnd(column)} ${count(records).padStart(numbers)}  `;
      const [first = '', ...more] = wrap(contents(group, { records, ...total }), width - start.length);
      return [`${start}${first}`, ...more.map((line) => `${' '.repeat(start.length)}${line}`)];
    }),
  ];
}

/** Its folder, or what holds the folders of years, months and days that AWS makes. */
const folderOf = (path: string): string => dirname(path).replace(/\/\d{4}\/\d{2}\/\d{2}$/, '');

/** `CloudTrail`, `GuardDuty`, both, or what else. */
function whatIs({ types, samples, updates, form }: FileAccount): string {
  const trail = types.some(({ type }) => type.startsWith('cloudtrail/'));
  const findings = samples + updates > 0 || types.some(({ type }) => type.startsWith('guardduty/'));
  if (trail) return findings ? 'CloudTrail and GuardDuty' : 'CloudTrail';
  return findings ? 'GuardDuty' : formNames[form];
}

function contents(group: readonly FileAccount[], { types, copies, updates, samples, rejected }: Total): string {
  const refused = rejected.reduce((all, each) => all + each.count, 0);
  const parts = [
    ...types.map(({ name, count: number }) => `${count(number)} ${typeName(name, number)}`),
    ...(
      [
        [copies, 'copies'],
        [updates, 'updates'],
        [samples, 'samples'],
        [refused, 'rejected'],
      ] as const
    )
      .filter(([number]) => number > 0)
      .map(([number, name]) => `${count(number)} ${name}`),
  ];
  const [first] = group;
  const lost = group.some((file) => file.lost !== undefined) ? ' (incomplete)' : '';
  return `${first === undefined ? '' : whatIs(first)}${lost}${parts.length > 0 ? `: ${parts.map(together).join(', ')}` : ''}`;
}

function recordRows(total: Total, { paths, terminal }: AccountOptions): string[] {
  const shown = shownIn(paths);
  const width = Math.min(terminal.width, widest);
  const row = (number: number, what: string): string => shorten(`${count(number).padStart(numbers)}  ${what}`, width);
  const left: readonly (readonly [number, string])[] = [
    [total.copies, 'copies: the same record of CloudTrail, delivered again'],
    [total.updates, 'updates: the same finding of GuardDuty, written again'],
    [total.samples, 'sample findings, made up by GuardDuty on request: left out'],
  ];
  const sum = accountedFor(total);
  const verdict = sum === total.records ? 'all accounted for' : `only ${count(sum)} accounted for`;
  return [
    ...total.types.map(({ name, count: number }) => row(number, `${productOf(name)}${typeName(name, number)}`)),
    ...left.filter(([number]) => number > 0).map(([number, what]) => row(number, what)),
    ...total.rejected.flatMap(({ reason, count: number, first }) => {
      const place = together(cutLeft(shown(first), width - indent));
      const [start = '', ...more] = wrap(`rejected: ${visible(reason)}, first at ${place}`, width - indent);
      return [row(number, start), ...more.map((line) => `${' '.repeat(indent)}${line}`)];
    }),
    terminal.style('bold', row(total.records, `records in ${counted(total.files, 'file')}, ${verdict}`)),
  ];
}

const productOf = (type: string): string => (type.startsWith('cloudtrail/') ? 'CloudTrail: ' : 'GuardDuty: ');

function sightRows(sights: Sights, { terminal }: AccountOptions): string[] {
  const width = Math.min(terminal.width, widest);
  const list = (sightings: readonly Sighting[], name: (type: string, count: number) => string): string =>
    sightings.map((each) => together(`${count(each.count)} ${name(each.name, each.count)}`)).join(', ');
  const principals = sights.principals();
  const nobody = principals.find(({ name }) => name === 'none')?.count ?? 0;
  const known = list(
    principals.filter(({ name }) => name !== 'none'),
    principalName,
  );
  const [first, last] = sights.span ?? [0, 0];
  const rows: readonly (readonly [string, string])[] = [
    [
      'principals',
      `${known || 'none'}${sights.sessions > 0 ? `; ${counted(sights.sessions, 'session')} of roles` : ''}`,
    ],
    ...(nobody > 0 ? [['', `${counted(nobody, 'event')} that name${nobody === 1 ? 's' : ''} nobody`] as const] : []),
    ['events by source', list(sights.addresses(), addressName)],
    ['where', `${counted(sights.accounts, 'account')}, ${counted(sights.regions, 'region')}`],
    ['when', `${moment(first)} to ${moment(last)}`],
  ];
  return rows.flatMap(([name, text]) => {
    const [start = '', ...more] = wrap(text, width - 18);
    return [`${name.padEnd(18)}${start}`, ...more.map((line) => `${' '.repeat(18)}${line}`)];
  });
}

/** Words of an item stay together. */
const together = (item: string): string => item.replaceAll(' ', '\u00a0');

/** The end says more: the beginning goes. */
const cutLeft = (text: string, width: number): string => (text.length <= width ? text : `…${text.slice(1 - width)}`);

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  const words = text.split(' ').flatMap((item) => (item.length > width ? item.split('\u00a0') : [item]));
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => each.replaceAll('\u00a0', ' '));
}
