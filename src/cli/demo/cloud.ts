import { join } from 'node:path';
import { simulateCloud } from '../../simulate/cloud.ts';
import { rank } from '../cloud/work.ts';
import { writeCloud } from '../simulate/cloud.ts';
import type { Terminal } from '../terminal.ts';

const company = { seed: 3, people: 20, days: 21 } as const;
const shown = 3;

/** Make three weeks of an invented company's CloudTrail and GuardDuty, and put the findings in order. */
export async function cloudDemo(folder: string, terminal: Terminal): Promise<void> {
  const { say, style } = terminal;
  const out = join(folder, 'cloud');
  const [trail, findings, asn] = ['AWSLogs', 'findings.jsonl', 'networks.csv'].map((name) => join(out, name)) as [
    string,
    string,
    string,
  ];
  say(style('bold', '1. Make three weeks of an invented company in AWS'));
  const written = await writeCloud(out, simulateCloud(company), terminal);
  if (written === undefined) return;
  say(`   ${written}, in ${out}`);

  say(style('bold', "2. Learn who calls what from where, and put GuardDuty's findings in order"));
  const about = { margin: 60, detector: 'principal-likelihood', given: {} };
  await rank({ ...about, trail: [trail], findings: [findings], asn: [asn], top: shown }, terminal);
  say(`   All: npx scops cloud rank --trail ${trail} --findings ${findings} --asn ${asn}`);
}
