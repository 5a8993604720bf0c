import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as v from 'valibot';
import {
  type Covering,
  type Event,
  isCovering,
  isResumable,
  type Resumable,
  type Source,
} from '../../src/event/index.ts';
import { LogonReader } from '../../src/sources/windows-logon/reader.ts';
import { windowsLogon } from '../../src/sources/windows-logon.ts';
import { escapeMarkup } from '../../src/text/escape.ts';
import { type TestContext, testContext } from '../support/context.ts';

const folder = await mkdtemp(join(tmpdir(), 'scops-windows-'));
after(() => rm(folder, { recursive: true, force: true }));

const at = '2026-01-02T03:04:05.6789012Z';
const time = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
type Data = Readonly<Record<string, string>>;

const logon: Data = {
  SubjectUserSid: 'S-1-0-0',
  SubjectUserName: '-',
  TargetUserSid: 'S-1-5-21-1-2-3-1104',
  TargetUserName: 'Alice',
  TargetDomainName: 'CORP',
  TargetLogonId: '0x1f2e3d',
  LogonType: '10',
  LogonProcessName: 'User32 ',
  AuthenticationPackageName: 'Negotiate',
  WorkstationName: 'LAPTOP-7',
  ProcessId: '0x14a0',
  ProcessName: 'C:\\Windows\\System32\\svchost.exe',
  IpAddress: '::ffff:203.0.113.9',
  IpPort: '50123',
};

let numbers = 1;
function xml(code: number, data: Data, provider = 'Microsoft-Windows-Security-Auditing', channel = 'Security'): string {
  const items = Object.entries(data).map(([name, value]) => `<Data Name='${name}'>${escapeMarkup(value)}</Data>`);
  return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${provider}' Guid='{5}'/><EventID>${code}</EventID><TimeCreated SystemTime='${at}'/><EventRecordID>${numbers++}</EventRecordID><Channel>${channel}</Channel><Computer>web1.corp.example</Computer></System><EventData>${items.join('')}</EventData></Event>`;
}

function read(...lines: readonly string[]): {
  readonly events: Event[];
  readonly reasons: string[];
  readonly reader: LogonReader;
} {
  const reader = new LogonReader();
  const records = [...lines.flatMap((line) => reader.read(line)), ...[reader.finish() ?? []].flat()];
  const events = records.flatMap((record) => ('reason' in record ? [] : [record]));
  return { events, reasons: records.flatMap((record) => ('reason' in record ? [record.reason] : [])), reader };
}

function fieldsOf(line: string): Event['fields'] {
  const { events, reasons } = read(line);
  assert.deepEqual(reasons, []);
  assert.equal(events.length, 1);
  return events[0]?.fields ?? {};
}

const alice = {
  'event.action': 'logon',
  'event.code': '4624',
  'event.outcome': 'success',
  'host.name': 'web1.corp.example',
  'user.name': 'alice',
  'user.domain': 'CORP',
  'user.id': 'S-1-5-21-1-2-3-1104',
  'source.ip': '203.0.113.9',
  'source.port': 50_123,
  'winlog.workstation': 'LAPTOP-7',
  'login.method': 'remote-interactive',
  'login.type': 'remote-interactive',
  'winlog.logon.id': '0x1f2e3d',
  'process.executable': 'C:\\Windows\\System32\\svchost.exe',
  'process.name': 'svchost.exe',
  'process.pid': 5280,
};

test('a logon as XML', () => {
  const line = xml(4624, logon);
  const { events } = read(line);
  assert.deepEqual(events[0]?.fields, alice);
  assert.equal(events[0]?.time, time);
  assert.equal(events[0]?.raw, line);
  assert.match(events[0]?.id ?? '', /^windows-logon\/web1\.corp\.example\/\d+\/\d+$/);
  assert.deepEqual(read(line.replaceAll('><', '>\n<')).events[0]?.fields, alice);
});

