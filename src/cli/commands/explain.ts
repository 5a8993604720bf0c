import type { Command } from 'commander';
import type { Event } from '../../event/index.ts';
import { enriched } from '../../pipeline/enrich.ts';
import { limitFor, loadTrained } from '../../pipeline/trained.ts';
import { shorten, visible } from '../../text/escape.ts';
import { createJudge, type Judgement } from '../../triage/judge.ts';
import {
  asNumber,
  chooseSource,
  collectSpecs,
  createSource,
  inTerminal,
  limitOf,
  moment,
  withCommon,
} from '../common.ts';
import { chooseEnrichers, closeEnrichers, createEnrichers, enrichFlag } from '../enrichers.ts';
import type { Terminal } from '../terminal.ts';

export function register(program: Command): void {
  const command = program
    .command('explain')
    .summary('say of single events why they are strange or ordinary')
    .description('Judge events one by one, ordinary ones too, and say what was read, the score, the threshold and why.')
    .argument('[files...]', 'Wazuh alerts: files, plain or compressed, folders, or - for standard input')
    .requiredOption('-m, --model <file>', 'the model file that scops fit wrote')
    .option('--id <id>', 'only the event with this id: of Scops, of Wazuh, or of a finding')
    .option('--limit <n>', 'stop after n events', asNumber, 20)
    .option('--source <spec>', 'read from a source instead')
    .option(...enrichFlag, collectSpecs)
    .option('--budget <n/day>', 'judge by this many findings a day')
    .option('--contamination <share>', 'judge by this share of training events', asNumber)
    .option('--rejects <file>', 'keep what could not be read');
  withCommon(command).action(async (files: string[], options) =>
    inTerminal(options, async (terminal) => {
      const trained = await loadTrained(options.model, terminal.context);
      const limit = limitFor(trained, limitOf(options));
      const judge = createJudge(trained.model, trained.calibrations, limit);
      const enrichers = createEnrichers(await chooseEnrichers(options.enrich), terminal.context);
      const source = enriched(createSource(await chooseSource(files, options), terminal.context), enrichers);
      let shown = 0;
      for await (const event of source.events(terminal.signal)) {
        if (options.id !== undefined && !hasId(event, options.id)) continue;
        await terminal.print(explained(event, judge(event), terminal));
        if (++shown >= options.limit) break;
      }
      await closeEnrichers(enrichers, terminal);
      if (shown === 0) terminal.say(options.id === undefined ? 'No events.' : `No event has the id "${options.id}".`);
    }),
  );
}

const hasId = (event: Event, id: string): boolean =>
  event.id === id ||
  id.endsWith(`:${event.id}`) ||
  event.fields['wazuh.alert.id'] === id ||
  event.raw.includes(`"id":"${id}"`);

function explained(event: Event, judgement: Judgement | undefined, terminal: Terminal): string {
  if (terminal.json) {
    const { raw: _, ...read } = event;
    const said = judgement
      ? {
          finding: judgement.candidate !== undefined,
          score: judgement.score.value,
          threshold: judgement.threshold,
          p_value: judgement.pValue,
          reasons: judgement.score.reasons,
        }
      : { finding: false };
    return `${JSON.stringify({ event: read, ...said })}\n`;
  }
  const { style } = terminal;
  const lines = [`${style('bold', `${moment(event.time)}  ${event.kind}`)}  ${style('dim', visible(event.id))}`];
  for (const [name, value] of Object.entries(event.fields)) {
    const words = typeof value === 'object' ? JSON.stringify(value) : String(value);
    lines.push(`  ${name.padEnd(26)} ${shorten(visible(words), 200)}`);
  }
  if (judgement === undefined) lines.push('  This model has no opinion on such events.');
  else {
    const verdict = judgement.candidate ? style('red', 'finding') : style('green', 'ordinary');
    const p = judgement.pValue === undefined ? '' : `, p-value ${judgement.pValue.toPrecision(2)}`;
    lines.push(
      `  ${verdict}: score ${judgement.score.value.toPrecision(4)}, threshold ${judgement.threshold.toPrecision(4)}${p}`,
    );
    for (const reason of judgement.score.reasons) lines.push(`  - ${visible(reason.text)}`);
  }
  return `${lines.join('\n')}\n\n`;
}
