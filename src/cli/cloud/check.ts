import type { Command } from 'commander';
import { ScopsError } from '../../event/index.ts';
import { Sights } from '../../pipeline/inventory/sights.ts';
import { type FileAccount, inventory } from '../../pipeline/inventory.ts';
import { inTerminal, withCommon } from '../common.ts';
import { accountText } from './account-text.ts';
import { totalOf } from './total.ts';

/** `scops cloud check`: what files of CloudTrail and GuardDuty hold, every record accounted for. */
export function registerCheck(cloud: Command): void {
  const command = cloud
    .command('check')
    .summary('say what files of CloudTrail and GuardDuty hold, every record accounted for')
    .description(
      'Look through files and folders of CloudTrail and GuardDuty data, in whatever form it came, and say what each file is by its content, what became of every record, who acted and from where. Nothing is learnt or judged. Exit code 1 when a file is damaged or may not be read, so that not all is known.',
    )
    .argument('<paths...>', 'files or folders, plain or compressed; - is standard input')
    .option('--files', 'a line for each file, not for alike files of a folder')
    .option('--rejects <file>', 'keep what could not be read');
  withCommon(command).action(async (paths: string[], options) =>
    inTerminal(options, async (terminal) => {
      const sights = new Sights();
      const files: FileAccount[] = [];
      const { context, signal } = terminal;
      for await (const file of inventory(paths, { context, signal, onEvent: (event) => sights.see(event) })) {
        if (terminal.json) await terminal.print(`${JSON.stringify(file)}\n`);
        files.push(file);
      }
      if (signal.aborted) return;
      if (terminal.json) {
        const [first, last] = sights.span ?? [];
        const { accounts, regions, sessions } = sights;
        const who = { principals: sights.principals(), sessions, sources: sights.addresses(), accounts, regions };
        await terminal.print(`${JSON.stringify({ total: totalOf(files), ...who, first, last })}\n`);
      } else await terminal.print(accountText(files, sights, { paths, terminal, each: options.files === true }));
      const lost = files.filter((file) => file.lost !== undefined);
      if (lost.length === 0) return;
      const [{ path = '', lost: why = '' } = {}] = lost;
      const others = lost.length === 1 ? '' : ` So are ${lost.length - 1} more.`;
      throw new ScopsError('SOURCE_UNREADABLE', `Not all is accounted for: "${path}" is incomplete, ${why}.${others}`);
    }),
  );
}
