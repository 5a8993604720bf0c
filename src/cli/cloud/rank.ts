import { type Command, InvalidArgumentError } from 'commander';
import {
  asNumber,
  collectSpecs,
  detectorAhead,
  givenOptions,
  inTerminal,
  withCommon,
  withComponentOptions,
} from '../common.ts';
import { asnFlag, enrichFlag, geoFlag } from '../enrichers.ts';
import { asMoment, sinceFlag } from '../since.ts';
import { rank } from './work.ts';

/** `scops cloud rank`: GuardDuty's findings, by how strange they are for whoever acted. */
export async function registerRank(cloud: Command, argv: readonly string[]): Promise<void> {
  const words = argv[0] === 'cloud' ? argv.slice(1) : [];
  const { name, rows } = await detectorAhead(words, ['rank'], 'principal-likelihood');
  const command = cloud
    .command('rank')
    .summary("put GuardDuty's findings in order: the strangest for whoever acted first")
    .description(
      "Learn from CloudTrail who usually calls what from where, and rank GuardDuty's findings by how unlike that they are, with reasons for and against. What is about a finding is judged by what came before it and not learnt.",
    )
    .requiredOption(
      '--trail <path>',
      'a file or folder of CloudTrail, plain or compressed, may be repeated; - is standard input; or s3:BUCKET/PREFIX',
      collectSpecs,
    )
    .requiredOption(
      '--findings <path>',
      "GuardDuty's findings in any form AWS writes them; a file or folder, may be repeated; - is standard input; or s3:BUCKET/PREFIX",
      collectSpecs,
    )
    .option(
      '--top <n>',
      'only so many, from the strangest (default: 20 on a terminal; all in a pipe or with --sink)',
      whole,
    )
    .option(...sinceFlag, asMoment)
    .option('--samples', 'sample findings too, which GuardDuty makes up on request')
    .option('--margin <minutes>', 'how long before and after a finding its calls belong to it', asNumber, 60)
    .option(...asnFlag, collectSpecs)
    .option(...geoFlag, collectSpecs)
    .option('--known <rule>', 'a network to trust: CIDR, AS64500, DE, vpn.example.org; may be repeated', collectSpecs)
    .option(...enrichFlag, collectSpecs)
    .option('-m, --model <file>', 'keep what was learnt, and how far the trail was read, in this file')
    .option('--sink <spec>', 'deliver to a sink, such as slack or jsonl:findings.jsonl; may be repeated', collectSpecs)
    .option('--plot <file>', 'a histogram, ordinary calls against findings, as .svg or .html')
    .option('--detector <name>', 'what judges the calls; it must learn as it goes', 'principal-likelihood')
    .option('--rejects <file>', 'keep what could not be read');
  withComponentOptions(withCommon(command), rows, `Options of the detector ${name}:`);
  command.action(async (options) =>
    inTerminal(options, (terminal) => rank({ ...options, given: givenOptions(rows, options) }, terminal)),
  );
}

function whole(text: string): number {
  const value = asNumber(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It is not a whole number above 0.');
}
