import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Command, CommanderError } from 'commander';
import { ScopsError } from '../event/index.ts';
import { visible } from '../text/escape.ts';
import * as check from './commands/check.ts';
import * as cloud from './commands/cloud.ts';
import * as completion from './commands/completion.ts';
import * as demo from './commands/demo.ts';
import * as explain from './commands/explain.ts';
import * as fit from './commands/fit.ts';
import * as help from './commands/help.ts';
import * as list from './commands/list.ts';
import * as logins from './commands/logins.ts';
import * as model from './commands/model.ts';
import * as score from './commands/score.ts';
import * as simulate from './commands/simulate.ts';

// V8 lets garbage pile up to several times what lives; beside a Wazuh manager, memory is not ours alone.
setFlagsFromString('--heap-growing-percent=40');

const commands = [logins, cloud, fit, score, explain, model, list, help, check, simulate, demo, completion];

/** Errors that the user can mend by typing something else. */
const usage: ReadonlySet<string> = new Set(['USAGE', 'CONFIG_INVALID', 'COMPONENT_UNKNOWN']);

async function createProgram(argv: readonly string[]): Promise<Command> {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  const program = new Command('scops')
    .description('Reads security logs, learns what is ordinary, and brings the few findings worth a look.')
    .version(version)
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  for (const { register } of commands) await register(program, argv);
  return program;
}

/** Exit codes: 0 done, 1 failed while running, 2 wrong usage. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    const program = await createProgram(argv);
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof ScopsError) {
      const below = error.cause instanceof Error ? error.cause.message : '';
      const cause = below === '' || error.message.includes(below) ? '' : `\n  ${visible(below)}`;
      const lines = error.message.split('\n').map(visible).join('\n');
      process.stderr.write(`${lines}${cause}\n  (${error.code}; see docs/errors.md)\n`);
      if (process.argv.includes('--verbose')) process.stderr.write(`${error.stack}\n`);
      return usage.has(error.code) ? 2 : 1;
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`A fault in Scops, please report it:\n${visible(text).replaceAll('\\n', '\n')}\n`);
    return 1;
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2));
