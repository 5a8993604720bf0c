import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Context, ScopsError, type Sink, type Source } from '../event/index.ts';
import { fromText, type OptionRow, optionRows, parseOptions } from '../pipeline/options.ts';
import { find } from '../pipeline/registry.ts';
import { type Chosen, chooseBySpec } from '../pipeline/spec.ts';
import { type Limit, parseBudget, parseContamination } from '../triage/limit.ts';
import { type CommonOptions, openTerminal, type Terminal } from './terminal.ts';

/** Add the switches every command has. */
export function withCommon(command: Command): Command {
  return command
    .option('--json', 'one JSON object per line, also on a terminal')
    .option('--quiet', 'nothing on standard error but errors')
    .option('--verbose', 'more on standard error')
    .option('--no-color', 'no colours (so does the environment variable NO_COLOR)');
}

/** Open the terminal, run, close it whatever happens. */
export async function inTerminal(options: CommonOptions, work: (terminal: Terminal) => Promise<void>): Promise<void> {
  const terminal = openTerminal(options);
  try {
    await work(terminal);
  } finally {
    await terminal.close();
  }
}

const flagName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A command line's flag for each option that a component declares. */
export function withComponentOptions(command: Command, rows: readonly OptionRow[], heading: string): Command {
  for (const row of rows) {
    if (command.options.some((option) => option.attributeName() === row.name)) continue;
    const flag = `--${flagName(row.name)}`;
    const value = row.type === 'boolean' ? '' : row.type.startsWith('list') ? ' <list>' : ' <value>';
    const shown =
      row.default === undefined || (Array.isArray(row.default) && row.default.length === 0)
        ? ''
        : ` (default: ${row.default})`;
    command.addOption(
      new Option(`${flag}${value}`, `${row.description}${shown}`)
        .helpGroup(heading)
        .argParser((text) => (row.type === 'boolean' ? true : fromText(row, text))),
    );
  }
  return command;
}

/** What the user gave of a component's options. */
export function givenOptions(
  rows: readonly OptionRow[],
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    rows.filter(({ name }) => options[name] !== undefined).map(({ name }) => [name, options[name]]),
  );
}

/** The rows of the detector named on the command line, read ahead so that its flags are known; `usual` unless told. */
export async function detectorAhead(
  argv: readonly string[],
  commands: readonly string[] = ['fit', 'score'],
  usual = 'lof',
): Promise<{ name: string; rows: OptionRow[] }> {
  if (!commands.includes(argv[0] ?? '')) return { name: usual, rows: [] };
  const at = argv.findIndex((word) => word === '--detector' || word.startsWith('--detector='));
  const name = at < 0 ? usual : (argv[at]?.split('=')[1] ?? argv[at + 1] ?? usual);
  return { name, rows: optionRows(await find('detector', name)) };
}

export interface SourceOptions {
  readonly source?: string;
  readonly follow?: boolean;
  readonly from?: string;
}

/** The source a command line asks for: `--source name:target`, or Wazuh files by name. */
export async function chooseSource(files: readonly string[], options: SourceOptions): Promise<Chosen<'source'>> {
  if (options.source !== undefined && files.length > 0) {
    throw new ScopsError('USAGE', `Give files or --source, not both: "${files[0]}" and "${options.source}".`);
  }
  if (options.source === undefined && files.length === 0) {
    throw new ScopsError('USAGE', 'Nothing to read. Give files, - for standard input, or --source NAME:TARGET.');
  }
  const chosen =
    options.source === undefined
      ? { component: await find('source', 'wazuh'), input: { paths: [...files] } }
      : await chooseBySpec('source', options.source);
  const known = new Set(optionRows(chosen.component).map(({ name }) => name));
  const extra: Record<string, unknown> = {};
  for (const name of ['follow', 'from'] as const) {
    if (options[name] === undefined) continue;
    if (!known.has(name)) throw new ScopsError('USAGE', `The source "${chosen.component.name}" has no --${name}.`);
    extra[name] = options[name];
  }
  return { component: chosen.component, input: { ...chosen.input, ...extra } };
}

export const createSource = ({ component, input }: Chosen<'source'>, context: Context): Source =>
  component.create(parseOptions(component, input), context);
export const createSink = ({ component, input }: Chosen<'sink'>, context: Context): Sink =>
  component.create(parseOptions(component, input), context);

/** `--budget` or `--contamination`. */
export function limitOf(options: { readonly budget?: string; readonly contamination?: number }): Limit | undefined {
  if (options.budget !== undefined && options.contamination !== undefined) {
    throw new ScopsError('USAGE', 'Give --budget or --contamination, not both.');
  }
  if (options.budget !== undefined) return parseBudget(options.budget);
  return options.contamination === undefined ? undefined : parseContamination(options.contamination);
}

/** A number for Commander. */
export function asNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It is not a number.');
  return value;
}

export const collectSpecs = (spec: string, before: readonly string[] = []): string[] => [...before, spec];

const counts = new Intl.NumberFormat('en');
/** 12,345 */
export const count = (value: number): string => counts.format(value);
/** 1 login, 12,345 logins */
export const counted = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
/** 2026-01-02 03:04 UTC */
export const moment = (time: number): string =>
  Number.isFinite(time) ? `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'never';
