import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readLoginLine } from '../src/text/login/read.ts';
import { createYearClock } from '../src/text/syslog/clock.ts';
import { type Bench, type BenchOptions, median, rate, type Timed, time } from './support/bench.ts';
import { folderWith } from './support/folder.ts';
import { cpu } from './support/jubatus-cost.ts';
import { linesOf } from './support/login-corpora/corpus.ts';
import { fail2ban } from './support/login-corpora/fail2ban.ts';
import { throughFile } from './support/login-corpora/file.ts';
import { loghub } from './support/login-corpora/loghub.ts';
import { crowdsec, secrepo, splunk } from './support/login-corpora/others.ts';
import { crowdsecWindows, others } from './support/login-corpora/unknown.ts';
import { windows } from './support/login-corpora/windows.ts';

export const bench: Bench = {
  summary: 'login logs of others: what their labels say, and how fast lines become events',
  data: 'a folder with loghub, splunk-tutorial, fail2ban, crowdsec and, where there is one, secrepo in it; any other *.log in it too',
  run: async (options) => {
    const data = folderWith(options.data, 'login', 'loghub') ?? options.data;
    loghub(join(data, 'loghub'), options);
    secrepo(join(data, 'secrepo'), options);
    splunk(join(data, 'splunk-tutorial'), options);
    fail2ban(join(data, 'fail2ban'), options);
    crowdsec(join(data, 'crowdsec'), options);
    crowdsecWindows(join(data, 'crowdsec'), options);
    others(data, options);
    await speed({ ...options, data });
    await windows(options);
  },
};

const least = 200_000;

/** Lines as a file's reader makes them, each a text of its own, over and over. */
async function speed({ data, report }: BenchOptions): Promise<void> {
  const files = ['loghub/OpenSSH_2k.log', 'secrepo/auth.log', 'splunk-tutorial/www1-secure.log'];
  const texts = files.flatMap((file) => linesOf(data, file) ?? []);
  const once = texts.map((line) => Buffer.from(line).toString());
  const rounds = Math.ceil(least / once.length);
  const count = once.length * rounds;
  const bytes = (once.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0) * rounds) / 1e6;
  const work = (): void => {
    for (let round = 0; round < rounds; round++) assert.ok(readEvents(once) > once.length * 0.9);
  };
  const spent: number[] = [];
  const elapsed = await time(() => spent.push(cpu(work)), 9);
  const rates = (what: string, taken: Timed): void => {
    report({ case: what, metric: 'speed', ...rate(taken, count), unit: 'lines/s', goal: '>= 1000000' });
    report({ case: what, metric: 'throughput', ...rate(taken, bytes), unit: 'MB/s' });
  };
  rates('lines to events', elapsed);
  rates('lines to events, CPU time', median(spent.slice(1)));
  await throughFile(once, report);
}

/** Events are let go at once, as a pipeline does. */
function readEvents(lines: readonly string[]): number {
  const options = { yearClock: createYearClock({ end: Date.UTC(2020, 3, 1) }) };
  let events = 0;
  for (const line of lines) {
    const read = readLoginLine(line, options);
    if (!('reason' in read)) events += read.events.length;
  }
  return events;
}
