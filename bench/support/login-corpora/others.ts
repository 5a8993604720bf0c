import { readdirSync } from 'node:fs';

import { readLoginMessage } from '../../../src/text/login/read.ts';
import type { BenchOptions } from '../bench.ts';
import { linesOf, peerOf, type Read, readAll, Tally, verdictOf } from './corpus.ts';

const address = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g;

/** The tutorial's `secure.log`: what a line is stands in its first words. */
export function splunk(folder: string, options: BenchOptions): void {
  const lines = linesOf(folder, 'www1-secure.log');
  if (lines === undefined) {
    options.note('There is no splunk-tutorial/www1-secure.log.');
    return;
  }
  const tally = new Tally('Splunk tutorial');
  const counts = { accepted: 0, failed: 0 };
  for (const read of readAll(lines, Date.UTC(2020, 3, 1))) {
    tally.line(read);
    const message = /^\w+ \w+ \d+ \d+ \S+ www1 \w+(?:\[\d+\])?: +(.*)$/.exec(read.line)?.[1] ?? '';
    const accepted = message.startsWith('Accepted ');
    const failed = message.toLowerCase().startsWith('failed ');
    const verdict = verdictOf(read.event);
    if (accepted && verdict === 'login ssh success') counts.accepted++;
    if (message.startsWith('Failed ') && verdict === 'login ssh failure') counts.failed++;
    const [user, peer] = / for (?:invalid user )?(\S+) from (\S+) port/.exec(message)?.slice(1) ?? [];
    const same =
      (verdict === 'login ssh success') === accepted &&
      (verdict === 'login ssh failure') === failed &&
      (user === undefined || (read.event?.fields['user.name'] === user && peerOf(read.event) === peer)) &&
      (read.event?.fields['login.unknown_user'] === true) === message.includes(' invalid user ');
    tally.label(same, undefined, () => `${verdict}: ${read.line}`, options.note);
  }
  tally.report(options);
  const { report } = options;
  report({ case: 'Splunk tutorial', metric: 'accepted logins', value: counts.accepted, unit: 'lines', goal: '= 445' });
  report({ case: 'Splunk tutorial', metric: 'failed logins', value: counts.failed, unit: 'lines', goal: '= 8746' });
}

/** A real server that nobody got into; the last line is cut off. */
export function secrepo(folder: string, options: BenchOptions): void {
  const lines = linesOf(folder, 'auth.log');
  if (lines === undefined) {
    options.note('There is no secrepo/auth.log.');
    return;
  }
  const tally = new Tally('SecRepo auth.log');
  for (const read of readAll(lines, Date.UTC(2014, 11, 3))) {
    tally.line(read);
    const own = read.line.includes(' sshd[');
    const peers = read.line.match(address) ?? [];
    const invalid = read.line.includes(']: Invalid user ');
    const same =
      (read.event !== undefined) === own &&
      (verdictOf(read.event) === 'login ssh failure') === invalid &&
      !verdictOf(read.event).endsWith('success') &&
      (!own || peerOf(read.event) === peers.at(-1));
    tally.label(same, undefined, () => `${verdictOf(read.event)} ${peerOf(read.event)}: ${read.line}`, options.note);
  }
  tally.report(options);
}

/** What CrowdSec's test is about tells what its lines are. */
const scenarios: readonly (readonly [start: string, verdict: RegExp])[] = [
  ['sshd-success-logs', /^login ssh success$/],
  ['sshd-impossible-travel', /^login ssh success$/],
  ['sshd-logs-fp', /^log session-closed$/],
  ['sshd-logs', /^(?:login ssh failure|log \S+)$/],
  ['sshd-refused-conn', /^log refused$/],
  ['sshd_banner_exchange', /^log protocol-error$/],
  ['sshd-bad-keyexchange-bf', /^log negotiation$/],
  ['sshd-invalid-bf', /^log disconnect$/],
  ['ssh-timeout', /^log (?:timeout|protocol-error)$/],
  ['ssh-time-based-bf', /^login ssh (?:failure|success)$/],
  ['ssh-', /^login ssh failure$/],
  ['geoip-enrich__ssh-bf', /^login ssh failure$/],
  ['opnsense-sshd', /^login ssh failure$/],
  ['pam-logs', /^(?:login sudo failure|log locked)$/],
  ['dropbear-logs', /^(?:login ssh failure|log disconnect|login logout)$/],
];

function readDropbear(line: string): Read {
  const login = readLoginMessage({ time: 0, program: 'dropbear' }, line, line, 'sshd');
  return { line, event: login.events[0], login };
}

export function crowdsec(folder: string, options: BenchOptions): void {
  const tally = new Tally('CrowdSec hub');
  let others = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.log'))) {
    const lines = linesOf(folder, file) ?? [];
    const scenario = scenarios.find(([start]) => file.startsWith(start));
    if (scenario === undefined) {
      if (!file.startsWith('windows-')) others += lines.length;
      continue;
    }
    const reads = file.startsWith('dropbear') ? lines.map(readDropbear) : readAll(lines, Date.UTC(2024, 0, 1));
    for (const read of reads) {
      tally.line(read);
      const peers = (read.line.replace(/ on (?:\d+\.){3}\d+ port/, '').match(address) ?? []).at(-1);
      const accepted = read.line.includes(': Accepted ');
      const verdict = verdictOf(read.event);
      const same =
        scenario[1].test(verdict) && peerOf(read.event) === peers && accepted === (verdict === 'login ssh success');
      tally.label(same, undefined, () => `${file}: ${verdict} ${peerOf(read.event)}: ${read.line}`, options.note);
    }
  }
  options.note(`CrowdSec hub: ${others} lines of other tests left out (Proxmox, sshesame).`);
  tally.report(options);
}