const system = { EventID: 4624, TimeCreated: { '#attributes': { SystemTime: at } }, Computer: 'web1.corp.example' };
for (const [name, record] of [
  [
    'Winlogbeat',
    {
      '@timestamp': at,
      event: { code: '4624' },
      winlog: {
        computer_name: 'web1.corp.example',
        event_id: '4624',
        record_id: 7,
        channel: 'Security',
        event_data: logon,
      },
    },
  ],
  [
    'Winlogbeat without event_id',
    { '@timestamp': at, event: { code: 4624 }, host: { name: 'web1.corp.example' }, winlog: { event_data: logon } },
  ],
  ['EVTX as JSON', { Event: { System: { ...system, EventRecordID: 7 }, EventData: { ...logon, LogonType: 10 } } }],
  [
    'EVTX as JSON with qualifiers',
    {
      Event: { System: { ...system, EventID: { '#text': 4624, '#attributes': { Qualifiers: '' } } }, EventData: logon },
    },
  ],
  [
    'EVTX as JSON with attributes apart',
    {
      Event: { System: { ...system, TimeCreated: null, TimeCreated_attributes: { SystemTime: at } }, EventData: logon },
    },
  ],
  [
    'XML as JSON',
    {
      Event: {
        System: { ...system, TimeCreated: { '@SystemTime': at } },
        EventData: { Data: Object.entries(logon).map(([key, value]) => ({ '@Name': key, '#text': value })) },
      },
    },
  ],
  [
    'NXLog',
    {
      EventTime: at.replace('T', ' ').replace('Z', ''),
      Hostname: 'web1.corp.example',
      EventID: 4624,
      SourceName: 'Microsoft-Windows-Security-Auditing',
      RecordNumber: 7,
      ...logon,
    },
  ],
  [
    'PowerShell',
    { TimeCreated: `/Date(${time})/`, MachineName: 'web1.corp.example', Id: 4624, LogName: 'Security', ...logon },
  ],
  [
    'Winlogbeat 6',
    {
      '@timestamp': at,
      computer_name: 'web1.corp.example',
      event_id: 4624,
      record_number: '7',
      log_name: 'Security',
      source_name: 'Microsoft-Windows-Security-Auditing',
      event_data: logon,
    },
  ],
  [
    'a hit of Elasticsearch',
    {
      _source: {
        '@timestamp': at,
        winlog: { computer_name: 'web1.corp.example', event_id: 4624, event_data: logon },
      },
    },
  ],
  [
    'Velociraptor',
    { System: { ...system, EventID: { Value: 4624 }, TimeCreated: { SystemTime: time / 1000 } }, EventData: logon },
  ],
  [
    'Wazuh',
    {
      data: {
        win: {
          system: { eventID: '4624', systemTime: at, computer: 'web1.corp.example', channel: 'Security' },
          eventdata: Object.fromEntries(
            Object.entries(logon).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
          ),
        },
      },
    },
  ],
  [
    'GELF',
    {
      version: '1.1',
      host: 'web1.corp.example',
      timestamp: time / 1000,
      _EventID: 4624,
      _Channel: 'Security',
      ...Object.fromEntries(Object.entries(logon).map(([name, value]) => [`_${name}`, value])),
    },
  ],
  [
    'EvtxECmd',
    {
      EventId: 4624,
      TimeCreated: at,
      Computer: 'web1.corp.example',
      Provider: 'Microsoft-Windows-Security-Auditing',
      Channel: 'Security',
      Payload: JSON.stringify({
        EventData: { Data: Object.entries(logon).map(([key, value]) => ({ '@Name': key, '#text': value })) },
      }),
    },
  ],
  [
    'Azure with EventData as XML',
    {
      TimeGenerated: '1/2/2026, 3:04:05.678 AM',
      Computer: 'web1.corp.example',
      EventID: 4624,
      EventData: /<EventData.*<\/EventData>/.exec(xml(4624, logon))?.[0],
    },
  ],
  ['Splunk with the event as XML', { result: { _raw: xml(4624, logon) } }],
  [
    "PowerShell's Properties, without names",
    {
      TimeCreated: `/Date(${time})/`,
      MachineName: 'web1.corp.example',
      Id: 4624,
      LogName: 'Security',
      Properties: [
        ...[{ Value: { BinaryLength: 12, Value: 'S-1-0-0' } }, { Value: '-' }, { Value: '-' }, { Value: 0 }],
        ...[{ Value: { Value: logon.TargetUserSid } }, { Value: 'Alice' }, { Value: 'CORP' }, { Value: '0x1f2e3d' }],
        ...[{ Value: 10 }, { Value: 'User32 ' }, { Value: 'Negotiate' }, { Value: 'LAPTOP-7' }, { Value: '{0}' }],
        ...[{ Value: '-' }, { Value: '-' }, { Value: 0 }, { Value: '0x14a0' }, { Value: logon.ProcessName }],
        ...[{ Value: '203.0.113.9' }, { Value: '50123' }],
      ],
    },
  ],
  ['a log table', { TimeGenerated: at, Computer: 'web1.corp.example', EventID: 4624, ...logon }],
] as const) {
  test(`a logon as JSON of ${name}`, () => {
    const { events } = read(JSON.stringify(record));
    assert.deepEqual(events[0]?.fields, alice);
    assert.equal(events[0]?.time, time);
  });
}

