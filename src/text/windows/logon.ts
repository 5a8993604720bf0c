import { hash } from 'node:crypto';
import type { Event, Unreadable } from '../../event/index.ts';
import { parseIp } from '../ip.ts';
import { type Draft, put, wholeNumber } from '../wazuh/values.ts';
import { isUnknownUser, logonType, statusNumber, statusWords } from './codes.ts';
import type { WindowsRecord } from './record.ts';

/** What each event is. A service ticket is asked for after a logon that has a record of its own. */
const actions: ReadonlyMap<string, string> = new Map([
  ['4624', 'logon'],
  ['4625', 'logon'],
  ['4648', 'logon'],
  ['4768', 'logon'],
  ['4769', 'session'],
  ['4771', 'logon'],
  ['4776', 'logon'],
]);

const kerberos: ReadonlySet<string> = new Set(['4768', '4769', '4771']);

/** SYSTEM, LOCAL SERVICE, NETWORK SERVICE, and the accounts of the window manager and of fonts. */
const isService = (sid: string): boolean => /^S-1-5-(?:18|19|20|9[06]-[0-9-]+)$/.test(sid);

/** Whether events with this id are logons: 4624, 4625, 4648, 4768, 4769, 4771, 4776. */
export const isLogonCode = (code: string): boolean => actions.has(code);

/** Whether a record is of a kind that `logonEvent` reads, from the security log itself. */
export const isLogon = ({ code, provider, channel }: WindowsRecord): boolean =>
  actions.has(code) &&
  (provider === undefined || provider === 'Microsoft-Windows-Security-Auditing') &&
  (channel === undefined || channel.toLowerCase() === 'security');

/**
 * A logon record of the security log as an event. Account names are in lower case, as Windows takes no notice of it.
 * 4648, a logon with somebody else's credentials, has no outcome: it is logged when it is tried.
 * https://learn.microsoft.com/windows/security/threat-protection/auditing/basic-audit-logon-events
 */
export function logonEvent(record: WindowsRecord, raw: string): Event | Unreadable {
  const { code, time, host, number } = record;
  if (time === undefined) return { reason: 'no readable time' };
  const fields: Draft = { 'event.action': actions.get(code) ?? 'logon', 'event.code': code };
  put(fields, 'host.name', host);
  putUser(fields, record);
  putSource(fields, record);
  putOutcome(fields, record);
  put(fields, 'login.method', methodOf(record));
  put(fields, 'login.type', logonType(record.data('LogonType')));
  put(fields, 'service.name', record.data('ServiceName'));
  const session = record.data(code === '4624' ? 'TargetLogonId' : 'SubjectLogonId');
  if (code === '4624' || code === '4648') put(fields, 'winlog.logon.id', session === '0x0' ? undefined : session);
  const executable = record.data('ProcessName');
  put(fields, 'process.executable', executable);
  put(fields, 'process.name', executable?.slice(executable.lastIndexOf('\\') + 1) || undefined);
  const pid = executable === undefined ? undefined : statusNumber(record.data('ProcessId'));
  put(fields, 'process.pid', pid === 0 ? undefined : pid);
  const known = number !== undefined && number.length <= 20 && host !== undefined && host.length <= 255;
  const id = known ? `${host}/${number}/${time}` : hash('sha256', raw).slice(0, 24);
  return { id: `windows-logon/${id}`, time, source: 'windows-logon', kind: 'login', fields, raw };
}

/** Who logs in; with other credentials (4648), who uses them and whose they are. */
function putUser(fields: Draft, record: WindowsRecord): void {
  const borrowed = record.code === '4648';
  const [subject, target] = borrowed ? ['Subject', 'Target'] : ['Target', undefined];
  const domain = record.data(`${subject}DomainName`);
  const name = accountOf(record.data(`${subject}UserName`), kerberos.has(record.code) ? domain : undefined);
  const sid = record.data(record.code === '4768' || record.code === '4771' ? 'TargetSid' : `${subject}UserSid`);
  put(fields, 'user.name', name);
  put(fields, 'user.domain', domain);
  put(fields, 'user.id', sid === 'S-1-0-0' || sid === 'NULL SID' ? undefined : sid);
  if (name?.endsWith('$') || (sid !== undefined && isService(sid))) fields['user.machine'] = true;
  if (target !== undefined) put(fields, 'user.target.name', accountOf(record.data(`${target}UserName`), undefined));
}

/** Kerberos writes some names with their realm. */
function accountOf(name: string | undefined, realm: string | undefined): string | undefined {
  const account = name?.toLowerCase();
  const suffix = `@${realm?.toLowerCase()}`;
  if (realm === undefined || account === undefined || account === suffix) return account;
  return account.endsWith(suffix) ? account.slice(0, -suffix.length) : account;
}

function putSource(fields: Draft, { data }: WindowsRecord): void {
  const address = data('IpAddress');
  const ip = address === undefined ? undefined : parseIp(address);
  const workstation = (data('WorkstationName') ?? data('Workstation'))?.replace(/^\\\\/, '') || undefined;
  put(fields, 'source.ip', ip);
  if (ip === undefined) put(fields, 'source.address', address ?? workstation);
  put(fields, 'winlog.workstation', workstation);
  const port = wholeNumber(data('IpPort'));
  if (port !== undefined && port > 0 && port < 65_536) fields['source.port'] = port;
}

function putOutcome(fields: Draft, { code, data }: WindowsRecord): void {
  if (code === '4648') return;
  if (code === '4624') {
    fields['event.outcome'] = 'success';
    return;
  }
  const detail = statusNumber(data('SubStatus'));
  const status = detail ? detail : (statusNumber(data('Status')) ?? statusNumber(data('FailureCode')));
  const always = code === '4625' || code === '4771';
  if (status === undefined && !always) return;
  fields['event.outcome'] = status === 0 && !always ? 'success' : 'failure';
  if (!status) return;
  fields['event.reason'] = statusWords(status);
  if (isUnknownUser(status)) fields['login.unknown_user'] = true;
}

function methodOf({ code, data }: WindowsRecord): string | undefined {
  if (kerberos.has(code)) return 'kerberos';
  const written = data('AuthenticationPackageName') ?? data('PackageName') ?? data('LogonProcessName');
  return written?.startsWith('MICROSOFT_AUTHENTICATION_PACKAGE') ? 'ntlm' : written?.toLowerCase();
}
