import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { sshd } from '../../../src/sources/sshd.ts';
import { testContext } from '../../../test/support/context.ts';
import { type BenchOptions, rate, time } from '../bench.ts';

const least = 300_000;

/** How fast the source `sshd` makes events of a file: bytes read, cut into lines, understood, handed on one by one. */
export async function throughFile(lines: readonly string[], report: BenchOptions['report']): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'scops-bench-'));
  try {
    const paths = join(folder, 'auth.log');
    const rounds = Math.ceil(least / lines.length);
    const text = `${lines.join('\n')}\n`.repeat(rounds);
    await writeFile(paths, text);
    const elapsed = await time(async () => {
      for await (const _ of sshd.create(v.parse(sshd.options, { paths }), testContext()).events());
    });
    report({ case: 'a file to events', metric: 'speed', ...rate(elapsed, lines.length * rounds), unit: 'lines/s' });
    report({
      case: 'a file to events',
      metric: 'throughput',
      ...rate(elapsed, Buffer.byteLength(text) / 1e6),
      unit: 'MB/s',
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
