import assert from 'node:assert/strict';
import { splitCsv } from '../../../src/text/csv.ts';
import { parseIp } from '../../../src/text/ip.ts';
import type { BenchOptions } from '../bench.ts';
import { linesOf, peerOf, readAll, Tally, verdictOf } from './corpus.ts';

/** What each of the corpus' templates is, and which of its `<*>` are the peer and the user. */
const templates: Readonly<Record<string, readonly [verdict: string, peer?: number | undefined, user?: number]>> = {
  E1: ['login ssh success', 1, 0],
  E2: ['log disconnect', 0],
  E3: ['log no-identification', 0],
  E4: ['log disconnect'],
  E5: ['log disconnect'],
  E6: ['log disconnect', 0],
  E7: ['log disconnect', 0],
  E8: ['login ssh failure', 1, 0],
  E9: ['login ssh failure', 1, 0],
  E10: ['login ssh failure', 1, 0],
  E11: ['log disconnect'],
  E12: ['log invalid-user', undefined, 0],
  E13: ['login ssh failure', 1, 0],
  E14: ['login ssh failure', 1],
  E15: ['login ssh failure', 3],
  E16: ['login ssh failure', 3],
  E17: ['login ssh failure', 3],
  E18: ['log max-retries'],
  E19: ['login ssh failure', 2],
  E20: ['login ssh failure', 2, 3],
  E21: ['log unknown-user'],
  E22: ['login logout', undefined, 0],
  E23: ['login session success', undefined, 0],
  E24: ['log disconnect', 0],
  E25: ['log disconnect', 0],
  E26: ['log disconnect', 0],
  E27: ['log reverse-mapping', 1],
};

/** What stands in the places of `<*>`. */
function values(template: string, text: string): string[] | undefined {
  const fixed = template
    .split('<*>')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ user=$/, ' +user='));
  return new RegExp(`^${fixed.join('(.*?)')}\\s*$`).exec(text)?.slice(1);
}

function openSsh(folder: string, options: BenchOptions): void {
  const lines = linesOf(folder, 'OpenSSH_2k.log');
  const table = linesOf(folder, 'OpenSSH_2k.log_structured.csv')?.slice(1);
  if (lines === undefined || table === undefined) {
    options.note('There is no loghub/OpenSSH_2k.log with its table.');
    return;
  }
  assert.equal(table.length, lines.length);
  const tally = new Tally('loghub OpenSSH_2k');
  for (const [index, read] of readAll(lines, Date.UTC(2016, 0, 1)).entries()) {
    tally.line(read);
    const [, , , , , pid, content, id, template] = splitCsv((table[index] as string).trimEnd()) ?? [];
    const known = templates[id ?? ''];
    assert.ok(known !== undefined && template !== undefined && content !== undefined, id);
    const [verdict, peer, user] = known;
    const found = values(template, content);
    assert.ok(found !== undefined, `${template} in ${content}`);
    const wantedPeer = peer === undefined ? undefined : found[peer];
    const wantedUser = user === undefined ? undefined : found[user];
    const { event } = read;
    const same =
      verdictOf(event) === verdict &&
      peerOf(event) === (wantedPeer === undefined ? undefined : (parseIp(wantedPeer) ?? wantedPeer)) &&
      (wantedUser === undefined || (event?.fields['user.name'] ?? '') === wantedUser) &&
      event?.fields['process.pid'] === Number(pid) &&
      event.fields['host.name'] === 'LabSZ';
    tally.label(
      same,
      undefined,
      () => `${id} ${wantedPeer} ${wantedUser} but ${verdictOf(event)} ${peerOf(event)}: ${read.line}`,
      options.note,
    );
  }
  tally.report(options);
}

/** 2005, with PAM as it was then; what is ours is told by the tag. */
function linux(folder: string, options: BenchOptions): void {
  const lines = linesOf(folder, 'Linux_2k.log');
  if (lines === undefined) {
    options.note('There is no loghub/Linux_2k.log.');
    return;
  }
  const tally = new Tally('loghub Linux_2k');
  for (const read of readAll(lines, Date.UTC(2005, 6, 28))) {
    tally.line(read);
    const tagged = /^\S+ +\d+ \S+ combo \w+\(pam_unix\)\[\d+\]: /.test(read.line);
    const failed = / authentication failure; .* rhost=(\S*)/.exec(read.line);
    const same =
      (read.event !== undefined) === tagged &&
      (read.event?.fields['event.outcome'] === 'failure') === (tagged && failed !== null) &&
      (failed === null || (peerOf(read.event) ?? '') === failed[1]) &&
      (read.event === undefined || new Date(read.event.time).getUTCFullYear() === 2005);
    tally.label(same, undefined, () => `${verdictOf(read.event)} ${peerOf(read.event)}: ${read.line}`, options.note);
  }
  tally.report(options);
}

/** https://github.com/logpai/loghub */
export function loghub(folder: string, options: BenchOptions): void {
  openSsh(folder, options);
  linux(folder, options);
}
