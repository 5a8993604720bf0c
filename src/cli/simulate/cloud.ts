import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Command } from 'commander';
import { type SimulatedCloud, simulateCloud } from '../../simulate/cloud.ts';
import { asNumber, count, inTerminal, withCommon } from '../common.ts';
import type { Terminal } from '../terminal.ts';
import { writeWhole } from './write.ts';

export function register(simulate: Command): void {
  const cloud = simulate
    .command('cloud')
    .summary("a company's CloudTrail and GuardDuty: people, machines, changes, and attacks among findings of nothing")
    .requiredOption('-o, --out <folder>', 'where AWSLogs, findings.jsonl, networks.csv and truth.jsonl are written')
    .option('--seed <n>', 'the same seed gives the same files', asNumber, 1)
    .option('--days <n>', 'how many days, from 21 on', asNumber, 45)
    .option('--people <n>', 'how many people, from 20 on', asNumber, 25)
    .option('--attacks <n>', 'how many attacks; all kinds from 10 on', asNumber, 14);
  withCommon(cloud).action(async ({ out, seed, days, people, attacks, ...options }) =>
    inTerminal(options, async (terminal) => {
      const written = await writeCloud(out, simulateCloud({ seed, days, people, attacks }), terminal);
      if (written !== undefined) terminal.say(`${written} (seed ${seed}).`);
    }),
  );
}

/** Write trail, findings, networks and truth to a folder; what was written, in words, or undefined when interrupted. */
export async function writeCloud(out: string, made: SimulatedCloud, terminal: Terminal): Promise<string | undefined> {
  const records = await writeTrail(out, made, terminal);
  if (terminal.signal.aborted) return undefined;
  const { findings, attacks } = made.truth;
  await writeWhole(join(out, 'findings.jsonl'), lines(made.findings));
  await writeWhole(join(out, 'networks.csv'), networksCsv(made));
  await writeWhole(join(out, 'truth.jsonl'), lines([...findings, ...attacks]));
  const real = findings.filter(({ label }) => label === 'attack').length;
  return `${count(records)} records, ${count(findings.length)} findings, ${count(real)} of them of ${count(attacks.length)} attacks`;
}

const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** `start,end,asn,name,country`, as the enricher `asn` reads it. */
function networksCsv({ networks }: SimulatedCloud): string {
  const rows = networks.map(({ first, last, asn, name, country }) => `${first},${last},${asn},${name},${country}\n`);
  return `start,end,asn,name,country\n${rows.join('')}`;
}

/**
 * One file for each account, region and day, under such names as CloudTrail gives to the files that it delivers.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
async function writeTrail(out: string, { records }: SimulatedCloud, terminal: Terminal): Promise<number> {
  const waiting = new Map<string, string[]>();
  let day = '';
  let written = 0;
  const flush = async (): Promise<void> => {
    for (const [place, texts] of waiting) {
      const [account, region] = place.split(' ') as [string, string];
      const unique = /"eventID":"([^"]+)"/
        .exec(texts[0] as string)?.[1]
        ?.replaceAll('-', '')
        .slice(0, 16);
      const folder = join(out, 'AWSLogs', account, 'CloudTrail', region, ...day.split('-'));
      await mkdir(folder, { recursive: true });
      const name = `${account}_CloudTrail_${region}_${day.replaceAll('-', '')}T2355Z_${unique}.json.gz`;
      await writeWhole(join(folder, name), gzipSync(`{"Records":[${texts.join(',')}]}`));
    }
    waiting.clear();
  };
  for (const record of records) {
    const on = String(record.eventTime).slice(0, 10);
    if (on !== day) {
      await flush();
      if (terminal.signal.aborted) return written;
      day = on;
    }
    const { recipientAccountId: account, awsRegion: region } = record;
    const place = `${account} ${region}`;
    const texts = waiting.get(place);
    if (texts === undefined) waiting.set(place, [JSON.stringify(record)]);
    else texts.push(JSON.stringify(record));
    written++;
  }
  await flush();
  return written;
}
