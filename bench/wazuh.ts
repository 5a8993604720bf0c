import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import type { Context, Event } from '../src/event/index.ts';
import { LineSplitter } from '../src/io/lines.ts';
import { wazuh } from '../src/sources/wazuh.ts';
import { parseAudit } from '../src/text/wazuh/auditd.ts';
import { readWazuh } from '../src/text/wazuh/read.ts';
import { type Bench, rate, time } from './support/bench.ts';
import { openHostbench } from './support/hostbench.ts';

const context: Context = {
  now: Date.now,
  sleep: () => Promise.resolve(),
  fetch: globalThis.fetch,
  env: {},
  stdin: process.stdin,
  stdout: async () => undefined,
  reject: ({ file, line, reason }) => assert.fail(`${file}:${line} ${reason}`),
  progress: () => undefined,
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
};

export const bench: Bench = {
  summary: 'reading Wazuh alerts: lines, records and whole files, on one core',
  data: 'a folder like wazuh/hostbench',
  run: async ({ data, report }) => {
    const { training, test } = openHostbench(data);
    const days = [...training, ...test];
    const bytes = Buffer.concat(await Promise.all(days.map(async (day) => gunzipSync(await readFile(day)))));
    const lines = bytes.toString().trimEnd().split('\n');
    const commands = checkCommands(lines).length;
    report({ case: 'commands with their whole argument list', metric: 'count', value: commands, unit: 'alerts' });
    const temporary = await mkdtemp(join(tmpdir(), 'scops-bench-'));
    try {
      const path = join(temporary, 'alerts.json');
      await writeFile(path, bytes);
      const all = lines.length;
      const speed = async (what: string, work: () => number | Promise<number>, goal?: string): Promise<void> => {
        const taken = await time(async () => assert.equal(await work(), all));
        report({ case: what, metric: 'speed', ...rate(taken, all), unit: 'alerts/s', ...(goal ? { goal } : {}) });
        report({ case: what, metric: 'throughput', ...rate(taken, bytes.length / 1e6), unit: 'MB/s' });
      };
      await speed('lines from bytes', () => split(bytes));
      await speed('record to event', () => convert(lines));
      await speed('file, plain', () => readAll([path]), '>= 30000');
      await speed('files, gzip', () => readAll(days));
    } finally {
      await rm(temporary, { recursive: true });
    }
  },
};

/** Every command's arguments, asserted against `argc` and PROCTITLE (cut at 128 bytes, without empty ones at its end). */
function checkCommands(lines: readonly string[]): Event[] {
  const commands: Event[] = [];
  for (const line of lines) {
    const event = readWazuh(line);
    assert.ok(!('reason' in event), line);
    if (event.kind !== 'process') continue;
    commands.push(event);
    const { full_log: log } = JSON.parse(line) as { full_log: string };
    const args = event.fields['process.args'] as readonly string[];
    assert.equal(event.fields['wazuh.args_from'], 'execve');
    assert.equal(args.length, Number(/ argc=(\d+) /.exec(log)?.[1]));
    const title = Buffer.from((parseAudit(log)?.proctitle ?? []).join('\0'));
    const whole = Buffer.from(args.join('\0').replace(/\0+$/, ''));
    assert.deepEqual(whole.subarray(0, title.length), title);
    assert.ok(whole.length === title.length || title.length >= 126, `${title}`);
  }
  return commands;
}

function split(bytes: Uint8Array): number {
  const splitter = new LineSplitter({ maxLineBytes: 1_048_576 });
  let count = 0;
  for (let at = 0; at < bytes.length; at += 262_144) count += splitter.push(bytes.subarray(at, at + 262_144)).length;
  return count + splitter.end().length;
}

/** Events are let go at once, as a pipeline does. */
function convert(lines: readonly string[]): number {
  let count = 0;
  for (const line of lines) if (!('reason' in readWazuh(line))) count++;
  return count;
}

async function readAll(paths: readonly string[]): Promise<number> {
  let count = 0;
  for await (const _ of wazuh.create(v.parse(wazuh.options, { paths }), context).events()) count++;
  return count;
}
