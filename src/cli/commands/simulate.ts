import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Command } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { ScopsError } from '../../event/index.ts';
import { type Label, labelsCsv, simulateHosts } from '../../simulate/hosts.ts';
import { asNumber, count, inTerminal, withCommon } from '../common.ts';

export function register(program: Command): void {
  const simulate = program.command('simulate').summary('make example data: ordinary days, deploys, labelled attacks');
  const hosts = simulate
    .command('hosts')
    .summary("a small company's Wazuh alerts")
    .option('--seed <n>', 'the same seed gives the same alerts', asNumber, 1)
    .option('--days <n>', 'how many days', asNumber, 7)
    .option('--attacks <n>', 'how many attack sessions; at least one unless 0', asNumber)
    .option('-o, --output <file>', 'the alerts; a name ending in .gz is compressed', '-')
    .option('--labels <file>', 'what each alert really is: id,label,technique,activity,session');
  withCommon(hosts).action(async (options) =>
    inTerminal(options, async (terminal) => {
      const labels: Label[] = [];
      const settings = {
        seed: options.seed,
        days: options.days,
        ...(options.attacks === undefined ? {} : { attacks: options.attacks }),
      };
      async function* lines(): AsyncGenerator<string> {
        for (const { line, label } of simulateHosts(settings)) {
          if (terminal.signal.aborted) return;
          labels.push(label);
          yield `${line}\n`;
        }
      }
      if (options.output === '-') for await (const line of lines()) await terminal.context.stdout(line);
      else {
        const file = createWriteStream(options.output);
        try {
          if (options.output.endsWith('.gz')) await pipeline(lines, createGzip(), file);
          else await pipeline(lines, file);
        } catch (cause) {
          throw new ScopsError('OUTPUT_UNWRITABLE', `Cannot write "${options.output}".`, { cause });
        }
      }
      if (options.labels !== undefined) await writeFileAtomic(options.labels, labelsCsv(labels));
      const attacks = labels.filter(({ attack }) => attack).length;
      terminal.say(`${count(labels.length)} alerts, ${count(attacks)} of them from attacks (seed ${options.seed}).`);
    }),
  );
}
