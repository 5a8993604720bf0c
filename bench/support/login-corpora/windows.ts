import assert from 'node:assert/strict';
import { createRandom } from '../../../src/algorithms/random.ts';
import type { Event } from '../../../src/event/index.ts';
import { LogonReader } from '../../../src/sources/windows-logon/reader.ts';
import { escapeMarkup } from '../../../src/text/escape.ts';
import { type BenchOptions, median, rate, time } from '../bench.ts';
import { cpu } from '../jubatus-cost.ts';

const count = 40_000;

interface Logon {
  readonly number: number;
  readonly time: string;
  readonly host: string;
  readonly data: Readonly<Record<string, string>>;
}

/** Logons of one computer as Windows 10 and Server 2016 on have them: version 2 of event 4624, all its values. */
function logons(seed: number): Logon[] {
  const { integer: of } = createRandom(seed);
  const hex = (most: number): string => `0x${of(most).toString(16)}`;
  return Array.from({ length: count }, (_, number) => {
    const user = of(500);
    const network = of(3) > 0;
    return {
      number,
      time: `${new Date(Date.UTC(2026, 0, 5) + number * 2000).toISOString().slice(0, -1)}${1000 + of(9000)}Z`,
      host: `srv-${of(20)}.corp.example`,
      data: {
        SubjectUserSid: 'S-1-0-0',
        SubjectUserName: '-',
        SubjectDomainName: '-',
        SubjectLogonId: '0x0',
        TargetUserSid: `S-1-5-21-1004336348-1177238915-682003330-${1100 + user}`,
        TargetUserName: `user.${user}`,
        TargetDomainName: 'CORP',
        TargetLogonId: hex(2 ** 31),
        LogonType: network ? '3' : '10',
        LogonProcessName: network ? 'NtLmSsp ' : 'User32 ',
        AuthenticationPackageName: network ? 'NTLM' : 'Negotiate',
        WorkstationName: `WS-${user}`,
        LogonGuid: '{00000000-0000-0000-0000-000000000000}',
        TransmittedServices: '-',
        LmPackageName: network ? 'NTLM V2' : '-',
        KeyLength: network ? '128' : '0',
        ProcessId: network ? '0x0' : hex(20_000),
        ProcessName: network ? '-' : 'C:\\Windows\\System32\\svchost.exe',
        IpAddress: `10.20.${of(8)}.${user % 250}`,
        IpPort: String(1024 + of(60_000)),
        ImpersonationLevel: '%%1833',
        RestrictedAdminMode: '-',
        TargetOutboundUserName: '-',
        TargetOutboundDomainName: '-',
        VirtualAccount: '%%1843',
        TargetLinkedLogonId: '0x0',
        ElevatedToken: '%%1842',
      },
    };
  });
}

const provider = 'Microsoft-Windows-Security-Auditing';
const guid = '{54849625-5478-4994-a5ba-3e3b0328c30d}';

function asXml({ number, time: at, host, data }: Logon): string {
  const values = Object.entries(data).map(([name, value]) => `<Data Name='${name}'>${escapeMarkup(value)}</Data>`);
  return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${provider}' Guid='${guid}'/><EventID>4624</EventID><Version>2</Version><Level>0</Level><Task>12544</Task><Opcode>0</Opcode><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='${at}'/><EventRecordID>${number}</EventRecordID><Correlation ActivityID='${guid}'/><Execution ProcessID='744' ThreadID='8120'/><Channel>Security</Channel><Computer>${host}</Computer><Security/></System><EventData>${values.join('')}</EventData></Event>`;
}

/** As evtx_dump and other converters of EVTX write it. */
const asJson = ({ number, time: at, host, data }: Logon): string =>
  JSON.stringify({
    Event: {
      '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
      System: {
        Provider: { '#attributes': { Name: provider, Guid: guid } },
        EventID: 4624,
        Version: 2,
        Level: 0,
        Task: 12_544,
        Opcode: 0,
        Keywords: '0x8020000000000000',
        TimeCreated: { '#attributes': { SystemTime: at } },
        EventRecordID: number,
        Correlation: { '#attributes': { ActivityID: guid } },
        Execution: { '#attributes': { ProcessID: 744, ThreadID: 8120 } },
        Channel: 'Security',
        Computer: host,
        Security: null,
      },
      EventData: data,
    },
  });

/** As Winlogbeat 7 and 8 send it, with the event's text. */
const asWinlogbeat = ({ number, time: at, host, data }: Logon): string =>
  JSON.stringify({
    '@timestamp': at,
    '@metadata': { beat: 'winlogbeat', type: '_doc', version: '8.11.0' },
    event: { code: '4624', kind: 'event', provider, action: 'Logon', outcome: 'success', created: at },
    host: { name: host, os: { family: 'windows', name: 'Windows Server 2019 Standard', version: '10.0' } },
    agent: { type: 'winlogbeat', version: '8.11.0', hostname: host },
    log: { level: 'information' },
    winlog: {
      channel: 'Security',
      computer_name: host,
      event_data: data,
      event_id: '4624',
      keywords: ['Audit Success'],
      provider_guid: guid,
      provider_name: provider,
      record_id: number,
      version: 2,
    },
    message: `An account was successfully logged on.\n\n${Object.entries(data)
      .map(([name, value]) => `\t${name}:\t\t${value}`)
      .join('\n')}`,
  });

/** How fast logons of Windows become events, by CPU time. */
export async function windows({ seed, report }: BenchOptions): Promise<void> {
  const all = logons(seed);
  for (const [what, write] of [
    ['Windows logons, XML, one a line', asXml],
    ['Windows logons, JSON of EVTX', asJson],
    ['Windows logons, JSON of Winlogbeat', asWinlogbeat],
  ] as const) {
    // Lines as a file's reader makes them, each a text of its own.
    const lines = all.map((logon) => Buffer.from(write(logon)).toString('latin1'));
    const reader = new LogonReader();
    check(all, lines.flatMap((line) => reader.read(line)) as Event[]);
    const spent: number[] = [];
    await time(() => spent.push(cpu(() => lines.forEach((line) => void reader.read(line)))), 7);
    const taken = median(spent.slice(1));
    report({ case: what, metric: 'speed', ...rate(taken, lines.length), unit: 'events/s', goal: '>= 100000' });
    const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0) / 1e6;
    report({ case: what, metric: 'throughput', ...rate(taken, bytes), unit: 'MB/s' });
  }
}

function check(all: readonly Logon[], events: readonly Event[]): void {
  assert.equal(events.length, all.length);
  for (const [at, { fields }] of events.entries()) {
    const { data, host } = all[at] as Logon;
    assert.equal(fields['user.name'], data.TargetUserName);
    assert.equal(fields['source.ip'], data.IpAddress);
    assert.equal(fields['host.name'], host);
  }
}
