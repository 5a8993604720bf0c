import { existsSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, Figure } from './support/bench.ts';
import { meets } from './support/goal.ts';

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => basename(file, '.ts'));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: '0' },
  },
});

function usage(message: string): never {
  console.error(
    `${message}\nUsage: npm run bench -- NAME [--data DIR] [--seed N] [--json]\nNAME is one of: ${names.join(', ')}`,
  );
  process.exit(2);
}

const [name = ''] = positionals;
if (!names.includes(name)) usage(`There is no benchmark "${name}".`);
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed)) usage(`"${values.seed}" is not a seed.`);
const { bench } = (await import(`./${name}.ts`)) as { bench: Bench };
if (bench.data !== undefined && values.data === undefined) usage(`Benchmark "${name}" needs --data, ${bench.data}.`);
if (values.data !== undefined && !existsSync(values.data)) usage(`There is no folder "${values.data}".`);

const machine = {
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
};

const digits = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4));

function line(figure: Figure): string {
  const held = meets(figure.value, figure.goal);
  const parts = [
    `${figure.case} | ${figure.metric}: ${figure.value === null ? 'not measured' : digits(figure.value)} ${figure.unit}`.trimEnd(),
    figure.spread ? `(${figure.spread.map(digits).join(' to ')}, ${figure.runs} runs)` : '',
    figure.goal ? `goal ${figure.goal}${held === undefined ? '' : held ? ': met' : ': MISSED'}` : '',
    figure.peer ? `${figure.peer}: ${figure.peerValue == null ? 'not installed' : digits(figure.peerValue)}` : '',
    figure.note ?? '',
  ];
  return parts.filter(Boolean).join('  ');
}

if (!values.json) console.log(`${name}: ${bench.summary}\nmachine: ${JSON.stringify(machine)}`);
await bench.run({
  data: values.data ?? '',
  seed,
  report: (figure) => {
    const { case: what, metric, value, unit, goal = null, peer = null, peerValue = null, ...more } = figure;
    meets(value, goal ?? undefined);
    console.log(
      values.json
        ? JSON.stringify({
            bench: name,
            case: what,
            metric,
            value,
            unit,
            goal,
            peer,
            peerValue,
            machine,
            seed,
            ...more,
          })
        : line(figure),
    );
  },
  note: (text) => console.error(text),
});
