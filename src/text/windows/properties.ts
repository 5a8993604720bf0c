const subject = ['SubjectUserSid', 'SubjectUserName', 'SubjectDomainName', 'SubjectLogonId'];
const target = ['TargetUserSid', 'TargetUserName', 'TargetDomainName'];
const session = ['LogonType', 'LogonProcessName', 'AuthenticationPackageName', 'WorkstationName'];
const package_ = ['TransmittedServices', 'LmPackageName', 'KeyLength'];
const from = ['ProcessId', 'ProcessName', 'IpAddress', 'IpPort'];

/**
 * The names of an event's values in their order, which is all that PowerShell's `Properties` has.
 * https://learn.microsoft.com/windows/security/threat-protection/auditing/event-4624 and the others' pages
 */
const names: ReadonlyMap<string, readonly string[]> = new Map([
  ['4624', [...subject, ...target, 'TargetLogonId', ...session, 'LogonGuid', ...package_, ...from]],
  ['4625', [...subject, ...target, 'Status', 'FailureReason', 'SubStatus', ...session, ...package_, ...from]],
  [
    '4648',
    [
      ...subject,
      ...['LogonGuid', 'TargetUserName', 'TargetDomainName', 'TargetLogonGuid', 'TargetServerName', 'TargetInfo'],
      ...from,
    ],
  ],
  [
    '4768',
    [
      ...['TargetUserName', 'TargetDomainName', 'TargetSid', 'ServiceName', 'ServiceSid', 'TicketOptions', 'Status'],
      ...['TicketEncryptionType', 'PreAuthType', 'IpAddress', 'IpPort'],
    ],
  ],
  [
    '4769',
    [
      ...['TargetUserName', 'TargetDomainName', 'ServiceName', 'ServiceSid', 'TicketOptions', 'TicketEncryptionType'],
      ...['IpAddress', 'IpPort', 'Status'],
    ],
  ],
  [
    '4771',
    [
      ...['TargetUserName', 'TargetSid', 'ServiceName', 'TicketOptions', 'Status', 'PreAuthType', 'IpAddress'],
      'IpPort',
    ],
  ],
  ['4776', ['PackageName', 'TargetUserName', 'Workstation', 'Status']],
]);

/** Which of an event's values a name stands for; -1 for none. */
export const placeOf = (code: string, name: string): number => names.get(code)?.indexOf(name) ?? -1;
