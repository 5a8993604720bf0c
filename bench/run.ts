import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

/** A benchmark: asserts its answer (throws when wrong), then returns its figures by name. */
export interface Bench {
  readonly summary: string;
  /** What the benchmark reads below the `--data` folder; absent when it needs none. */
  readonly data?: string;
  run(options: { readonly data: string; readonly note: (text: string) => void }): Promise<Record<string, unknown>>;
}

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => basename(file, '.ts'));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, json: { type: 'boolean', default: false } },
});
const name = positionals[0] ?? '';
if (!names.includes(name)) {
  console.error(`Usage: npm run bench -- NAME [--data DIR] [--json]\nNAME is one of: ${names.join(', ')}`);
  process.exit(2);
}
const { bench } = (await import(`./${name}.ts`)) as { bench: Bench };
if (bench.data !== undefined && values.data === undefined) {
  console.error(`Benchmark "${name}" reads ${bench.data}: give the folder above it with --data DIR.`);
  process.exit(2);
}
const machine = {
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
};
const note = (text: string) => console.error(text);
const figures = await bench.run({ data: join(values.data ?? '.'), note });
if (values.json) console.log(JSON.stringify({ bench: name, machine, ...figures }, null, 2));
else {
  console.log(`${name}: ${bench.summary}`);
  console.log(`machine: ${JSON.stringify(machine)}`);
  for (const [key, value] of Object.entries(figures)) {
    if (Array.isArray(value)) console.table(value);
    else console.log(`${key}: ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  }
}
