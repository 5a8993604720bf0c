import type { Command } from 'commander';
import { isLearner, isResumable } from '../../event/index.ts';
import { enriched } from '../../pipeline/enrich.ts';
import { fit } from '../../pipeline/fit.ts';
import { placeOf } from '../../pipeline/memory.ts';
import { find } from '../../pipeline/registry.ts';
import { saveTrained } from '../../pipeline/trained.ts';
import {
  asNumber,
  chooseSource,
  collectSpecs,
  count,
  createSource,
  detectorAhead,
  givenOptions,
  inTerminal,
  limitOf,
  moment,
  withCommon,
  withComponentOptions,
} from '../common.ts';
import { coverageOf } from '../coverage.ts';
import { chooseEnrichers, closeEnrichers, createEnrichers, enrichFlag } from '../enrichers.ts';

export async function register(program: Command, argv: readonly string[]): Promise<void> {
  const { name, rows } = await detectorAhead(argv);
  const command = program
    .command('fit')
    .summary('learn what is ordinary from past events and write a model')
    .description('Learn what is ordinary from past events, calibrate on the newest of them, and write a model file.')
    .argument('[files...]', 'Wazuh alerts: files, plain or compressed, folders, or - for standard input')
    .requiredOption('-m, --model <file>', 'the model file to write')
    .option('--source <spec>', 'read from a source, such as kafka:localhost:9092/wazuh (see scops list sources)')
    .option(...enrichFlag, collectSpecs)
    .option('--detector <name>', 'the detector to fit', 'lof')
    .option('--budget <n/day>', 'remember how many findings a day are wanted, such as 5/day')
    .option('--contamination <share>', 'remember the share of training events to call strange instead', asNumber)
    .option('--hold-back <share>', 'the last share of events, held back for calibration (default: 0.2)', asNumber)
    .option('--rejects <file>', 'keep what could not be read');
  withComponentOptions(withCommon(command), rows, `Options of the detector ${name}:`);
  command.action(async (files: string[], options) =>
    inTerminal(options, async (terminal) => {
      const enrichers = createEnrichers(await chooseEnrichers(options.enrich), terminal.context);
      const source = enriched(createSource(await chooseSource(files, options), terminal.context), enrichers);
      const component = await find('detector', name);
      const limit = limitOf(options);
      const trained = await fit({
        source,
        detector: { component, input: givenOptions(rows, options) },
        ...(limit ? { limit } : {}),
        ...(options.holdBack === undefined ? {} : { holdBack: options.holdBack }),
        context: terminal.context,
        signal: terminal.signal,
      });
      const place = isLearner(trained.model) && isResumable(source) ? { place: placeOf(source) } : {};
      const bytes = await saveTrained(options.model, { ...trained, ...place });
      const coverage = coverageOf(source);
      if (coverage !== undefined) terminal.say(coverage);
      await closeEnrichers(enrichers, terminal);
      const { events, from, to } = trained.trained;
      if (terminal.json) {
        await terminal.print(
          `${JSON.stringify({ model: options.model, bytes, detector: name, events, from, to, ...trained.model.info() })}\n`,
        );
      }
      terminal.say(`Learnt ${count(events)} events from ${moment(from)} to ${moment(to)}.`);
      terminal.say(
        `Wrote ${options.model} (${count(bytes)} bytes). Next: scops score --model ${options.model} ${options.source === undefined ? 'FILE' : `--source ${source.name}:…`}`,
      );
    }),
  );
}
