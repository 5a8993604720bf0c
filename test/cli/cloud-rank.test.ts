import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startFakeS3 } from '../support/aws/fake-s3.ts';
import { exportFile, exportKey, trailFile, trailKey } from '../support/aws/logs.ts';
import { awsEnvironment } from '../support/aws/store.ts';
import {
  account,
  alice,
  bob,
  byTime,
  day,
  exfiltration,
  hour,
  minute,
  record,
  reported,
  sso,
  start,
  web,
  work,
} from '../support/cloud/trail.ts';
import { jsonLines, runScops } from '../support/scops.ts';

const folder = mkdtempSync(join(tmpdir(), 'scops-cloud-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const scops = (...args: string[]) => runScops(folder, ['cloud', 'rank', ...args]);
const both = ['--trail', 'AWSLogs', '--findings', 'findings.jsonl'];

interface Found {
  readonly id: string;
  readonly title: string;
  readonly score: number;
  readonly rank: number;
  readonly count: number;
  readonly p_value?: number;
  readonly entity: { readonly type: string; readonly name: string };
  readonly reasons: readonly {
    readonly code: string;
    readonly text: string;
    readonly evidence: Record<string, unknown>;
  }[];
  readonly event: { readonly id: string; readonly fields: Readonly<Record<string, unknown>> };
  readonly related?: readonly { readonly event: string }[];
}
const findings = (out: string): Found[] => jsonLines(out) as unknown as Found[];
const ids = (found: readonly Found[]): string[] => found.map(({ event }) => event.id.replace('guardduty/', ''));

type Json = Record<string, unknown>;
const days = 12;
const then = start + 10 * day + 10 * hour;
const stranger = '203.0.113.9';

const ordinary = [...work(alice, days), ...work(bob, days), ...work(web, days, '10.0.0'), ...work(sso, days)];
const theft = Array.from({ length: 12 }, (_, i) =>
  record({
    who: web,
    time: then + i * minute,
    ip: stranger,
    action: ['GetCallerIdentity', 'ListSecrets', 'CreateUser'][i % 3] as string,
    agent: 'Boto3/1.9',
  }),
);
const stolen = reported({ id: 'stolen', who: web, type: exfiltration, from: then, to: then + 5 * minute, ip: stranger, severity: 8 }); // biome-ignore format: one finding
const usual = reported({ id: 'usual', who: bob, from: then, to: then + hour, ip: '198.51.100.1', severity: 8 });
const probe = reported({ id: 'probe', from: then, type: 'Recon:EC2/PortProbeUnprotectedPort', instance: 'i-0123456789abcdef0', severity: 2 }); // biome-ignore format: one finding

/** A trail as CloudTrail delivers it: a file for each day. */
function writeTrail(root: string, records: readonly Json[]): void {
  for (const [date, own] of Map.groupBy(byTime(records), (each) => String(each.eventTime).slice(0, 10))) {
    const path = join(root, account, 'CloudTrail/eu-central-1', ...date.split('-'));
    mkdirSync(at(path), { recursive: true });
    const name = `${account}_CloudTrail_eu-central-1_${date.replaceAll('-', '')}T2359Z_abcdefghijklmnop.json.gz`;
    writeFileSync(at(join(path, name)), gzipSync(JSON.stringify({ Records: own })));
  }
}

const writeFindings = (name: string, all: readonly Json[]): void =>
  writeFileSync(at(name), `${all.map((each) => JSON.stringify(each)).join('\n')}\n`);

before(() => {
  writeTrail('AWSLogs', [...ordinary, ...theft]);
  writeFindings('findings.jsonl', [usual, probe, stolen]);
});

describe('scops cloud rank', () => {
  test('reads a bucket that holds both, of each finding its last update; no endless ones', async () => {
    Object.assign(process.env, awsEnvironment);
    await using store = await startFakeS3();
    const date = (time: number): string => new Date(time).toISOString().slice(0, 10);
    for (const [on, records] of Map.groupBy(byTime([...ordinary, ...theft]), ({ eventTime }) =>
      date(Date.parse(String(eventTime))),
    )) {
      store.put(trailKey(on, 0), trailFile(records));
    }
    const lines = readFileSync(at('findings.jsonl'), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)); // biome-ignore format: one call
    store.put(exportKey(date(then), 'aaaa'), exportFile(lines));
    store.put(exportKey(date(then), 'bbbb'), exportFile(lines));
    const bucket = `s3:logs?endpoint=${store.endpoint}&forcePathStyle=true`;
    const { code, out, err } = await scops('--trail', bucket, '--findings', bucket);
    assert.equal(code, 0, err);
    assert.deepEqual(findings(out).map(({ rank }) => rank), [1, 2, 3]); // biome-ignore format: one call
    assert.equal(ids(findings(out))[0], 'stolen');
    const live = await scops('--trail', `${bucket}&live=true`, '--findings', bucket);
    assert.equal(live.code, 2);
    assert.match(live.err, /leave out "live"/);
    const two = await scops('--trail', bucket, '--trail', 'AWSLogs', '--findings', bucket);
    assert.match(two.err, /by itself/);
  });

  test('puts the strange finding first, with reasons for and against, and says what it read', async () => {
    const { code, out, err } = await scops(...both);
    assert.equal(code, 0, err);
    const found = findings(out);
    assert.deepEqual(ids(found), ['stolen', 'usual', 'probe'].toSorted((a, b) => ids(found).indexOf(a) - ids(found).indexOf(b))); // biome-ignore format: one call
    assert.equal(ids(found)[0], 'stolen');
    const [first] = found as [Found];
    assert.deepEqual(first.entity, { type: 'role', name: `WebRole/${web.session}` });
    assert.ok((first.p_value ?? 1) < 0.05);
    for (const each of found) {
      const nats = each.reasons.reduce((sum, { evidence }) => sum + Number(evidence.nats ?? 0), 0);
      assert.ok(Math.abs(nats - each.score) < 1e-6, `${nats} is not ${each.score}`);
    }
    const of = (id: string) => found[ids(found).indexOf(id)] as Found;
    assert.ok(of('usual').score < 0 && first.score > 8);
    assert.ok(
      of('usual').reasons.some(({ evidence }) => Number(evidence.nats) < 0),
      'why it may be benign',
    );
    assert.ok(of('probe').reasons.some(({ code }) => code === 'no-principal'));
    assert.match(err, /3 findings about 3 incidents\. No call behind 1 of them is in the trail\./);
    assert.match(
      err,
      /The trail has 1,164 events from 2026-03-02 00:00 UTC to 2026-03-13 23:\d\d UTC; \d+ calls in the time of a finding/,
    );
    assert.equal((await scops(...both)).out, out, 'the same again');
  });

  test('on a terminal in words, with nothing that a terminal obeys', async () => {
    const evil = { ...web, name: 'Web\u001b]0;owned\u0007Role' };
    writeFindings('evil.jsonl', [reported({ id: 'e\u001b[2J', who: evil, from: then, to: then + 5 * minute, ip: stranger, type: `X\u202e:${'y'.repeat(900)}` })]); // biome-ignore format: one finding
    const { code, out } = await scops('--trail', 'AWSLogs', '--findings', 'evil.jsonl', '--sink', 'stdout:table');
    assert.equal(code, 0);
    assert.match(out, /#1 .*\n/);
    assert.match(out, /nlike its actor: stranger than all \d+ ordinary days/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
    assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test('every form of a finding is ranked alike', async () => {
    const pascal = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(pascal);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key[0]?.toUpperCase() + key.slice(1), pascal(inner)]),
      );
    };
    const { schemaVersion: _, ...plain } = stolen;
    writeFileSync(at('sdk.json'), JSON.stringify({ Findings: [pascal(plain)] }));
    writeFileSync(at('bus.json'), JSON.stringify({ version: '0', source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', time: '2026-03-12T12:00:00Z', detail: stolen })); // biome-ignore format: one file
    writeFileSync(at('rest.json'), JSON.stringify({ findings: [stolen] }));
    const ranked = await Promise.all(['sdk.json', 'bus.json', 'rest.json'].map((name) => scops('--trail', 'AWSLogs', '--findings', name))); // biome-ignore format: one call
    const [sdk, ...others] = ranked.map(({ out }) => findings(out).map(({ score, reasons, event }) => ({ score, reasons, fields: event.fields }))); // biome-ignore format: one call
    assert.equal(sdk?.length, 1);
    for (const other of others) assert.deepEqual(other, sdk);
  });

  test('updates of a finding are one with the last count; samples are left out unless asked for; archived ones are marked', async () => {
    const updated = {
      ...stolen,
      updatedAt: '2026-03-12T20:00:00Z',
      service: { ...(stolen.service as Json), count: 12, archived: true },
    };
    const sample = reported({ id: 'sample', who: alice, from: then, ip: stranger, sample: true });
    writeFindings('updates.jsonl', [stolen, sample, updated, stolen]);
    const args = ['--trail', 'AWSLogs', '--findings', 'updates.jsonl'];
    const found = findings((await scops(...args)).out);
    assert.deepEqual(ids(found), ['stolen']);
    assert.equal(found[0]?.count, 12);
    assert.ok(found[0]?.reasons.some(({ code }) => code === 'archived'));
    const all = findings((await scops(...args, '--samples')).out);
    assert.deepEqual(ids(all).sort(), ['sample', 'stolen']);
    assert.ok(all.find(({ event }) => event.id.endsWith('sample'))?.reasons.some(({ code }) => code === 'sample'));
    writeFindings('samples.jsonl', [sample]);
    const none = await scops('--trail', 'AWSLogs', '--findings', 'samples.jsonl');
    assert.equal(none.code, 0);
    assert.match(
      none.err,
      /Nothing to rank: all of 1 finding are samples, which GuardDuty makes up \(--samples takes them\)/,
    );
  });

  test('--top, --since, --sink, --plot and --asn', async () => {
    writeFileSync(
      at('networks.csv'),
      `203.0.113.0,203.0.113.255,64500,HOSTING\n198.51.100.0,198.51.100.255,64501,OFFICE\n`,
    );
    const args = [
      '--top',
      '1',
      '--since',
      '2026-03-12',
      '--sink',
      'jsonl:top.jsonl',
      '--plot',
      'h.html',
      '--asn',
      'networks.csv',
    ];
    const { code, err } = await scops(...both, ...args);
    assert.equal(code, 0, err);
    const found = findings(readFileSync(at('top.jsonl'), 'utf8'));
    assert.deepEqual(ids(found), ['stolen']);
    assert.equal(found[0]?.event.fields['source.as.number'], 64500);
    assert.match(err, /3 findings about 3 incidents, the strangest 1 shown \(--top shows more\)/);
    assert.match(readFileSync(at('h.html'), 'utf8'), /ordinary calls \(1,1\d\d values\)/);
    assert.equal((await scops(...both, '--since', '2026-03-13')).out, '');
    assert.equal((await scops(...both, '--plot', 'h.svg')).code, 0);
    assert.match(readFileSync(at('h.svg'), 'utf8'), /^<svg /);
  });

  test('with a model file it goes on where the trail was read to', async () => {
    const early = [...ordinary, ...theft].filter(({ eventTime }) => String(eventTime) < '2026-03-10');
    writeTrail('Growing', early);
    writeFindings('none.jsonl', []);
    const args = ['--trail', 'Growing', '--model', 'cloud.scops'];
    const first = await scops(...args, '--findings', 'none.jsonl');
    assert.equal(first.code, 0, first.err);
    assert.match(first.err, /Nothing to rank/);
    assert.ok(existsSync(at('cloud.scops')));
    writeTrail('Growing', [...ordinary, ...theft]);
    const second = await scops(...args, '--findings', 'findings.jsonl');
    assert.equal(second.code, 0, second.err);
    assert.match(second.err, /events from 2026-03-10 00:0\d UTC/);
    const [stolenLater] = findings(second.out) as [Found];
    assert.equal(stolenLater.event.id, 'guardduty/stolen');
    assert.ok((stolenLater.p_value ?? 1) < 0.05);
    const third = await scops(...args, '--findings', 'findings.jsonl');
    assert.equal(third.code, 0, third.err);
    assert.doesNotMatch(third.err, /The trail has/);
    assert.match(third.out, /No call behind this finding is in the trail/);
    assert.doesNotMatch(second.err, /had learnt the trail/);
    assert.match(
      third.err,
      /3 incidents from before 2026-03-13 23:\d\d UTC, up to where the model had learnt the trail/,
    );
  });

  for (const [what, args, code, words] of [
    [
      'the two the wrong way round',
      ['--trail', 'findings.jsonl', '--findings', 'AWSLogs'],
      1,
      /None of the [\d,]+ records under --findings is a GuardDuty finding\. Are --findings and --trail the wrong way round\?/,
    ],
    [
      'findings for a trail',
      ['--trail', 'findings.jsonl', '--findings', 'findings.jsonl'],
      1,
      /None of the 3 records under --trail is a CloudTrail record/,
    ],
    [
      'an empty trail',
      ['--trail', 'empty.json', '--findings', 'findings.jsonl'],
      1,
      /The trail is empty: there is no record in "empty\.json"/,
    ],
    ['no such trail', ['--trail', 'nowhere', '--findings', 'findings.jsonl'], 1, /nowhere/],
    [
      'no findings in the file',
      ['--trail', 'AWSLogs', '--findings', 'empty.json'],
      0,
      /Nothing to rank: the files have no findings/,
    ],
    ['nothing named', ['--findings', 'findings.jsonl'], 2, /--trail/],
    ['standard input twice', ['--trail', '-', '--findings', '-'], 2, /Only one of --trail and --findings/],
    ['a picture of another kind', [...both, '--plot', 'h.png'], 2, /--plot writes \.svg or \.html/],
    [
      'a picture into no folder',
      [...both, '--plot', 'no/h.svg'],
      1,
      /^Cannot write "no\/h\.svg": there is no folder "no"/,
    ],
    ['a model into no folder', [...both, '--model', 'no/m.scops'], 1, /^Cannot write "no\/m\.scops"/],
    ['a detector that does not learn', [...both, '--detector', 'lof'], 2, /does not learn as it goes/],
    ['no number', [...both, '--top', '0'], 2, /whole number above 0/],
  ] as const) {
    // biome-ignore format: a table
    test(`says what is wrong: ${what}`, async () => {
      writeFileSync(at('empty.json'), '');
      const ran = await scops(...args);
      assert.equal(ran.code, code, ran.err);
      assert.match(ran.err, words);
    });
  }

  test('a model of calls that judges its own past is told of --learn, not of logins', async () => {
    const source = ['--source', 'cloudtrail:AWSLogs', '--model', 'calls.scops'];
    const fitted = await runScops(folder, ['fit', '--detector', 'principal-likelihood', ...source]);
    assert.equal(fitted.code, 0, fitted.err);
    const { err } = await runScops(folder, ['score', ...source]);
    assert.match(err, /with hindsight\. To judge each event .* go on with --learn\./);
  });

  test('findings outside the time of the trail are ranked by what they say, and that is said', async () => {
    writeFindings('late.jsonl', [reported({ id: 'late', who: alice, from: start + 90 * day, ip: stranger })]);
    const { code, out, err } = await scops('--trail', 'AWSLogs', '--findings', 'late.jsonl');
    assert.equal(code, 0);
    assert.match(out, /its time lies after what was read of the trail/);
    assert.match(err, /1 incident outside the time that was read of the trail/);
  });
});
