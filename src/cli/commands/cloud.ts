import type { Command } from 'commander';
import { registerCheck } from '../cloud/check.ts';
import { registerRank } from '../cloud/rank.ts';

export async function register(program: Command, argv: readonly string[]): Promise<void> {
  const cloud = program
    .command('cloud')
    .summary('rank the findings of AWS GuardDuty by how strange they are for whoever acted');
  await registerRank(cloud, argv);
  registerCheck(cloud);
}
