import type { Command } from 'commander';
import { readConfig } from '../../pipeline/config.ts';
import { loadTrained } from '../../pipeline/trained.ts';
import { createSink, createSource, inTerminal, withCommon } from '../common.ts';

export function register(program: Command): void {
  const command = program
    .command('check')
    .summary('check a pipeline file and the model it names, without running it')
    .argument('<file>', 'a pipeline file (YAML)');
  withCommon(command).action(async (file: string, options) =>
    inTerminal(options, async (terminal) => {
      const config = await readConfig(file);
      createSource(config.source, terminal.context);
      for (const sink of config.sinks) createSink(sink, terminal.context);
      const trained = await loadTrained(config.model, terminal.context);
      const facts = {
        source: config.source.component.name,
        detector: trained.detector,
        sinks: config.sinks.map(({ component }) => component.name),
      };
      if (terminal.json) await terminal.print(`${JSON.stringify({ file, ok: true, ...facts })}\n`);
      else
        await terminal.print(`${file} is in order: ${facts.source} → ${facts.detector} → ${facts.sinks.join(', ')}\n`);
    }),
  );
}
