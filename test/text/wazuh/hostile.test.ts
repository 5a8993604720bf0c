import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readWazuh } from '../../../src/text/wazuh/read.ts';

const kinds = ['file', 'process', 'login', 'log'];
const lists = new Set([
  'process.args',
  'rule.groups',
  'threat.technique.id',
  'file.changed_attributes',
  'wazuh.fim.tags',
]);
const numbers = new Set(['rule.level', 'process.pid', 'process.parent.pid', 'file.size', 'source.port']);
const texts = new Set([
  ...['host.name', 'host.id', 'host.ip', 'rule.id', 'rule.name', 'wazuh.location', 'wazuh.decoder', 'wazuh.manager'],
  ...['process.command_line', 'process.executable', 'process.name', 'process.tty', 'process.working_directory'],
  ...[
    'user.id',
    'user.name',
    'user.effective.id',
    'user.audit.id',
    'user.target.name',
    'event.action',
    'event.outcome',
  ],
  ...['file.path', 'file.owner', 'file.hash.md5', 'registry.path', 'registry.value', 'source.ip', 'message'],
]);

function assertSound(line: string): void {
  const read = readWazuh(line);
  if ('reason' in read) {
    assert.ok(read.reason.length > 0 && read.reason.length < 200);
    return;
  }
  assert.ok(Number.isFinite(read.time));
  assert.ok(kinds.includes(read.kind));
  assert.equal(read.source, 'wazuh');
  assert.ok(read.id.startsWith('wazuh/'));
  assert.equal(Object.getPrototypeOf(read.fields), Object.prototype);
  const entries = Object.entries(read.fields);
  assert.ok(entries.length < 400, `${entries.length} fields`);
  for (const [name, value] of entries) {
    assert.ok(value !== '', `${name} is empty`);
    if (lists.has(name)) assert.ok(Array.isArray(value), name);
    else if (numbers.has(name)) assert.equal(typeof value, 'number', name);
    else if (texts.has(name)) assert.equal(typeof value, 'string', name);
    if (typeof value === 'number') assert.ok(Number.isFinite(value), name);
    if (Array.isArray(value))
      assert.ok(
        value.every((item) => typeof item === 'string'),
        name,
      );
  }
  if (read.kind === 'file') assert.equal(typeof read.fields['file.path'], 'string');
}

const alerts = [
  {
    timestamp: '2024-02-14T22:02:34.461+0500',
    rule: { level: 3, id: '80792', description: 'Audit', groups: ['audit'], mitre: { id: ['T1059'] } },
    agent: { id: '001', name: 'web01', ip: '10.0.0.1' },
    manager: { name: 'mgr' },
    cluster: { name: 'c', node: 'n' },
    id: '1.2',
    decoder: { parent: 'auditd', name: 'auditd' },
    full_log:
      'type=SYSCALL msg=audit(1.1:7): success=yes pid=1 uid=0 exe="/bin/sh" key=(null)\u001dUID="root" type=EXECVE msg=audit(1.1:7): argc=2 a0="sh" a1=6964 type=PROCTITLE msg=audit(1.1:7): proctitle=7368006964',
    data: { audit: { execve: { argc: '2', a0: 'sh' }, exe: '/bin/sh', pid: '1' } },
    location: '/var/log/audit/audit.log',
  },
  {
    timestamp: '2024-02-14T22:02:34Z',
    rule: { level: 7, id: '550' },
    agent: { name: 'a' },
    syscheck: {
      ...{ path: '/x', event: 'modified', arch: '[x64]', value_name: 'v', size_after: '5', tags: ['t'] },
      ...{ changed_attributes: ['size'], audit: { user: { name: 'u' }, process: { id: '5', name: 'p', ppid: 4 } } },
    },
  },
  {
    timestamp: '2024-02-14T22:02:34Z',
    rule: { level: 3, id: '5715', groups: ['sshd', 'authentication_success'] },
    decoder: { name: 'sshd' },
    data: {
      srcip: '10.0.0.1',
      srcport: '22',
      dstuser: 'root(uid=0)',
      srcuser: 'b',
      win: { eventdata: { ipAddress: 'x' } },
    },
    predecoder: { program_name: 'sshd', hostname: 'h' },
  },
  {
    '@timestamp': '2024-02-14T22:02:34Z',
    wazuh: {
      agent: { id: '1', name: 'a' },
      rule: { id: 'r', level: 'high', title: 't', tags: ['x'] },
      event: { id: 'e' },
    },
    event: { category: ['process'], type: ['start'], original: 'type=EXECVE msg=audit(1.1:7): argc=1 a0="sh"' },
    process: { command_line: 'sh', args: ['sh'], pid: 5, parent: { pid: 3 } },
    file: { path: '/x', size: 5 },
    registry: { path: 'HKLM', value: 'v' },
    user: { name: 'u' },
    source: { ip: '10.0.0.1', port: 5 },
  },
  { '@metadata': {}, agent: { type: 'filebeat' }, message: '{"timestamp":"2024-02-14T22:02:34Z","rule":{"id":"1"}}' },
];