test('a failure says why, and whether there is such a user', () => {
  const failed = {
    ...logon,
    Status: '0xc000006d',
    SubStatus: '0xC0000064',
    LogonType: '3',
    AuthenticationPackageName: 'NTLM',
  };
  const fields = fieldsOf(xml(4625, failed));
  assert.equal(fields['event.outcome'], 'failure');
  assert.equal(fields['event.reason'], 'no such user');
  assert.equal(fields['login.unknown_user'], true);
  assert.equal(fields['login.method'], 'ntlm');
  assert.equal(fields['winlog.logon.id'], undefined);
  for (const [status, detail, reason] of [
    ['0xc000006d', '0xc000006a', 'wrong password'],
    ['0xc0000234', '0x0', 'account locked out'],
    ['0xc000006e', '0xc0000072', 'account disabled'],
    ['-1073741715', '-', 'wrong user name or password'],
    ['0xc0009999', '-', 'status 0xc0009999'],
    ['%%2313', '-', undefined],
  ] as const) {
    const {
      'event.reason': why,
      'event.outcome': outcome,
      'login.unknown_user': unknown,
    } = fieldsOf(xml(4625, { ...failed, Status: status, SubStatus: detail }));
    assert.deepEqual([why, outcome, unknown], [reason, 'failure', undefined]);
  }
});

test('Kerberos and NTLM on a domain controller', () => {
  const ticket = {
    TargetUserName: 'Alice',
    TargetDomainName: 'CORP.EXAMPLE',
    TargetSid: 'S-1-5-21-9',
    IpAddress: '2001:DB8::7',
    IpPort: '0',
  };
  const granted = fieldsOf(xml(4768, { ...ticket, Status: '0x0', ServiceName: 'krbtgt' }));
  assert.deepEqual(granted, {
    'event.action': 'logon',
    'event.code': '4768',
    'event.outcome': 'success',
    'host.name': 'web1.corp.example',
    'user.name': 'alice',
    'user.domain': 'CORP',
    'user.id': 'S-1-5-21-9',
    'source.ip': '2001:db8::7',
    'login.method': 'kerberos',
    'service.name': 'krbtgt',
  });
  const nobody = fieldsOf(xml(4768, { ...ticket, Status: '0x6', TargetSid: 'NULL SID' }));
  assert.deepEqual(
    ['event.outcome', 'event.reason', 'login.unknown_user', 'user.id'].map((name) => nobody[name]),
    ['failure', 'no such user', true, undefined],
  );
  const wrong = fieldsOf(xml(4771, { ...ticket, Status: '0x18' }));
  assert.deepEqual([wrong['event.outcome'], wrong['event.reason']], ['failure', 'wrong password']);
  const service = fieldsOf(
    xml(4769, { ...ticket, TargetUserName: 'Alice@CORP.EXAMPLE', Status: '0x0', ServiceName: 'WEB1$' }),
  );
  assert.deepEqual(
    [service['event.action'], service['user.name'], service['service.name']],
    ['session', 'alice', 'WEB1$'],
  );
  const ntlm = {
    PackageName: 'MICROSOFT_AUTHENTICATION_PACKAGE_V1_0',
    TargetUserName: 'bob',
    Workstation: '\\\\LAPTOP-9',
  };
  const checked = fieldsOf(xml(4776, { ...ntlm, Status: '0x0' }));
  assert.deepEqual(
    ['event.outcome', 'user.name', 'source.address', 'source.ip', 'login.method'].map((name) => checked[name]),
    ['success', 'bob', 'LAPTOP-9', undefined, 'ntlm'],
  );
  assert.equal(fieldsOf(xml(4776, { ...ntlm, Status: '0xC000006A' }))['event.reason'], 'wrong password');
});

