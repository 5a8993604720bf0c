import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Finding, Sink } from '../../event/index.ts';
import { fit } from '../../pipeline/fit.ts';
import { createPlot } from '../../pipeline/plot.ts';
import { find } from '../../pipeline/registry.ts';
import { run } from '../../pipeline/run.ts';
import { saveTrained } from '../../pipeline/trained.ts';
import { parseBudget } from '../../triage/limit.ts';
import { count, createSink, createSource, moment } from '../common.ts';
import type { Terminal } from '../terminal.ts';

const examples = join(import.meta.dirname, '../../../examples/hosts');

/** Learn from the shipped alerts, judge a new day, draw it. */
export async function hostsDemo(folder: string, format: 'json' | 'table', terminal: Terminal): Promise<void> {
  const { context, say, style } = terminal;
  const here = (file: string): string => relative(process.cwd(), join(examples, file)) || file;
  const shown = (file: string): string => (existsSync(here(file)) ? here(file) : join(examples, file));
  const model = join(folder, 'hosts.scops');
  const picture = join(folder, 'findings.html');
  const wazuh = await find('source', 'wazuh');
  const lof = await find('detector', 'lof');
  const read = (file: string) => createSource({ component: wazuh, input: { paths: shown(file) } }, context);

  say(style('bold', '1. Learn what is ordinary'));
  const trained = await fit({
    source: read('training.jsonl.gz'),
    detector: { component: lof, input: {} },
    context,
    signal: terminal.signal,
  });
  await saveTrained(model, trained);
  say(
    `   ${count(trained.trained.events)} events, ${moment(trained.trained.from)} to ${moment(trained.trained.to)}, from ${shown('training.jsonl.gz')}`,
  );

  say(style('bold', '2. Judge a new day'));
  const input = { format, color: terminal.color, width: terminal.width };
  const findings: Finding[] = [];
  const collector: Sink = { name: 'collector', write: async (batch) => void findings.push(...batch) };
  const plot = createPlot(picture, trained);
  const stdout = createSink({ component: await find('sink', 'stdout'), input }, context);
  const summary = await run({
    source: read('new-day.jsonl.gz'),
    trained,
    sinks: [stdout, collector],
    limit: parseBudget('5/day'),
    onJudged: plot.add,
    context,
    signal: terminal.signal,
  });
  await plot.write(findings, summary, terminal.rejected(), new Date(context.now()));
  say(`   ${count(summary.findings)} findings among ${count(summary.events)} alerts, at a budget of 5 a day`);
  say(style('bold', '3. Look'));
  say(`   ${picture} has the picture and every reason. Open it in a browser.`);
}
