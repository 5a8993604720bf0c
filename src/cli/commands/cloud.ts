import type { Command } from 'commander';
import { registerCheck } from '../cloud/check.ts';
import { registerRank } from '../cloud/rank.ts';

export async function register(program: Command, argv: readonly string[]): Promise<void> {
  const cloud = program
    .command('cloud')
    .summary('rank the findings of AWS GuardDuty by how strange they are for whoever acted')
    .description(
      "Learn from AWS CloudTrail who usually calls what from where, and put GuardDuty's findings in order by it; or say what such files hold.",
    );
  await registerRank(cloud, argv);
  registerCheck(cloud);
}