test("a logon with somebody else's credentials has both users and no outcome", () => {
  const data = {
    SubjectUserSid: 'S-1-5-21-7',
    SubjectUserName: 'Alice',
    SubjectDomainName: 'CORP',
    SubjectLogonId: '0x9',
    TargetUserName: 'Admin',
    TargetDomainName: 'CORP',
    IpAddress: '-',
    IpPort: '-',
  };
  assert.deepEqual(fieldsOf(xml(4648, data)), {
    'event.action': 'logon',
    'event.code': '4648',
    'host.name': 'web1.corp.example',
    'user.name': 'alice',
    'user.domain': 'CORP',
    'user.id': 'S-1-5-21-7',
    'user.target.name': 'admin',
    'user.target.domain': 'CORP',
    'winlog.logon.id': '0x9',
  });
});

test('one user is one, however the name and the domain are written', () => {
  for (const [name, domain, code] of [
    ['Alice', 'CORP', 4624],
    ['alice', 'corp.example', 4624],
    ['ALICE@CORP.EXAMPLE', 'CORP.EXAMPLE', 4769],
    ['alice@corp.example', '', 4625],
    ['CORP\\alice', '', 4625],
  ] as const) {
    const fields = fieldsOf(xml(code, { ...logon, TargetUserName: name, TargetDomainName: domain }));
    assert.deepEqual([fields['user.domain'], fields['user.name']], ['CORP', 'alice'], `${name} ${domain}`);
  }
  const failed = fieldsOf(xml(4771, { TargetUserName: 'Alice', ServiceName: 'krbtgt/CORP.EXAMPLE', Status: '0x18' }));
  assert.deepEqual([failed['user.domain'], failed['user.name']], ['CORP', 'alice']);
  assert.equal(fieldsOf(xml(4624, { ...logon, TargetDomainName: '192.0.2.7' }))['user.domain'], '192.0.2.7');
  assert.equal(fieldsOf(xml(4624, { ...logon, TargetDomainName: '.' }))['user.domain'], '.');
});

test('how somebody came, and how they proved who they are', () => {
  const method = (type: string, written: string): unknown =>
    fieldsOf(xml(4624, { ...logon, LogonType: type, AuthenticationPackageName: written }))['login.method'];
  assert.equal(method('2', 'Negotiate'), 'interactive');
  assert.equal(method('7', 'Negotiate'), 'unlock');
  assert.equal(method('8', 'MICROSOFT_AUTHENTICATION_PACKAGE_V1_0'), 'ntlm');
  assert.equal(method('3', 'Kerberos'), 'kerberos');
  assert.equal(method('3', 'NTLM'), 'ntlm');
  assert.equal(method('99', 'Negotiate'), 'negotiate');
});

test('what nobody does in person is a session', () => {
  const action = (code: number, changes: Data): unknown =>
    fieldsOf(xml(code, { ...logon, ...changes }))['event.action'];
  for (const type of ['0', '4', '5']) assert.equal(action(4624, { LogonType: type }), 'session');
  for (const sid of ['S-1-5-7', 'S-1-5-18', 'S-1-5-80-1-2', 'S-1-5-90-0-1', 'S-1-5-96-0-1']) {
    assert.equal(action(4624, { TargetUserSid: sid }), 'session', sid);
  }
  assert.equal(
    action(4624, { TargetUserName: 'DWM-1', TargetDomainName: 'Window Manager', TargetUserSid: '' }),
    'session',
  );
  assert.equal(action(4624, { TargetUserName: 'WEB1$' }), 'session');
  assert.equal(action(4625, { TargetUserName: 'WEB1$', Status: '0xc000006d' }), 'session');
  assert.equal(action(4625, { TargetUserName: 'guess$', Status: '0xc0000064' }), 'logon');
  assert.equal(action(4768, { Status: '0x19' }), 'session');
  assert.equal(action(4624, { TargetLinkedLogonId: '0x7', ElevatedToken: '%%1843' }), 'session');
  assert.equal(action(4624, { TargetLinkedLogonId: '0x7', ElevatedToken: '%%1842' }), 'logon');
  assert.equal(action(4624, { TargetLinkedLogonId: '0x0', ElevatedToken: '%%1843' }), 'logon');
});

test('other credentials for the network have their user too', () => {
  const fields = fieldsOf(
    xml(4624, { ...logon, LogonType: '9', TargetOutboundUserName: 'Admin', TargetOutboundDomainName: 'corp.example' }),
  );
  assert.deepEqual(
    [fields['user.name'], fields['user.target.name'], fields['user.target.domain']],
    ['alice', 'admin', 'CORP'],
  );
});

