import { ScopsError, type Sink } from '../../event/index.ts';
import { checkFollowed } from '../../pipeline/followed.ts';
import { optionRows } from '../../pipeline/options.ts';
import { find } from '../../pipeline/registry.ts';
import { sniffSource } from '../../pipeline/sniff.ts';
import { type Chosen, chooseBySpec } from '../../pipeline/spec.ts';
import { createSink } from '../common.ts';
import { chooseEnrichers } from '../enrichers.ts';
import type { Moment } from '../since.ts';
import type { Terminal } from '../terminal.ts';

/** What `scops logins` was asked for. */
export interface LoginsOptions {
  readonly format?: string;
  readonly user?: readonly string[];
  readonly since?: Moment;
  readonly follow?: boolean;
  readonly all?: boolean;
  readonly geo?: readonly string[];
  readonly asn?: readonly string[];
  readonly dnsbl?: readonly string[];
  readonly known?: readonly string[];
  readonly enrich?: readonly string[];
  readonly model?: string;
  readonly sink?: readonly string[];
  readonly budget?: string;
  readonly detector: string;
  /** The detector was asked for, not chosen by us. */
  readonly named: boolean;
  /** The detector's own options. */
  readonly given: Readonly<Record<string, unknown>>;
}

/** Whether the records come from the running journal, not from files. */
export const streams = (files: readonly string[]): boolean => files.length === 0;

/** The source for files such as these, or the journal where there are none. Throws ScopsError USAGE. */
export async function chooseLogins(files: readonly string[], options: LoginsOptions): Promise<Chosen<'source'>> {
  if (streams(files)) {
    if (options.follow !== true) {
      throw new ScopsError('USAGE', 'Nothing to read. Give files, - for standard input, or --follow for the journal.');
    }
    const component = await find('source', options.format ?? 'journald');
    if (optionRows(component).some(({ name, required }) => name === 'paths' && required)) {
      throw new ScopsError(
        'USAGE',
        `The source "${component.name}" follows a file: name it, or leave out --format for the journal.`,
      );
    }
    return { component, input: {} };
  }
  if (options.follow === true) checkFollowed(files);
  const name = options.format ?? (await sniffSource(files));
  return { component: await find('source', name), input: { paths: [...files] } };
}

/** Facts before rules: rules may ask for the country and the network's owner. */
export async function chooseFacts(
  options: Pick<LoginsOptions, 'geo' | 'asn' | 'dnsbl' | 'known' | 'enrich'>,
): Promise<Chosen<'enricher'>[]> {
  const chosen: Chosen<'enricher'>[] = [];
  for (const name of ['geo', 'asn'] as const) {
    const database = options[name];
    if (database !== undefined) chosen.push({ component: await find('enricher', name), input: { database } });
  }
  chosen.push(...(await chooseEnrichers(options.enrich)));
  if (options.dnsbl) chosen.push({ component: await find('enricher', 'dnsbl'), input: { zones: options.dnsbl } });
  if (options.known) {
    chosen.push({ component: await find('enricher', 'known-networks'), input: { networks: options.known } });
  }
  return chosen;
}

export async function openSinks(
  { sink: specs = [], all }: Pick<LoginsOptions, 'sink' | 'all'>,
  terminal: Terminal,
): Promise<Sink[]> {
  const chosen = await Promise.all(specs.map((spec) => chooseBySpec('sink', spec)));
  if (chosen.length === 0 && all !== true) {
    const input = { format: terminal.json ? 'json' : 'table' };
    chosen.push({ component: await find('sink', 'stdout'), input });
  }
  const { color, width } = terminal;
  return chosen.map(({ component, input }) =>
    createSink(
      { component, input: component.name === 'stdout' ? { color, width, ...input } : input },
      terminal.context,
    ),
  );
}
