import { mkdir } from 'node:fs/promises';
import type { Command } from 'commander';
import { inTerminal, withCommon } from '../common.ts';
import { cloudDemo } from '../demo/cloud.ts';
import { hostsDemo } from '../demo/hosts.ts';
import { loginsDemo } from '../demo/logins.ts';

export function register(program: Command): void {
  const command = program
    .command('demo')
    .summary('the whole job on examples: hosts, logins and the cloud, learnt, judged, shown, drawn')
    .option('--output <folder>', 'where the models and the picture go', 'scops-demo');
  withCommon(command).action(async (options) =>
    inTerminal(options, async (terminal) => {
      await mkdir(options.output, { recursive: true });
      const { say, style } = terminal;
      const format = options.json === true ? 'json' : 'table';
      say(style('bold', 'HOSTS'));
      await hostsDemo(options.output, format, terminal);
      say(style('bold', '\nLOGINS'));
      await loginsDemo(options.output, format, terminal);
      say(style('bold', '\nCLOUD'));
      await cloudDemo(options.output, terminal);
      say(style('bold', '\nYour own files'));
      say('   npx scops fit --model hosts.scops /var/ossec/logs/alerts/2026');
      say('   npx scops score --model hosts.scops --follow /var/ossec/logs/alerts/alerts.json');
      say('   npx scops logins --model logins.scops /var/log/auth.log*');
      say('   npx scops cloud rank --trail AWSLogs --findings findings.jsonl');
    }),
  );
}
