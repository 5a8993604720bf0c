import { parseIp } from '../ip.ts';

/** An account as Windows and people write it. */
export interface Account {
  /** In lower case. */
  readonly name: string | undefined;
  /** As NetBIOS has it, in upper case. */
  readonly domain: string | undefined;
}

/**
 * The account that a name and a domain stand for: `alice` of `CORP`, `alice@corp.example`, `CORP\alice` are one. A domain
 * goes by the first label of its DNS name, which is what Windows proposes for its NetBIOS name; so one user is not two,
 * one of Kerberos and one of NTLM.
 * https://learn.microsoft.com/troubleshoot/windows-server/active-directory/naming-conventions-for-computer-domain-site-ou
 */
export function accountOf(written: string | undefined, given: string | undefined): Account {
  const text = written ?? '';
  const bar = text.indexOf('\\');
  const at = bar < 0 ? text.lastIndexOf('@') : -1;
  if (bar >= 0 && given === undefined) return account(text.slice(bar + 1), text.slice(0, bar));
  if (at > 0 && at < text.length - 1) return account(text.slice(0, at), text.slice(at + 1));
  return account(text, given ?? '');
}

const account = (name: string, domain: string): Account => ({
  name: name.toLowerCase() || undefined,
  domain: netbios(domain).toUpperCase() || undefined,
});

function netbios(domain: string): string {
  const dot = domain.indexOf('.');
  return dot <= 0 || parseIp(domain) !== undefined ? domain : domain.slice(0, dot);
}

/** The domain of `krbtgt/CORP.EXAMPLE`, where an event names no other. */
export const serviceDomain = (service: string | undefined): string | undefined =>
  service?.toLowerCase().startsWith('krbtgt/') ? service.slice(7) || undefined : undefined;

/**
 * SYSTEM, LOCAL SERVICE, NETWORK SERVICE; ANONYMOUS LOGON; accounts of services, of web applications' pools, of virtual
 * machines, of the window manager and of its fonts, of remote management.
 * https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers
 */
const machineSid = /^S-1-5-(?:7|18|19|20|(?:80|82|83|90|94|96)-[0-9-]+)$/;
const machineDomains: ReadonlySet<string> = new Set([
  ...['NT AUTHORITY', 'NT SERVICE', 'NT VIRTUAL MACHINE', 'IIS APPPOOL', 'WINDOW MANAGER', 'FONT DRIVER HOST'],
]);

/** Whether an account is a computer's or a service's of Windows itself, by its identifier or, where there is none, its domain. */
export const isMachine = (name: string | undefined, domain: string | undefined, sid: string | undefined): boolean =>
  name?.endsWith('$') === true ||
  (sid !== undefined && machineSid.test(sid)) ||
  (domain !== undefined && machineDomains.has(domain));
