import type { Command } from 'commander';
import { type LoginLabel, loginLabelsCsv, simulateLogins } from '../../simulate/logins.ts';
import { asNumber, count, inTerminal, withCommon } from '../common.ts';
import { worldFiles } from './world.ts';
import { writeLines, writeWhole } from './write.ts';

export function register(simulate: Command): void {
  const logins = simulate
    .command('logins')
    .summary("a company's ssh logins: habits, oddities, guessing, and accounts taken over")
    .option('--seed <n>', 'the same seed gives the same logins', asNumber, 1)
    .option('--users <n>', 'how many accounts', asNumber, 25)
    .option('--days <n>', 'how many days', asNumber, 60)
    .option('--attacks <n>', 'how many accounts are taken over (default: about one an account in two months)', asNumber)
    .option('-o, --output <file>', 'the lines, as in auth.log; a name ending in .gz is compressed', '-')
    .option('--labels <file>', 'what each line really is: id,label,success,scenario,incident,user')
    .option('--geo <file>', "where the invented world's addresses are, as an .mmdb file")
    .option('--asn <file>', 'whose addresses they are, as an .mmdb file');
  withCommon(logins).action(async ({ seed, users, days, attacks, output, labels: labelsPath, geo, asn, ...options }) =>
    inTerminal(options, async (terminal) => {
      const labels: LoginLabel[] = [];
      function* lines(): Generator<string> {
        const plan = { seed, users, days, ...(attacks === undefined ? {} : { attacks }) };
        for (const { line, label } of simulateLogins(plan)) {
          labels.push(label);
          yield line;
        }
      }
      await writeLines(output, lines(), terminal);
      if (labelsPath !== undefined) await writeWhole(labelsPath, loginLabelsCsv(labels));
      const world = worldFiles(seed, terminal.context.now());
      if (geo !== undefined) await writeWhole(geo, world.geo);
      if (asn !== undefined) await writeWhole(asn, world.asn);
      const strange = labels.filter(({ attack, success }) => attack && success).length;
      const succeeded = labels.filter(({ success }) => success).length;
      terminal.say(
        `${count(labels.length)} lines, ${count(succeeded)} successful logins, ${count(strange)} of them by intruders (seed ${seed}).`,
      );
    }),
  );
}
