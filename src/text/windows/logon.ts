import { hash } from 'node:crypto';
import type { Event, Unreadable } from '../../event/index.ts';
import { type Draft, put } from '../wazuh/values.ts';
import { accountOf, isMachine, serviceDomain } from './account.ts';
import { isPreauthentication, isUnattended, isUnknownUser, logonType, statusNumber, statusWords } from './codes.ts';
import type { WindowsRecord } from './record.ts';
import { putSource } from './whence.ts';

/** Events that are read. Who logs off (4634, 4647), gets rights (4672), is locked out (4740) or reconnects (4778) has logged in before. */
const codes: ReadonlySet<string> = new Set(['4624', '4625', '4648', '4768', '4769', '4771', '4776']);
const kerberos: ReadonlySet<string> = new Set(['4768', '4769', '4771']);

/** Packages that say how somebody logged in; `Negotiate` leaves that open. */
const telling: ReadonlySet<string> = new Set(['ntlm', 'kerberos', 'schannel', 'cloudap', 'wdigest']);

/** Whether a record is of a kind that `logonEvent` reads, from the security log itself. */
export const isLogon = ({ code, provider, channel }: WindowsRecord): boolean =>
  codes.has(code) &&
  (provider === undefined || provider === 'Microsoft-Windows-Security-Auditing') &&
  (channel === undefined || channel.toLowerCase() === 'security');

/**
 * A logon record of the security log as an event. What it is (`event.action`):
 *
 * - 4624, 4625: `logon`, from the computer that was logged in to. 4776: `logon` by NTLM, from the computer that checked
 *   the password, which knows the workstation's name alone. 4768: `logon` by Kerberos, from the domain controller that
 *   gave out the ticket; 4771: one that failed.
 * - 4648: `logon` with other credentials, from `user` to `user.target`. It has no outcome, as it is logged when it is tried.
 * - `session`, which is nobody's habit: 4769, a ticket for a service, which follows from a logon; logons of batch jobs, of
 *   services (types 4, 5) and of the system (0); those of computers (`NAME$`), of SYSTEM and its kin, of DWM-n and UMFD-n, of
 *   virtual accounts and of ANONYMOUS LOGON (`user.machine`); the second half of an administrator's logon, without
 *   privileges; 4768 where Windows only asks for pre-authentication.
 *
 * Names are in lower case, as Windows takes no notice of it.
 * https://learn.microsoft.com/windows/security/threat-protection/auditing/basic-audit-logon-events
 */
export function logonEvent(record: WindowsRecord, raw: string): Event | Unreadable {
  const { code, time, host, number } = record;
  if (time === undefined) return { reason: 'no readable time' };
  const fields: Draft = { 'event.action': 'logon', 'event.code': code };
  put(fields, 'host.name', host);
  const type = code.startsWith('462') ? record.data('LogonType') : undefined;
  putUser(fields, record, type);
  putSource(fields, record);
  const status = statusOf(record);
  if (fields['user.name'] === undefined && type === undefined && status === undefined) {
    if (fields['source.ip'] === undefined && fields['source.address'] === undefined)
      return { reason: 'a logon without its data' };
  }
  putOutcome(fields, code, status);
  put(fields, 'login.method', methodOf(record, type));
  put(fields, 'login.type', logonType(type));
  if (isSession(fields, record, type, status)) fields['event.action'] = 'session';
  if (kerberos.has(code)) put(fields, 'service.name', record.data('ServiceName'));
  if (code === '4624' || code === '4648') {
    const session = record.data(code === '4624' ? 'TargetLogonId' : 'SubjectLogonId');
    put(fields, 'winlog.logon.id', session === '0x0' ? undefined : session);
  }
  putProcess(fields, record);
  const known = number !== undefined && number.length <= 20 && host !== undefined && host.length <= 255;
  const id = known ? `${host}/${number}/${time}` : hash('sha256', raw).slice(0, 24);
  return { id: `windows-logon/${id}`, time, source: 'windows-logon', kind: 'login', fields, raw };
}