test('computers and services are marked', () => {
  assert.equal(fieldsOf(xml(4624, { ...logon, TargetUserName: 'WEB1$' }))['user.machine'], true);
  assert.equal(
    fieldsOf(xml(4624, { ...logon, TargetUserSid: 'S-1-5-18', TargetUserName: 'SYSTEM' }))['user.machine'],
    true,
  );
  assert.equal(fieldsOf(xml(4624, { ...logon, TargetUserSid: 'S-1-5-96-0-1' }))['user.machine'], true);
  assert.equal(fieldsOf(xml(4624, logon))['user.machine'], undefined);
});

test('who fails cannot pass for a service by the domain that they write', () => {
  const failure = { ...logon, TargetUserSid: 'S-1-0-0', TargetDomainName: 'NT AUTHORITY', SubStatus: '0xc000006a' };
  const { 'event.action': action, 'user.machine': machine } = fieldsOf(xml(4625, failure));
  assert.deepEqual([action, machine], ['logon', undefined]);
  const { TargetUserSid: _, ...unidentified } = failure;
  assert.equal(fieldsOf(xml(4624, unidentified))['user.machine'], true);
});

test('where from: an address, this computer, a name, or nothing', () => {
  const from = (address: string, workstation = '-'): unknown[] => {
    const fields = fieldsOf(xml(4624, { ...logon, IpAddress: address, WorkstationName: workstation, IpPort: '0' }));
    return [fields['source.ip'], fields['source.address'], fields['source.port']];
  };
  assert.deepEqual(from('127.0.0.1'), ['127.0.0.1', undefined, undefined]);
  assert.deepEqual(from('::1'), ['::1', undefined, undefined]);
  assert.deepEqual(from('fe80::1%12'), ['fe80::1', undefined, undefined]);
  assert.deepEqual(from('-', 'LAPTOP-7'), [undefined, 'LAPTOP-7', undefined]);
  assert.deepEqual(from('LOCAL', 'LAPTOP-7'), [undefined, 'LAPTOP-7', undefined]);
  assert.deepEqual(from('0.0.0.0'), [undefined, undefined, undefined]);
  assert.deepEqual(from('::'), [undefined, undefined, undefined]);
  assert.deepEqual(from('-'), [undefined, undefined, undefined]);
});

test('other events, other logs and other providers are no logons', () => {
  const { events, reasons, reader } = read(
    xml(4634, logon),
    xml(4624, logon, 'Evil-App'),
    xml(4624, logon, undefined, 'Application'),
    JSON.stringify({ EventID: 1, EventTime: at }),
    xml(4624, logon),
  );
  assert.deepEqual([events.length, reasons], [1, []]);
  assert.deepEqual(reader.coverage(), { records: 1, understood: 1, unknown: [] });
});

test('what an attacker writes into a value stays in it', () => {
  const forged = `x</Data></EventData></Event>${xml(4624, { ...logon, TargetUserName: 'forged' })}`;
  for (const name of ['TargetUserName', 'WorkstationName', 'ProcessName']) {
    const { events, reasons } = read(xml(4625, { ...logon, [name]: forged }));
    assert.deepEqual([events.length, reasons], [1, []]);
    assert.notEqual(events[0]?.fields['user.name'], 'forged');
  }
  const twice = xml(4624, logon).replace('</EventData>', "<Data Name='TargetUserName'>forged</Data></EventData>");
  assert.equal(fieldsOf(twice)['user.name'], 'alice');
  const inComment = xml(4624, logon).replace('<Data', `<!-- ${forged} --><Data`);
  assert.equal(fieldsOf(inComment)['user.name'], 'alice');
});

test('what cannot be read is rejected and counted', () => {
  const { events, reasons, reader } = read(
    'Jan 2 03:04:05 web1 sshd[1]: x',
    '{"EventID":',
    '[1]',
    '{"a":1}',
    JSON.stringify({ EventID: 4624 }),
    JSON.stringify({ EventID: 4624, EventTime: at, Message: 'An account was successfully logged on.' }),
    xml(4624, logon).replace(at, 'then'),
    `${xml(4624, logon).replace(at, 'then')}${xml(4624, logon)}`,
    '<Event><System></System></Event>',
    '<Event><System>',
  );
  assert.deepEqual(reasons, [
    'neither Event XML nor a JSON object',
    'not JSON: cut short, or over several lines (PowerShell writes one with -Compress)',
    'not a JSON object',
    'no Windows event: none of Event, winlog, EventID',
    'no readable time',
    'a logon without its data',
    'no readable time',
    'no readable time',
    'an event without EventID',
    'the input ends within an event',
  ]);
  assert.equal(events.length, 1);
  assert.deepEqual([reader.coverage().records, reader.coverage().understood], [11, 1]);
});

