import type { Command } from 'commander';
import { ScopsError } from '../../event/index.ts';
import { collectSpecs, detectorAhead, givenOptions, inTerminal, withCommon, withComponentOptions } from '../common.ts';
import { asnFlag, geoFlag } from '../enrichers.ts';
import { quarantine } from '../logins/quarantine.ts';
import { settle } from '../logins/settle.ts';
import { logins } from '../logins/work.ts';
import { asMoment, sinceFlag } from '../since.ts';

export async function register(program: Command, argv: readonly string[]): Promise<void> {
  const { name, rows } = await detectorAhead(argv, ['logins'], 'login-likelihood');
  const command = program
    .command('logins')
    .summary('find the logins that are unlike anything their user did before')
    .description(
      'Read login records, learn each user as it goes, and bring the logins that are unlike what the user did before, with the reasons. With --model it goes on where it stopped.',
    )
    .argument(
      '[files...]',
      'auth.log and its rotated parts, journalctl JSON, Windows events, CSV; plain or compressed (gzip, zstd, xz, bzip2), folders, or -',
    )
    .option('--format <source>', 'which source reads the files; otherwise their beginning tells')
    .option('--user <name>', 'only findings of this user; * stands for any letters; may be repeated', collectSpecs)
    .option(...sinceFlag, asMoment)
    .option(
      '--all',
      'print every login with its score and reasons, in the order of the input, instead of the findings; those still go to each --sink',
    )
    .option('--follow', 'then go on reading as the last file grows, until interrupted; without files, the journal')
    .option(...geoFlag, collectSpecs)
    .option(...asnFlag, collectSpecs)
    .option('--dnsbl <zone>', 'ask a DNS blocklist, such as zen.spamhaus.org; may be repeated', collectSpecs)
    .option('--known <rule>', 'a network to trust: CIDR, AS64500, DE, vpn.example.org; may be repeated', collectSpecs)
    .option('--enrich <spec>', 'any other enricher, such as geo:FILE (see scops list enrichers)', collectSpecs)
    .option('-m, --model <file>', 'keep what was learnt, and how far was read, in this file')
    .option('--quarantine', 'with --model: show what waits for a word, instead of reading')
    .option(
      '--benign <id>',
      'with --model: a finding that was in order; all it stands for is learnt; may be repeated',
      collectSpecs,
    )
    .option(
      '--malicious <id>',
      'with --model: a finding that was not; nothing of it is ever learnt; may be repeated',
      collectSpecs,
    )
    .option('--sink <spec>', 'deliver to a sink, such as slack or jsonl:findings.jsonl; may be repeated', collectSpecs)
    .option('--budget <n/day>', 'how many findings a day are wanted at most (default: 5/day)')
    .option('--detector <name>', 'what judges them', 'login-likelihood')
    .option('--rejects <file>', 'keep what could not be read');
  withComponentOptions(withCommon(command), rows, `Options of the detector ${name}:`);
  command.action(async (files: string[], options) =>
    inTerminal(options, async (terminal) => {
      if (options.quarantine && (files.length > 0 || options.follow)) {
        const which = files.length > 0 ? `"${files[0]}"` : '--follow';
        throw new ScopsError('USAGE', `--quarantine shows what waits, and reads nothing: leave out ${which}.`);
      }
      const settled = await settle(options, terminal);
      if (options.quarantine) return quarantine(options, terminal);
      if (settled && files.length === 0 && !options.follow) return;
      const named = command.getOptionValueSource('detector') === 'cli';
      await logins(files, { ...options, named, given: givenOptions(rows, options) }, terminal);
    }),
  );
}