/** Every path to a value in it. */
function paths(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    ...(path.length > 0 ? [path] : []),
    ...Object.entries(value).flatMap(([key, child]) => paths(child, [...path, key])),
  ];
}

function withValue(target: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy: Record<string, unknown> = Object.assign(Array.isArray(target) ? [] : {}, target);
  copy[key] = withValue(copy[key], rest, value);
  return copy;
}

const places = alerts.flatMap((alert, index) => paths(alert).map((path) => ({ index, path })));
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(null, '', 0, -1, 1e308, true, [], {}, [[]], [{}], '\0', 'NaN', '999999999999999999999', {
    toString: 'x',
  }),
  fc.constantFrom<unknown>({ length: 1e9 }, { name: { name: 'x' } }, JSON.parse('{"__proto__":{"name":"x","id":"y"}}')),
  fc.constantFrom('constructor', '__proto__', 'hasOwnProperty'),
);

test('any value in place of any other is read soundly or refused with a reason', () => {
  const change = fc.tuple(fc.constantFrom(...places), anything);
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const first = changes[0]?.[0].index as number;
      let alert: unknown = alerts[first];
      for (const [{ index, path }, value] of changes) if (index === first) alert = withValue(alert, path, value);
      assertSound(JSON.stringify(alert));
    }),
    { numRuns: 3000 },
  );
});

test('any change to the text is read soundly or refused with a reason', () => {
  fc.assert(
    fc.property(fc.constantFrom(...alerts), fc.nat(), fc.nat({ max: 20 }), fc.string(), (alert, at, cut, insert) => {
      const line = JSON.stringify(alert);
      const from = at % line.length;
      assertSound(line.slice(0, from) + insert + line.slice(from + cut));
    }),
    { numRuns: 3000 },
  );
});

test('any text at all is read soundly or refused with a reason', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), assertSound));
});

test('keys such as __proto__ change no object', () => {
  const line = `{"timestamp":"2024-02-14T22:02:34Z","rule":{"id":"1","__proto__":{"level":15}},"__proto__":{"polluted":1},
    "data":{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}}`;
  const read = readWazuh(line.replace('\n', ''));
  assert.ok(!('reason' in read));
  assert.equal(read.fields['rule.level'], undefined);
  assert.equal(read.fields['wazuh.data.__proto__.polluted'], 'yes');
  assert.ok(!('polluted' in {}));
  const finding = readWazuh('{"timestamp":"2024-02-14T22:02:34Z","wazuh":{},"__proto__":"x","constructor":"y"}');
  assert.ok(!('reason' in finding));
  assert.equal(Object.getPrototypeOf(finding.fields), Object.prototype);
});

for (const [name, inner] of [
  ['deep lists', '['.repeat(400_000) + ']'.repeat(400_000)],
  ['deep objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['a million fields', `{${Array.from({ length: 80_000 }, (_, i) => `"k${i}":1`).join()}}`],
  ['a long list of objects', `[${'{"a":1},'.repeat(100_000)}1]`],
  ['long names', `{"${'x'.repeat(500_000)}":1}`],
] as const) {
  test(`${name} cost a bounded number of fields`, () => {
    for (const key of ['data', 'wazuh', 'syscheck', 'rule', 'full_log', 'agent', 'predecoder']) {
      const line = `{"timestamp":"2024-02-14T22:02:34Z","decoder":{},"x":1,"${key}":${inner}}`;
      const start = performance.now();
      assertSound(line);
      assert.ok(performance.now() - start < 3000);
    }
  });
}