function open(options: Record<string, unknown>, context: TestContext = testContext()): Source & Resumable & Covering {
  const source = windowsLogon.create(v.parse(windowsLogon.options, options), context);
  assert.ok(isResumable(source) && isCovering(source));
  return source;
}

async function collect(source: Source, most = Number.POSITIVE_INFINITY): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of source.events()) {
    if (events.length === most) break;
    events.push(event);
  }
  return events;
}

test('a fault among good events of a line is rejected with its own text, and once', async () => {
  const path = join(folder, 'mixed.xml');
  const good = [1, 2, 3].map((n) => xml(4624, { ...logon, TargetUserName: `user${n}` }));
  const bad = xml(4624, logon).replace(at, 'then');
  await writeFile(path, `<Events>${good[0]}${bad}${good[1]}${good[2]}</Events>\n`);
  const context = testContext();
  const first = open({ paths: path }, context);
  const events = await collect(first, 2);
  const second = open({ paths: path }, context);
  second.resume(first.checkpoint());
  events.push(...(await collect(second)));
  assert.deepEqual(
    events.map(({ fields }) => fields['user.name']),
    ['user1', 'user2', 'user3'],
  );
  assert.deepEqual(
    context.rejects.map(({ line, reason, raw }) => [line, reason, raw]),
    [[1, 'no readable time', bad]],
  );
});

test('comma-separated values under a heading, and on from a checkpoint', async () => {
  const path = join(folder, 'export.csv');
  const row = (name: string): string =>
    `"1/2/2026, 3:04:05.678 AM","web1.corp.example",4624,"a ""<b>""",${name},CORP,3`;
  const heading = 'TimeGenerated [UTC],Computer,EventID,Activity,TargetUserName,TargetDomainName,LogonType';
  await writeFile(path, `\ufeff${heading}\r\n${['alice', 'bob', 'carol'].map(row).join('\r\n')}\r\n1,2\r\n`);
  const context = testContext();
  const first = open({ paths: path }, context);
  first.checkpoint();
  const events = await collect(first, 1);
  const second = open({ paths: path }, context);
  second.resume(first.checkpoint());
  events.push(...(await collect(second)));
  assert.deepEqual(
    events.map((event) => [event.time, event.fields['user.name'], event.fields['login.type']]),
    ['alice', 'bob', 'carol'].map((name) => [time, name, 'network']),
  );
  assert.deepEqual(
    context.rejects.map(({ reason }) => reason),
    ['not as many values as the heading has'],
  );
});

const columns = 'TimeGenerated,Computer,EventID,TargetUserName,LogonType';
const row = (name: string): string => `${at},web1,4624,"${name}",3`;

test('a user name with line breaks begins no row, also over a checkpoint', async () => {
  const path = join(folder, 'broken.csv');
  const name = `x"\n{"EventID":4624}\n${row('forged')}\ny`;
  await writeFile(
    path,
    [columns, row('alice'), row(name.replaceAll('"', '""')), row('bob'), `${at},"web1`, ''].join('\r\n'),
  );
  const context = testContext();
  for (const stops of [[9], [1, 1, 9]]) {
    const events: Event[] = [];
    let place = '';
    for (const most of stops) {
      const source = open({ paths: path }, context);
      if (place === '') source.checkpoint();
      else source.resume(place);
      events.push(...(await collect(source, most)));
      place = source.checkpoint();
    }
    assert.deepEqual(
      events.map(({ fields }) => fields['user.name']),
      ['alice', name.toLowerCase(), 'bob'],
    );
    assert.ok(events[1]?.raw.includes('""forged""'));
    assert.deepEqual(
      context.rejects.splice(0).map(({ reason }) => reason),
      ['the input ends within a row'],
    );
  }
});

