import type { Command } from 'commander';
import { readConfig } from '../../pipeline/config.ts';
import { requireLearner } from '../../pipeline/memory.ts';
import { loadTrained } from '../../pipeline/trained.ts';
import { createSink, createSource, inTerminal, withCommon } from '../common.ts';
import { createEnrichers } from '../enrichers.ts';

export function register(program: Command): void {
  const command = program
    .command('check')
    .summary('check a pipeline file and the model it names, without running it')
    .argument('<file>', 'a pipeline file (YAML)');
  withCommon(command).action(async (file: string, options) =>
    inTerminal(options, async (terminal) => {
      const config = await readConfig(file);
      const source = createSource(config.source, terminal.context);
      for (const enricher of createEnrichers(config.enrichers, terminal.context)) await enricher.close?.();
      for (const sink of config.sinks) createSink(sink, terminal.context);
      const trained = await loadTrained(config.model, terminal.context);
      if (config.learn) requireLearner(trained, config.model, source);
      const enrichers = config.enrichers.map(({ component }) => component.name);
      const facts = {
        source: source.name,
        ...(enrichers.length > 0 ? { enrichers } : {}),
        detector: trained.detector,
        sinks: config.sinks.map(({ component }) => component.name),
      };
      if (terminal.json) await terminal.print(`${JSON.stringify({ file, ok: true, ...facts })}\n`);
      else {
        const steps = [facts.source, ...enrichers, facts.detector, facts.sinks.join(', ')];
        await terminal.print(`${file} is in order: ${steps.join(' → ')}\n`);
      }
    }),
  );
}
