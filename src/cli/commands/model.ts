import type { Command } from 'commander';
import { loadTrained, mergeTrained, saveTrained } from '../../pipeline/trained.ts';
import { thresholds } from '../../triage/judge.ts';
import { parseBudget } from '../../triage/limit.ts';
import { count, inTerminal, moment, withCommon } from '../common.ts';

export function register(program: Command): void {
  const model = program.command('model').summary('look into model files and merge them');

  const info = model.command('info').summary('say what a model file holds').argument('<file>', 'a model file');
  withCommon(info).action(async (file: string, options) =>
    inTerminal(options, async (terminal) => {
      const trained = await loadTrained(file, terminal.context);
      const { events, from, to } = trained.trained;
      const budget =
        trained.calibrations.length > 0
          ? thresholds(trained.model, trained.calibrations, parseBudget('5/day'))
          : new Map();
      const facts: Record<string, unknown> = {
        detector: trained.detector,
        options: trained.options,
        events,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        ...trained.model.info(),
      };
      for (const { kind, scores, days } of trained.calibrations) {
        facts[`held back (${kind})`] =
          `${count(scores.length)} different events a host and day, over ${days.toFixed(1)} days`;
        facts[`threshold (${kind}, 5/day)`] = budget.get(kind);
      }
      if (terminal.json) return terminal.print(`${JSON.stringify({ file, ...facts })}\n`);
      const width = Math.max(...Object.keys(facts).map((name) => name.length));
      for (const [name, value] of Object.entries(facts)) {
        const words =
          name === 'from'
            ? moment(from)
            : name === 'to'
              ? moment(to)
              : typeof value === 'number'
                ? count(value)
                : value;
        await terminal.print(`${name.padEnd(width)}  ${typeof words === 'object' ? JSON.stringify(words) : words}\n`);
      }
    }),
  );

  const merge = model
    .command('merge')
    .summary('make one model of several, as if fitted on all their inputs')
    .argument('<files...>', 'model files, two or more')
    .requiredOption('-o, --output <file>', 'the model file to write');
  withCommon(merge).action(async (files: string[], options) =>
    inTerminal(options, async (terminal) => {
      const [first, ...others] = await Promise.all(files.map((file) => loadTrained(file, terminal.context)));
      if (first === undefined) return;
      const merged = others.reduce(mergeTrained, first);
      const bytes = await saveTrained(options.output, merged);
      if (terminal.json)
        await terminal.print(`${JSON.stringify({ model: options.output, bytes, ...merged.model.info() })}\n`);
      terminal.say(`Merged ${files.length} models into ${options.output} (${count(bytes)} bytes).`);
    }),
  );
}
