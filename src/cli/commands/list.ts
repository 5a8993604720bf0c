import type { Command } from 'commander';
import { ScopsError } from '../../event/index.ts';
import { componentKinds, find, list } from '../../pipeline/registry.ts';
import { inTerminal, withCommon } from '../common.ts';

export function register(program: Command): void {
  const command = program
    .command('list')
    .summary('list sources, enrichers, detectors and sinks')
    .argument('[kind]', 'sources, enrichers, detectors or sinks; all without it');
  withCommon(command).action(async (kind: string | undefined, options) =>
    inTerminal(options, async (terminal) => {
      const kinds = componentKinds.filter((known) => kind === undefined || kind === known || kind === `${known}s`);
      if (kinds.length === 0)
        throw new ScopsError('USAGE', `"${kind}" is none of sources, enrichers, detectors, sinks.`);
      const longest = Math.max(...kinds.flatMap((each) => list(each).map((name) => name.length)));
      for (const each of kinds) {
        if (!terminal.json) await terminal.print(`${terminal.style('bold', `${each}s`)}\n`);
        for (const name of list(each)) {
          const { summary, needs } = await find(each, name);
          const line = terminal.json
            ? JSON.stringify({ kind: each, name, summary, ...(needs ? { needs } : {}) })
            : `  ${name.padEnd(longest)} ${summary}`;
          await terminal.print(`${line}\n`);
        }
      }
      terminal.say('scops help NAME shows the options of one.');
    }),
  );
}
