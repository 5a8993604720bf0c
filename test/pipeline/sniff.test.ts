import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { sniffSource } from '../../src/pipeline/sniff.ts';
import { alertLine } from '../support/alerts.ts';

const folder = await mkdtemp(join(tmpdir(), 'scops-sniff-'));
after(() => rm(folder, { recursive: true, force: true }));

const syslog = 'Jan  2 03:04:05 web1 sshd[1]: Accepted publickey for alice from 192.0.2.1 port 22 ssh2';
const cases: readonly [source: string, content: string | Uint8Array][] = [
  ['sshd', syslog],
  ['sshd', gzipSync(`${syslog}\n`)],
  ['sshd', ''],
  [
    'sshd',
    '{"log":"Jan  2 03:04:05 web1 sshd[1]: Accepted password for a from 192.0.2.1 port 1 ssh2","stream":"stderr"}',
  ],
  ['journald', '{"__REALTIME_TIMESTAMP":"1767323045000000","MESSAGE":"hello"}'],
  ['windows-logon', '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'],
  ['windows-logon', '\ufeff<?xml version="1.0"?>\n<Events>\n<Event>'],
  ['windows-logon', Buffer.from('\ufeff<Event>', 'utf16le')],
  ['windows-logon', '{"winlog":{"event_id":"4624"}}'],
  ['windows-logon', '[{"EventID":4624,"TargetUserName":"alice"},{"EventID":4624'],
  ['windows-logon', '[\n  {\n    "EventID": 4624,\n    "TargetUserName": "alice"\n  }\n]'],
  ['windows-logon', '{"version":"1.1","host":"dc1","_EventID":4624,"_TargetUserName":"alice"}'],
  ['windows-logon', 'TimeCreated,EventID,Computer,TargetUserName\n2026-01-02T03:04:05Z,4624,dc1,alice'],
  ['windows-logon', '- <Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">\n- <System>'],
  ['windows-logon', 'ElfFile\0\0\0\0\0'],
  ['journald', 'a note above\n{"__REALTIME_TIMESTAMP":"1767323045000000","MESSAGE":"\\"EventID\\""}'],
  ['sshd', `{"a":1}\n${syslog}`],
  ['wazuh', alertLine(1)],
  ['login-csv', '1485907200,192.0.2.1,alice'],
  ['login-csv', 'epoch,ip\n1485907200,2001:db8::1'],
  ['login-csv', '2026-01-02T03:04:05Z, 192.0.2.1'],
  ['lanl', '1,C625$@DOM1,U147@DOM1,C625,C625,Negotiate,Batch,LogOn,Success'],
  [
    'rba',
    'index,Login Timestamp,User ID,Round-Trip Time [ms],IP Address\n0,2020-02-03 12:43:30.772,-4324475583306591935,,192.0.2.1',
  ],
];

for (const [index, [source, content]] of cases.entries()) {
  test(`file ${index} is read by ${source}: ${String(content).slice(0, 40)}`, async () => {
    const path = join(folder, String(index));
    await writeFile(path, content);
    assert.equal(await sniffSource([path]), source);
  });
}

test('empty files are passed over, and standard input is not looked at', async () => {
  const [empty, full] = [join(folder, 'empty'), join(folder, 'full')];
  await writeFile(empty, '');
  await writeFile(full, '1485907200,192.0.2.1');
  assert.equal(await sniffSource([empty, full]), 'login-csv');
  assert.equal(await sniffSource(['-']), 'sshd');
});

test('JSON of no known kind is refused with the formats there are, and passed over where another file has one', async () => {
  const [honeypot, log] = [join(folder, 'cowrie.json'), join(folder, 'cowrie.log')];
  const line = '{"eventid":"cowrie.login.success","username":"root","src_ip":"192.0.2.1","sensor":"hp1"}\n';
  await writeFile(honeypot, line.repeat(60));
  await writeFile(log, syslog);
  await assert.rejects(sniffSource([honeypot]), {
    code: 'INPUT_INVALID',
    message: /cowrie\.json" is JSON of no kind that is known\..* --format: sshd, journald, windows-logon, /,
  });
  assert.equal(await sniffSource([honeypot, log]), 'sshd');
});
