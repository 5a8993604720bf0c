import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../../src/event/index.ts';
import { readWazuh } from '../../../src/text/wazuh/read.ts';

const base = {
  '@timestamp': '2026-03-02T10:00:00.123Z',
  wazuh: {
    agent: { id: '019a', name: 'web01', host: { hostname: 'web01', ip: ['10.0.0.1', 'fe80::1'] } },
    cluster: { name: 'wazuh', node: 'node01' },
    event: { id: 'e-1' },
    integration: { name: 'linux', category: 'system-activity', decoders: ['decoder/auditd/0'] },
    protocol: { location: '/var/log/audit/audit.log' },
    rule: {
      id: 'b7d1',
      level: 'high',
      title: 'Shell spawned',
      tags: ['attack.execution'],
      mitre: { technique: { id: ['T1059'] } },
    },
  },
};

function read(record: object): Event {
  const result = readWazuh(JSON.stringify(record));
  assert.ok(!('reason' in result), JSON.stringify(result));
  return result;
}

test('a finding of Wazuh 5 has the same common fields as an alert of Wazuh 4', () => {
  const event = read({
    ...base,
    event: { category: ['process'], outcome: 'success' },
    process: {
      command_line: 'bash -i',
      args: ['bash', '-i'],
      executable: '/bin/bash',
      name: 'bash',
      pid: 7,
      parent: { pid: 5 },
    },
    user: { id: '0', name: 'root' },
  });
  assert.equal(event.kind, 'process');
  assert.equal(event.id, 'wazuh/e-1/b7d1');
  assert.equal(event.time, Date.UTC(2026, 2, 2, 10, 0, 0, 123));
  const { fields } = event;
  assert.equal(fields['host.name'], 'web01');
  assert.equal(fields['host.id'], '019a');
  assert.equal(fields['host.ip'], '10.0.0.1');
  assert.equal(fields['rule.id'], 'b7d1');
  assert.equal(fields['rule.level'], 12);
  assert.equal(fields['wazuh.rule.level'], 'high');
  assert.equal(fields['rule.name'], 'Shell spawned');
  assert.deepEqual(fields['rule.groups'], ['attack.execution']);
  assert.deepEqual(fields['threat.technique.id'], ['T1059']);
  assert.equal(fields['wazuh.location'], '/var/log/audit/audit.log');
  assert.deepEqual(fields['process.args'], ['bash', '-i']);
  assert.equal(fields['process.parent.pid'], 5);
  assert.equal(fields['event.outcome'], 'success');
});

test('the levels of Wazuh 5 keep their order', () => {
  const level = (word: unknown) =>
    read({ ...base, wazuh: { ...base.wazuh, rule: { id: 'r', level: word } } }).fields['rule.level'];
  assert.deepEqual(['informational', 'low', 'medium', 'high', 'Critical', '9', 'constructor'].map(level), [
    1,
    4,
    7,
    12,
    15,
    9,
    undefined,
  ]);
});

test('dotted names are the same as nested ones', () => {
  const event = read({
    '@timestamp': base['@timestamp'],
    'wazuh.agent.id': '019a',
    'wazuh.agent.name': 'web01',
    'file.path': '/etc/passwd',
  });
  assert.equal(event.fields['host.name'], 'web01');
  assert.equal(event.kind, 'file');
});

test("commands come from auditd's own records where the original is kept", () => {
  const original =
    'type=SYSCALL msg=audit(1.1:5): pid=9 exe="/bin/sh" type=EXECVE msg=audit(1.1:5): argc=3 a0="sh" a1="-c" a2=6964203B206C73';
  const { kind, fields } = read({ ...base, event: { original }, process: { command_line: 'sh -c' } });
  assert.equal(kind, 'process');
  assert.deepEqual(fields['process.args'], ['sh', '-c', 'id ; ls']);
  assert.equal(fields['process.command_line'], 'sh -c id ; ls');
  assert.equal(fields['process.pid'], 9);
  assert.ok(!('event.original' in fields));
});

test('files, registry values and logins', () => {
  const file = read({
    ...base,
    event: { category: ['file'], type: ['deletion'] },
    file: { path: '/x', size: '12', hash: { md5: 'd4' } },
    process: { command_line: 'rm /x' },
  });
  assert.equal(file.kind, 'file');
  assert.equal(file.fields['event.action'], 'deleted');
  assert.equal(file.fields['file.size'], 12);
  const registry = read({
    ...base,
    event: { category: ['registry'], type: ['change'] },
    registry: { path: 'HKLM\\Run\\x', value: 'x' },
  });
  assert.equal(registry.kind, 'file');
  assert.equal(registry.fields['file.path'], 'HKLM\\Run\\x');
  assert.equal(registry.fields['event.action'], 'modified');
  const login = read({
    ...base,
    event: { category: ['authentication'], outcome: 'failure' },
    source: { ip: '10.0.0.9', port: 22 },
    user: { name: 'ann' },
  });
  assert.equal(login.kind, 'login');
  assert.equal(login.fields['source.port'], 22);
  assert.equal(read(base).kind, 'log');
});

test('a value of the wrong type is left out or becomes the right one', () => {
  const { fields } = read({
    ...base,
    process: { command_line: ['a', 'b'], args: 'one', pid: 'many', name: { x: 1 } },
    file: { path: 7 },
    __proto__x: 1,
  });
  assert.equal(fields['process.command_line'], 'a');
  assert.deepEqual(fields['process.args'], ['one']);
  assert.ok(!('process.pid' in fields) && !('process.name' in fields));
  assert.equal(fields['file.path'], '7');
});

test('an indexed document without an event id has the name of the document', () => {
  const { event: _, ...rest } = base.wazuh;
  assert.equal(read({ _id: 'doc1', _source: { ...base, wazuh: rest } }).id, 'wazuh/doc1');
  assert.match(read({ ...base, wazuh: rest }).id, /^wazuh\/[0-9a-f]{24}$/);
});
