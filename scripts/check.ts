import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Everything that can be said of the code without running it; each line is one tool. */
const steps: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['types', 'tsc', '--noEmit'],
  ['lint and format', 'biome', 'check', '.'],
  ['unused code', 'knip'],
  ['reference pages', 'node', 'scripts/docs.ts', '--check'],
  ['build', 'node', 'scripts/build.ts'],
  ['package', 'publint', '--strict'],
  ['package types', 'attw', '--pack', '.', '--profile', 'esm-only'],
];

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules/.bin');
let failed = 0;
for (const [name, command, ...args] of steps) {
  const { status, stdout, stderr } = spawnSync(join(bin, command), args, { cwd: root, encoding: 'utf8' });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (status === 0) continue;
  failed++;
  process.stdout.write(stdout);
  process.stderr.write(stderr);
}
process.exitCode = failed > 0 ? 1 : 0;
