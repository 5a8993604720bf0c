import { type Day, dayLength, hour, minute, type Plan } from './plan.ts';
import { service } from './processes.ts';
import type { Activity, Change, LogRecord, Purpose, RegistryChange, Step } from './step.ts';
import { accounts, type Host, people } from './world.ts';

const machine = 'HKEY_LOCAL_MACHINE';

/** Registry values that Windows itself keeps writing. */
const restless: readonly [key: string, name: string, type: string][] = [
  [`${machine}\\System\\CurrentControlSet\\Services\\W32Time\\Config`, 'LastKnownGoodTime', 'REG_QWORD'],
  [
    `${machine}\\System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\S-1-5-18`,
    'SequenceNumber',
    'REG_DWORD',
  ],
  [`${machine}\\System\\CurrentControlSet\\Services\\SharedAccess\\Epoch`, 'Epoch', 'REG_DWORD'],
  [
    `${machine}\\System\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces\\{6d1c0a52-33e1-4a1c-9c55-1f0b8a6d2e10}`,
    'LeaseObtainedTime',
    'REG_DWORD',
  ],
  [
    `${machine}\\Software\\Microsoft\\Windows\\CurrentVersion\\Group Policy\\State\\Machine`,
    'Extension-List',
    'REG_SZ',
  ],
];

export function registry(
  host: Host,
  purpose: Purpose,
  time: number,
  change: Change,
  key: string,
  value?: { name: string; type: string },
): RegistryChange {
  return { type: 'registry', host, purpose, time, change, key, ...(value && { value }) };
}

/** A Security or System event as Wazuh's eventchannel decoder lays it out. */
function windowsEvent(
  host: Host,
  time: number,
  event: { rule: string; id: string; channel: string; message: string; data: Record<string, string> },
): LogRecord {
  const system = {
    providerName: event.channel === 'Security' ? 'Microsoft-Windows-Security-Auditing' : 'Service Control Manager',
    eventID: event.id,
    level: '0',
    systemTime: new Date(time).toISOString().replace('Z', '0000Z'),
    channel: event.channel,
    computer: `${host.name}.corp.example`,
    severityValue: event.rule === '60122' ? 'AUDIT_FAILURE' : 'AUDIT_SUCCESS',
    message: `"${event.message}"`,
  };
  return {
    rule: event.rule,
    fullLog: JSON.stringify({ win: { system, eventdata: event.data } }),
    decoder: { name: 'windows_eventchannel' },
    data: { win: { system, eventdata: event.data } },
    location: 'EventChannel',
  };
}

const logon = (host: Host, time: number, user: string, address: string, rule = '60106'): LogRecord =>
  windowsEvent(host, time, {
    rule,
    id: rule === '60106' ? '4624' : rule === '60122' ? '4625' : '4634',
    channel: 'Security',
    message:
      rule === '60106'
        ? 'An account was successfully logged on.'
        : rule === '60122'
          ? 'An account failed to log on.'
          : 'An account was logged off.',
    data: {
      targetUserName: user,
      targetDomainName: 'CORP',
      logonType: address === '-' ? '5' : '3',
      ipAddress: address,
      logonProcessName: 'Kerberos',
    },
  });

/** The office's Windows file server: logons, registry values that change by themselves, updates on Wednesdays. */
export function* windows(plan: Plan, day: Day): Generator<readonly Step[]> {
  for (const host of plan.with('windows')) {
    const random = plan.random.fork(`windows/${host.name}/${day.index}`);
    const shell = service(accounts.root, 'C:\\Windows\\System32\\svchost.exe', 'svchost.exe');
    const open = (activity: Activity, time: number) =>
      plan.open({ host, activity, time: day.start + time, random, shell });
    const logons = plan.amount(day.working ? 16 : 3);
    for (let left = logons; left > 0; left--) {
      const person = random.pick(people);
      const office = random.next() < 0.7;
      const session = open(
        'routine',
        office && day.working ? person.starts * hour + random.integer(9 * hour) : random.integer(dayLength - hour),
      );
      const [user, address] = office ? [person.account.name, person.address] : ['SYSTEM', '-'];
      if (random.next() < 0.06) session.log(logon(host, session.time, user, address, '60122')).wait([2000, 9000]);
      session.log(logon(host, session.time, user, address)).wait([minute, 20 * minute]);
      session.log(logon(host, session.time, user, address, '60137'));
      yield session.steps;
    }
    for (const scan of [2, 14]) {
      const session = open('routine', scan * hour + random.integer(4 * minute));
      const steps = restless.map(([key, name, type], index) =>
        registry(host, session.purpose, session.time + index * 120, 'modified', key, { name, type }),
      );
      yield [
        ...steps,
        registry(
          host,
          session.purpose,
          session.time + 900,
          'modified',
          `${machine}\\System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\S-1-5-18`,
        ),
      ];
    }
    if (day.weekday === 3) {
      const session = open('upgrade', 3 * hour + random.integer(30 * minute));
      const number = 5_030_000 + Math.floor(day.start / dayLength);
      const key = `${machine}\\Software\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Packages\\Package_for_KB${number}`;
      const steps: Step[] = [registry(host, session.purpose, session.time, 'added', key)];
      for (const name of ['InstallTimeHigh', 'InstallTimeLow', 'CurrentState', 'Visibility']) {
        steps.push(
          registry(host, session.purpose, session.time + 20 * steps.length, 'added', key, { name, type: 'REG_DWORD' }),
        );
      }
      const old = key.replace(String(number), String(number - 28));
      steps.push(
        registry(host, session.purpose, session.time + 400, 'deleted', old, {
          name: 'CurrentState',
          type: 'REG_DWORD',
        }),
      );
      steps.push(registry(host, session.purpose, session.time + 420, 'deleted', old));
      session.wait([30_000, 60_000]).log(
        windowsEvent(host, session.time, {
          rule: '61104',
          id: '7040',
          channel: 'System',
          message:
            'The start type of the Background Intelligent Transfer Service service was changed from demand start to auto start.',
          data: {
            param1: 'Background Intelligent Transfer Service',
            param2: 'demand start',
            param3: 'auto start',
            param4: 'BITS',
          },
        }),
      );
      yield [...steps, ...session.steps];
    }
  }
}