test('rows: one that never ends is given up, a heading counts for its file only, and the state is within a row', () => {
  const { events, reasons } = read(columns, `${at},"`, 'x'.repeat(70_000), row('alice'), `${at},"a"b,c`, row('bob'));
  assert.deepEqual(
    events.map(({ fields }) => fields['user.name']),
    ['alice', 'bob'],
  );
  assert.deepEqual(reasons, [
    'a row over several lines of more than 65536 characters',
    'not as many values as the heading has',
  ]);
  const { reader } = read(columns);
  assert.deepEqual(reader.read(row('a\nb').split('\n')[0] as string), []);
  const next = new LogonReader();
  next.restore(reader.state());
  assert.equal((next.read('b",3')[0] as Event).fields['user.name'], 'a\nb');
  next.open();
  assert.ok('reason' in (next.read(row('alice'))[0] ?? {}));
});

test('a log in the form of Windows itself is refused, with what converts it', async () => {
  const path = join(folder, 'Security.evtx');
  await writeFile(path, 'ElfFile\0\0\0');
  await assert.rejects(collect(open({ paths: path })), { code: 'SOURCE_UNREADABLE', message: /EVTX.*evtx_dump/ });
});

test('a JSON list on one line, as PowerShell compresses it, is read', () => {
  const record = (n: number) => ({ TimeCreated: `/Date(${time})/`, Id: 4624, ...logon, TargetUserName: `user${n}` });
  const { events, reasons } = read(JSON.stringify([record(1), { Id: 1 }, 7, record(2)]));
  assert.deepEqual(
    events.map(({ fields, raw }) => [fields['user.name'], raw]),
    [1, 2].map((n) => [`user${n}`, JSON.stringify(record(n))]),
  );
  assert.deepEqual(reasons, ['not a JSON object']);
  assert.deepEqual([read('[]').events, read('[]').reasons], [[], []]);
  const deep = 200_000;
  assert.deepEqual(read('['.repeat(deep) + ']'.repeat(deep)).reasons.length, 1);
  assert.deepEqual(read(`[{"Id":4624,"a":${'['.repeat(deep)}${']'.repeat(deep)}}]`).reasons, ['no readable time']);
});

test('an export of Event Viewer, all events on one line of several megabytes, is read', async () => {
  const path = join(folder, 'export.xml');
  const events = Array.from({ length: 3000 }, (_, i) => xml(4624, { ...logon, TargetUserName: `user${i}` }));
  await writeFile(path, `\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n<Events>${events.join('')}</Events>`);
  const context = testContext();
  const found = await collect(open({ paths: path }, context));
  assert.deepEqual(context.rejects, []);
  assert.equal(found.length, 3000);
  assert.equal(found[2999]?.fields['user.name'], 'user2999');
});

test('exports in UTF-16 are read, and on from a checkpoint', async () => {
  const users = ['zoë', '😀', 'carol'];
  const text = users.map((name) => `${xml(4624, { ...logon, TargetUserName: name })}\r\n`).join('');
  const little = Buffer.from(`\ufeff${text}`, 'utf16le');
  for (const [name, bytes] of [
    ['little.xml', little],
    ['big.xml', Buffer.from(little).swap16()],
    ['little.xml.gz', gzipSync(little)],
  ] as const) {
    const path = join(folder, name);
    await writeFile(path, bytes);
    const context = testContext();
    const first = open({ paths: path }, context);
    first.checkpoint();
    const events = await collect(first, 1);
    const second = open({ paths: path }, context);
    second.resume(first.checkpoint());
    events.push(...(await collect(second)));
    assert.deepEqual(context.rejects, []);
    assert.deepEqual(
      events.map(({ fields }) => fields['user.name']),
      users,
      name,
    );
  }
});

test('stopped anywhere, also within an event, reading goes on with the next', async () => {
  const path = join(folder, 'lines.xml');
  const users = Array.from({ length: 8 }, (_, i) => `user${i}`);
  const events = users.map((name) => xml(4624, { ...logon, TargetUserName: name }));
  const text = `<Events>\n${events.slice(0, 4).join('\n').replaceAll('><', '>\n<')}${events.slice(4).join('')}\n</Events>\n`;
  await writeFile(path, text);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 })), async (stops) => {
      const read: unknown[] = [];
      let place = '';
      for (const stop of [...stops, 100]) {
        const source = open({ paths: path });
        source.resume(place);
        source.checkpoint();
        for (const event of await collect(source, stop)) read.push(event.fields['user.name']);
        place = source.checkpoint();
      }
      assert.deepEqual(read, users);
    }),
    { numRuns: 40 },
  );
});

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('-', '', '0x0', '__proto__', ' ', '$', '@CORP', '\\', '0xffffffff'),
);
const names = [
  ...Object.keys(logon),
  'Status',
  'SubStatus',
  'SubjectLogonId',
  'ServiceName',
  'PackageName',
  'Workstation',
  'TargetSid',
];

