import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JournalReader } from '../../src/sources/journald/reader.ts';
import { readJournalLine } from '../../src/text/journald.ts';

const entry = (changes: Record<string, unknown>): string =>
  JSON.stringify({ __REALTIME_TIMESTAMP: '1767312000123456', __CURSOR: 's=1;i=2', MESSAGE: 'x', ...changes });

function messages(value: unknown): readonly string[] {
  const read = readJournalLine(entry({ MESSAGE: value }));
  assert.ok(!('reason' in read));
  return read.messages;
}

test('an entry has its facts, and microseconds become milliseconds', () => {
  const line = entry({ _HOSTNAME: 'h', SYSLOG_IDENTIFIER: 'sshd', _COMM: 'sshd', _UID: '0', _PID: '7' });
  assert.deepEqual(readJournalLine(line), {
    cursor: 's=1;i=2',
    time: 1_767_312_000_123,
    host: 'h',
    identifier: 'sshd',
    command: 'sshd',
    uid: 0,
    pid: 7,
    messages: ['x'],
    oversized: false,
  });
});

test('a field is text, bytes, both several times, or too long', () => {
  assert.deepEqual(messages([104, 195, 182, 27]), ['hö\u001b']);
  assert.deepEqual(messages([255, 65]), ['\ufffdA']);
  assert.deepEqual(messages(['a', [98], null, 7]), ['a', 'b']);
  assert.deepEqual(messages(null), []);
  assert.deepEqual(messages([]), []);
  assert.deepEqual(messages([1, 256]), []);
  assert.deepEqual(messages({ length: 2 }), []);
  const twice = readJournalLine(entry({ SYSLOG_IDENTIFIER: ['', 'su'], MESSAGE: null }));
  assert.ok(!('reason' in twice) && twice.identifier === 'su' && twice.oversized);
});

test('what is no entry is refused', () => {
  for (const line of [
    '',
    'x',
    '[]',
    '{}',
    entry({ __REALTIME_TIMESTAMP: '-1' }),
    entry({ __REALTIME_TIMESTAMP: '9'.repeat(19) }),
  ]) {
    assert.ok('reason' in readJournalLine(line), line);
  }
});

test('a cursor that systemd did not make is none', () => {
  for (const cursor of ['', 'a b', 'a\0', '\n', 'x'.repeat(513), 7]) {
    const read = readJournalLine(entry({ __CURSOR: cursor }));
    assert.ok(!('reason' in read));
    assert.equal(read.cursor, cursor === 7 ? '7' : undefined);
  }
});

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(fc.integer({ min: 0, max: 255 })),
  fc.string({ unit: 'binary' }).map((user) => `Accepted password for ${user} from 192.0.2.1 port 5 ssh2`),
  fc.constantFrom('__proto__', 'sshd', 'sudo', '0', '9'.repeat(400), null),
);

test('any value in any field is read soundly or refused', () => {
  const fields = ['MESSAGE', 'SYSLOG_IDENTIFIER', '_COMM', '_UID', '_PID', '_HOSTNAME', '__CURSOR', '__proto__'];
  const record = fc.dictionary(fc.constantFrom(...fields), anything);
  const reader = new JournalReader(false);
  fc.assert(
    fc.property(record, (changes) => {
      const read = reader.read(entry({ SYSLOG_IDENTIFIER: 'sshd', ...changes }));
      if ('reason' in read) return assert.ok(read.reason.length > 0);
      assert.ok(read.length <= 16);
      for (const { id, time, fields } of read) {
        assert.ok(Number.isFinite(time) && id.startsWith('journald/') && id.length < 2000);
        assert.equal(Object.getPrototypeOf(fields), Object.prototype);
      }
    }),
    { numRuns: 2000 },
  );
});

test('any text at all is read or refused', () => {
  const reader = new JournalReader(true);
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (line) => void reader.read(line)));
});

for (const [name, value] of [
  ['a megabyte of bytes', `[${'65,'.repeat(350_000)}65]`],
  ['deep lists', '['.repeat(400_000) + ']'.repeat(400_000)],
  ['a hundred thousand messages', `[${'"Accepted",'.repeat(100_000)}"x"]`],
] as const) {
  test(`${name} take linear time`, () => {
    const start = performance.now();
    new JournalReader(false).read(`{"__REALTIME_TIMESTAMP":"1","SYSLOG_IDENTIFIER":"sshd","MESSAGE":${value}}`);
    assert.ok(performance.now() - start < 2000);
  });
}
