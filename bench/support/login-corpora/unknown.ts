import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LogonReader } from '../../../src/sources/windows-logon/reader.ts';
import type { BenchOptions } from '../bench.ts';
import { linesOf, readAll, Tally } from './corpus.ts';

/** What has a part of the benchmark of its own. */
const known: ReadonlySet<string> = new Set([
  'loghub',
  'secrepo',
  'splunk-tutorial',
  'fail2ban',
  'crowdsec',
  'conformance',
  'lanl',
  'rba',
]);
const isLog = (name: string): boolean => /\.log(?:\.gz)?$/.test(name);

/** How much is understood of any other `*.log` in the folder and in the folders in it. */
export function others(folder: string, options: BenchOptions): void {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const places = ['.', ...folders.map(({ name }) => name).filter((name) => !known.has(name))];
  for (const place of places) {
    for (const file of readdirSync(join(folder, place)).filter(isLog)) {
      const path = join(folder, place, file);
      const tally = new Tally(join(place, file));
      const lines = linesOf(join(folder, place), file.replace(/\.gz$/, '')) ?? [];
      for (const read of readAll(lines, statSync(path).mtimeMs)) tally.line(read);
      tally.report(options);
    }
  }
  const honeypot = join(folder, 'cowrie');
  if (existsSync(honeypot))
    options.note(`cowrie: ${readdirSync(honeypot).length} files left out, as no source reads its JSON.`);
}

/** CrowdSec's tests of Windows are of refused passwords: all their events are failures from an address. */
export function crowdsecWindows(folder: string, options: BenchOptions): void {
  const tally = new Tally('CrowdSec hub, Windows');
  const reader = new LogonReader();
  for (const file of readdirSync(folder).filter((name) => name.startsWith('windows-'))) {
    for (const line of linesOf(folder, file) ?? []) {
      for (const record of reader.read(line)) {
        const fields = 'reason' in record ? {} : record.fields;
        const agreed = fields['event.outcome'] === 'failure' && line.includes(`>${fields['source.ip']}<`);
        const describe = (): string => ('reason' in record ? record.reason : JSON.stringify(fields));
        tally.label(agreed, undefined, describe, options.note);
      }
    }
  }
  tally.add(reader.coverage());
  tally.report(options);
}