/** Who logs in; with other credentials (4648, or type 9 of 4624), who uses them and whose they are. */
function putUser(fields: Draft, { code, data }: WindowsRecord, type: string | undefined): void {
  const who = code === '4648' ? 'Subject' : 'Target';
  const { name, domain } = accountOf(
    data(`${who}UserName`) ?? data(`${who}Account`),
    data(`${who}DomainName`) ?? serviceDomain(code === '4771' ? data('ServiceName') : undefined),
  );
  const sid = data(code === '4768' || code === '4771' ? 'TargetSid' : `${who}UserSid`);
  put(fields, 'user.name', name);
  put(fields, 'user.domain', domain);
  put(fields, 'user.id', sid === 'S-1-0-0' || sid === 'NULL SID' ? undefined : sid);
  // Whoever fails may have written any domain, and NT AUTHORITY must not hide that they tried.
  if (isMachine(name, code === '4625' ? undefined : domain, sid)) fields['user.machine'] = true;
  if (code !== '4648' && type !== '9') return;
  const kind = code === '4648' ? 'Target' : 'TargetOutbound';
  const other = accountOf(data(`${kind}UserName`), data(`${kind}DomainName`));
  put(fields, 'user.target.name', other.name);
  put(fields, 'user.target.domain', other.name === undefined ? undefined : other.domain);
  const server = code === '4648' ? data('TargetServerName') : undefined;
  put(fields, 'destination.address', server?.toLowerCase() === 'localhost' ? undefined : server);
}

/** The status that says most; 0 is success. */
function statusOf({ code, data }: WindowsRecord): number | undefined {
  if (code === '4624' || code === '4648') return undefined;
  const detail = code === '4625' ? statusNumber(data('SubStatus')) : undefined;
  return detail ? detail : (statusNumber(data('Status')) ?? statusNumber(data('FailureCode')));
}

function putOutcome(fields: Draft, code: string, status: number | undefined): void {
  if (code === '4648') return;
  const always = code === '4625' || code === '4771' ? 'failure' : code === '4624' ? 'success' : undefined;
  if (always === undefined && status === undefined) return;
  fields['event.outcome'] = always ?? (status === 0 ? 'success' : 'failure');
  if (!status) return;
  fields['event.reason'] = statusWords(status, kerberos.has(code));
  if (isUnknownUser(status)) fields['login.unknown_user'] = true;
}

/** How somebody proved who they are; where that is left open, how they came. */
function methodOf({ code, data }: WindowsRecord, type: string | undefined): string | undefined {
  if (kerberos.has(code)) return 'kerberos';
  const written = (data('AuthenticationPackageName') ?? data('PackageName'))?.toLowerCase();
  const name = written?.startsWith('microsoft_authentication_package') ? 'ntlm' : written;
  if (name !== undefined && telling.has(name)) return name;
  return logonType(type) ?? name ?? data('LogonProcessName')?.toLowerCase();
}

/** Whether nobody in person logs in: it follows from a logon that has a record of its own, or no person does it. */
function isSession(
  fields: Draft,
  { code, data }: WindowsRecord,
  type: string | undefined,
  status: number | undefined,
): boolean {
  if (code === '4648') return false;
  if (code === '4769' || (code === '4768' && isPreauthentication(status))) return true;
  if (fields['user.machine'] === true && fields['login.unknown_user'] !== true) return true;
  if (isUnattended(type)) return true;
  const linked = code === '4624' ? data('TargetLinkedLogonId') : undefined;
  return linked !== undefined && linked !== '0x0' && /^(?:%%1843|no)$/i.test(data('ElevatedToken') ?? '');
}

function putProcess(fields: Draft, { data }: WindowsRecord): void {
  const executable = data('ProcessName');
  if (executable === undefined) return;
  fields['process.executable'] = executable;
  put(fields, 'process.name', executable.slice(executable.lastIndexOf('\\') + 1) || undefined);
  const pid = statusNumber(data('ProcessId'));
  put(fields, 'process.pid', pid === 0 ? undefined : pid);
}
