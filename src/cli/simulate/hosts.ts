import type { Command } from 'commander';
import { type Label, labelsCsv, simulateHosts } from '../../simulate/hosts.ts';
import { asNumber, count, inTerminal, withCommon } from '../common.ts';
import { writeLines, writeWhole } from './write.ts';

export function register(simulate: Command): void {
  const hosts = simulate
    .command('hosts')
    .summary("a small company's Wazuh alerts")
    .option('--seed <n>', 'the same seed gives the same alerts', asNumber, 1)
    .option('--days <n>', 'how many days', asNumber, 7)
    .option('--attacks <n>', 'how many attack sessions; at least one unless 0', asNumber)
    .option('-o, --output <file>', 'the alerts; a name ending in .gz is compressed', '-')
    .option('--labels <file>', 'what each alert really is: id,label,technique,activity,session');
  withCommon(hosts).action(async ({ seed, days, attacks, output, labels: labelsPath, ...options }) =>
    inTerminal(options, async (terminal) => {
      const labels: Label[] = [];
      function* lines(): Generator<string> {
        for (const { line, label } of simulateHosts({ seed, days, ...(attacks === undefined ? {} : { attacks }) })) {
          labels.push(label);
          yield line;
        }
      }
      await writeLines(output, lines(), terminal);
      if (labelsPath !== undefined) await writeWhole(labelsPath, labelsCsv(labels));
      const strange = labels.filter(({ attack }) => attack).length;
      terminal.say(`${count(labels.length)} alerts, ${count(strange)} of them from attacks (seed ${seed}).`);
    }),
  );
}
