import { join } from 'node:path';
import { enriched } from '../../pipeline/enrich.ts';
import { parseOptions } from '../../pipeline/options.ts';
import { find } from '../../pipeline/registry.ts';
import { review } from '../../pipeline/review.ts';
import { chooseBySpec } from '../../pipeline/spec.ts';
import { simulateLogins } from '../../simulate/logins.ts';
import { count, createSink, createSource } from '../common.ts';
import { createEnrichers } from '../enrichers.ts';
import { worldFiles } from '../simulate/world.ts';
import { writeLines, writeWhole } from '../simulate/write.ts';
import type { Terminal } from '../terminal.ts';

const company = { seed: 5, users: 12, days: 30, noise: 0.02 } as const;
const shown = 3;

function* lines(): Generator<string> {
  for (const { line } of simulateLogins(company)) yield line;
}

/** Make a month of an invented company's ssh logins, read them as any auth.log, and show the strangest. */
export async function loginsDemo(folder: string, format: 'json' | 'table', terminal: Terminal): Promise<void> {
  const { context, say, style, signal } = terminal;
  const [log, geo, asn] = ['auth.log', 'geo.mmdb', 'asn.mmdb'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  say(style('bold', '1. Make a month of an invented company'));
  const world = worldFiles(company.seed, context.now());
  await writeLines(log, lines(), terminal);
  await Promise.all([writeWhole(geo, world.geo), writeWhole(asn, world.asn)]);
  say(`   ${company.users} accounts, in ${log}; where its addresses are, in ${geo} and ${asn}`);

  say(style('bold', '2. Learn every user, and judge each login by what came before'));
  const chosen = await Promise.all([`geo:${geo}`, `asn:${asn}`].map((spec) => chooseBySpec('enricher', spec)));
  const enrichers = createEnrichers(chosen, context);
  const source = createSource({ component: await find('source', 'sshd'), input: { paths: log } }, context);
  const component = await find('detector', 'login-likelihood');
  const model = component.create(parseOptions(component, {}), context).begin?.();
  if (model === undefined) throw new Error('login-likelihood does not learn as it goes.');
  const about = { detector: component.name, options: {} };
  const read = await review({ ...about, source: enriched(source, enrichers), model, signal });
  for (const enricher of enrichers) await enricher.close?.();
  const input = { format, color: terminal.color, width: terminal.width };
  await createSink({ component: await find('sink', 'stdout'), input }, context).write(read.findings.slice(0, shown));
  say(
    `   The ${shown} strangest of ${read.findings.length} findings among ${count(read.judged)} logins. All: npx scops logins ${log} --geo ${geo} --asn ${asn}`,
  );
}
