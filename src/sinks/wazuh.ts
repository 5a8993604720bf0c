import { Buffer } from 'node:buffer';
import * as v from 'valibot';
import { defineSink, type Finding, text } from '../event/index.ts';
import { LineFile } from '../io/line-file.ts';
import { Once } from '../io/once.ts';
import { shorten, visible } from '../text/escape.ts';
import { isoTime } from '../text/finding.ts';
import { jsonLine } from '../text/json-line.ts';
import type { WazuhGrade } from '../text/wazuh-rules.ts';

/** Wazuh's log collector reads 65,279 bytes of a line; its alert repeats the fields among others of its own. */
const mostLine = 56 * 1024;
/** What `scops` and `raw` themselves take of a line, and more. */
const around = 64;
/** Title and entity stand in the rule's description, which Wazuh keeps only when it is shorter than 1,024 bytes. */
const mostTitle = 500;
/** The indexer refuses an alert with a keyword field longer than 32,766 bytes. */
const mostField = 30_000;

/**
 * Findings as JSON lines for a `<localfile>` of Wazuh, which turns them into alerts with `data.scops.*` by the rules of
 * wazuhRules(). Only names of ours, only strings (Wazuh rounds numbers to six decimals), no control characters (Wazuh
 * cuts a value at a NUL), no value that begins with `[` (Wazuh would read a list out of it).
 * https://documentation.wazuh.com/current/user-manual/reference/ossec-conf/localfile.html
 */
export const wazuh = defineSink({
  name: 'wazuh',
  summary: 'Writes findings to a file that a Wazuh manager reads, so that they show up in its dashboard.',
  examples: [
    'scops score --model hosts.scops --source wazuh:/var/ossec/logs/alerts/alerts.json --follow --sink wazuh:/var/ossec/logs/scops/findings.json',
  ],
  options: v.strictObject({
    path: v.pipe(v.string(), v.minLength(1), v.description('The file that <localfile> names. Its folder must exist.')),
  }),
  target: (path) => ({ path }),
  create: ({ path }, context) => {
    const file = new LineFile({ path, append: true, prefix: '{"scops":', log: context.log });
    const once = new Once();
    return {
      name: 'wazuh',
      write: async (findings) => {
        const fresh = once.fresh(findings);
        if (fresh.length === 0) return;
        await file.write(fresh.map(wazuhLine).join(''));
        once.delivered(fresh);
      },
      close: () => file.close(),
    };
  },
});

function wazuhLine(finding: Finding): string {
  const { event, entity } = finding;
  const field = (name: string): string | undefined => text(event, name);
  const record = {
    id: wire(finding.id, 512),
    time: isoTime(finding.time),
    detector: wire(finding.detector, 100),
    kind: event.kind,
    grade: grade(finding),
    title: wire(finding.title, mostTitle),
    score: String(finding.score),
    threshold: String(finding.threshold),
    p_value: finding.pValue === undefined ? undefined : String(finding.pValue),
    rank: String(finding.rank),
    count: String(finding.count),
    entity: { type: wire(entity.type, 50), name: wire(entity.name, 200) },
    host: wire(field('host.name'), 256),
    user: wire(field('user.name'), 256),
    command: wire(field('process.command_line'), 4_000),
    file: wire(field('file.path'), 2_000),
    address: wire(field('source.ip'), 100),
    reason: wire(finding.reasons[0]?.text, 800),
    reasons: wire(finding.reasons.map((reason) => reason.text).join(' | '), 4_000),
    event_id: wire(event.id, 512),
  };
  const left = Math.floor((mostLine - around - Buffer.byteLength(jsonLine(record))) / 2); // JSON doubles quotes and backslashes
  return jsonLine({ scops: { ...record, raw: wire(event.raw, Math.min(left, mostField)) } });
}

/** Text as Wazuh keeps it whole, in at most `most` bytes. Absent when there is none: missing is not ''. */
function wire(value: string | undefined, most: number): string | undefined {
  if (value === undefined || value === '') return undefined;
  const shown = visible(shorten(value, most));
  const safe = shown.startsWith('[') ? ` ${shown}` : shown;
  if (Buffer.byteLength(safe) <= most) return safe;
  return `${Buffer.from(safe)
    .subarray(0, most - 3)
    .toString('utf8')
    .replace(/\ufffd$/, '')}…`;
}

/**
 * low, medium or high, by the share of ordinary events that are as strange (1 in 1,000, 1 in 10,000); without
 * calibration, and of logins, by how far the score is above its threshold (a quarter, as much again): there are too few
 * logins for a small share, and intruders' are among them. What is below its threshold is on a list of the user's own,
 * and that is medium.
 */
function grade({ pValue, score, threshold, event }: Finding): WazuhGrade {
  if (score < threshold) return 'medium';
  if (pValue !== undefined && event.kind !== 'login')
    return pValue <= 0.0001 ? 'high' : pValue <= 0.001 ? 'medium' : 'low';
  if (threshold <= 0) return 'low';
  return score >= 2 * threshold ? 'high' : score >= 1.25 * threshold ? 'medium' : 'low';
}
