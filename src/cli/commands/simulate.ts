import type { Command } from 'commander';
import * as cloud from '../simulate/cloud.ts';
import * as hosts from '../simulate/hosts.ts';
import * as logins from '../simulate/logins.ts';

export function register(program: Command): void {
  const simulate = program.command('simulate').summary('make example data: ordinary days, oddities, labelled attacks');
  for (const { register: add } of [hosts, logins, cloud]) add(simulate);
}