test('any values in any event are read soundly', () => {
  const data = fc.dictionary(fc.constantFrom(...names), value);
  const code = fc.constantFrom(4624, 4625, 4648, 4768, 4769, 4771, 4776);
  fc.assert(
    fc.property(code, data, fc.boolean(), (id, changes, asJson) => {
      const all = { ...logon, ...changes };
      const { events, reasons } = read(
        (asJson ? JSON.stringify({ ...all, EventID: id, EventTime: at }) : xml(id, all)).replaceAll(/[\r\n]/g, ' '),
      );
      assert.deepEqual([events.length, reasons], [1, []]);
      for (const [name, field] of Object.entries(events[0]?.fields ?? {})) {
        assert.ok(field !== '' && field !== '-', name);
        if (typeof field === 'number') assert.ok(Number.isSafeInteger(field) && field > 0, name);
      }
    }),
    { numRuns: 1500 },
  );
});

test('values without names are told by their order, as Microsoft documents it', () => {
  const read4 = (code: number, values: string): unknown[] => {
    const Properties = values.split(' ').map((Value) => ({ Value }));
    const fields = fieldsOf(JSON.stringify({ Id: code, TimeCreated: at, Properties }));
    return [fields['user.name'], fields['source.ip'] ?? fields['source.address'], fields['event.reason']];
  };
  const failed =
    'S-1-0-0 - - 0x0 S-1-0-0 bob CORP 0xc000006d %%2313 0xc000006a 3 NtLmSsp NTLM WS - - 0 0x0 - 192.0.2.1 1';
  const expected = ['bob', '192.0.2.1', 'wrong password'];
  assert.deepEqual(read4(4625, failed), expected);
  assert.deepEqual(read4(4768, 'bob CORP S-1-5-21-1 krbtgt S-1-0-0 0x4 0x18 0x12 2 192.0.2.1 1'), expected);
  assert.deepEqual(read4(4769, 'bob CORP krbtgt S-1-0-0 0x4 0x12 192.0.2.1 1 0x18'), expected);
  assert.deepEqual(read4(4771, 'bob S-1-5-21-1 krbtgt/CORP 0x4 0x18 2 192.0.2.1 1'), expected);
  assert.deepEqual(read4(4776, 'MSV1_0 bob WS 0xc000006a'), ['bob', 'WS', 'wrong password']);
  const other = 'S-1-5-21-1 bob CORP 0x7 {0} admin CORP {0} srv srv 0x0 - 192.0.2.1 1';
  assert.deepEqual(read4(4648, other), ['bob', '192.0.2.1', undefined]);
});

test('JSON nested without end is refused', () => {
  for (const name of ['_source', 'result', 'Event', 'data', 'EventData']) {
    const line = `${`{"${name}":`.repeat(100_000)}1${'}'.repeat(100_000)}`;
    for (const each of [line, `[${line}]`]) assert.ok('reason' in (new LogonReader().read(each)[0] ?? {}), name);
  }
});

test('times that are none, and noon and midnight of a browser', () => {
  const timeOf = (written: string): unknown => read(xml(4624, logon).replace(at, written)).events[0]?.time;
  assert.equal(timeOf('2026-02-30T03:04:05.678Z'), undefined);
  assert.equal(timeOf('2026-02-28T03:04:05.678Z'), Date.UTC(2026, 1, 28, 3, 4, 5, 678));
  assert.equal(timeOf('1/2/2026, 12:04:05.678 AM'), Date.UTC(2026, 0, 2, 0, 4, 5, 678));
  assert.equal(timeOf('1/2/2026, 12:04:05.678 PM'), Date.UTC(2026, 0, 2, 12, 4, 5, 678));
});

test('any text and any JSON is read or refused', () => {
  const reader = new LogonReader();
  const json = fc.record(
    {
      EventID: fc.constantFrom(4624, '4625'),
      EventTime: fc.constant(at),
      Event: fc.jsonValue(),
      winlog: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    json.map((each) => JSON.stringify(each)),
  );
  fc.assert(
    fc.property(line, (text) => void reader.read(text)),
    { numRuns: 2000 },
  );
});
