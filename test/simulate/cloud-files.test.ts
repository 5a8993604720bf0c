import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import * as v from 'valibot';
import { register } from '../../src/cli/simulate/cloud.ts';
import { asn } from '../../src/enrichers/asn.ts';
import type { Context, Event, Reject } from '../../src/event/index.ts';
import { simulateCloud } from '../../src/simulate/cloud.ts';
import { cloudtrail } from '../../src/sources/cloudtrail.ts';
import { guardduty } from '../../src/sources/guardduty.ts';

const silent = (): void => undefined;
const quiet = (rejects: Reject[]): Context => ({
  now: () => Date.UTC(2026, 5, 1),
  sleep: () => Promise.resolve(),
  fetch: globalThis.fetch,
  env: {},
  stdin: process.stdin,
  stdout: async () => undefined,
  reject: (reject) => void rejects.push(reject),
  progress: silent,
  log: { debug: silent, info: silent, warn: silent, error: silent },
});

test('what the command writes is what the sources read: every record, no reject', async () => {
  const out = await mkdtemp(join(tmpdir(), 'scops-cloud-'));
  try {
    const program = new Command();
    register(program);
    await program.parseAsync(['cloud', '--out', out, '--seed', '5', '--days', '21', '--attacks', '10', '--quiet'], {
      from: 'user',
    });
    const made = simulateCloud({ seed: 5, days: 21, attacks: 10 });
    const rejects: Reject[] = [];
    const context = quiet(rejects);
    const read = async (source: { events(): AsyncIterable<Event> }): Promise<Event[]> =>
      Array.fromAsync(source.events());
    const options = v.parse(cloudtrail.options, { paths: [join(out, 'AWSLogs')] });
    const events = await read(cloudtrail.create(options, context));
    assert.equal(events.length, [...made.records].length);
    const all = v.parse(guardduty.options, { paths: [join(out, 'findings.jsonl')], samples: true });
    const findings = await read(guardduty.create(all, context));
    assert.equal(new Set(findings.map(({ id }) => id)).size, made.truth.findings.length);
    assert.deepEqual(rejects, []);

    const networks = asn.create(v.parse(asn.options, { database: join(out, 'networks.csv') }), context);
    const outside = events.find(({ fields }) => fields['aws.source.type'] === 'public') as Event;
    assert.ok(Number((await networks.enrich(outside))['source.as.number']) >= 64_512);

    const truth = (await readFile(join(out, 'truth.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(truth, [...made.truth.findings, ...made.truth.attacks]);
  } finally {
    await rm(out, { recursive: true });
  }
});
