/**
 * Logon types in words.
 * https://learn.microsoft.com/windows-server/identity/securing-privileged-access/reference-tools-logon-types
 */
const types: ReadonlyMap<string, string> = new Map([
  ['0', 'system'],
  ['2', 'interactive'],
  ['3', 'network'],
  ['4', 'batch'],
  ['5', 'service'],
  ['7', 'unlock'],
  ['8', 'network-cleartext'],
  ['9', 'new-credentials'],
  ['10', 'remote-interactive'],
  ['11', 'cached-interactive'],
  ['12', 'cached-remote-interactive'],
  ['13', 'cached-unlock'],
]);

/** NTSTATUS values of failed logons. https://learn.microsoft.com/windows/security/threat-protection/auditing/event-4625 */
const statuses: ReadonlyMap<number, string> = new Map([
  [0xc000005e, 'no logon server available'],
  [0xc0000064, 'no such user'],
  [0xc000006a, 'wrong password'],
  [0xc000006d, 'wrong user name or password'],
  [0xc000006e, 'account restriction'],
  [0xc000006f, 'outside the allowed hours'],
  [0xc0000070, 'not allowed from this workstation'],
  [0xc0000071, 'password expired'],
  [0xc0000072, 'account disabled'],
  [0xc00000dc, 'server in the wrong state'],
  [0xc000010b, 'invalid logon type'],
  [0xc0000133, 'clocks too far apart'],
  [0xc000015b, 'logon type not granted'],
  [0xc000018c, 'trust between the domains failed'],
  [0xc0000192, 'logon service not started'],
  [0xc0000193, 'account expired'],
  [0xc0000224, 'password must be changed'],
  [0xc0000225, 'internal error of Windows'],
  [0xc0000234, 'account locked out'],
  [0xc00002ee, 'unspecified'],
  [0xc0000413, 'refused by the authentication firewall'],
]);

/** Results of Kerberos. RFC 4120 section 7.5.9. */
const results: ReadonlyMap<number, string> = new Map([
  [0x1, 'client entry expired'],
  [0x2, 'server entry expired'],
  [0x6, 'no such user'],
  [0x7, 'no such service'],
  [0x8, 'several entries for one account'],
  [0x9, 'account without a key'],
  [0xc, 'refused by policy'],
  [0xd, 'ticket option not possible'],
  [0xe, 'encryption type not supported'],
  [0xf, 'checksum type not supported'],
  [0x10, 'pre-authentication type not supported'],
  [0x12, 'account disabled, expired or locked out'],
  [0x14, 'ticket revoked'],
  [0x17, 'password expired'],
  [0x18, 'wrong password'],
  [0x19, 'pre-authentication required'],
  [0x1b, 'user-to-user authentication required'],
  [0x1f, 'integrity check failed'],
  [0x20, 'ticket expired'],
  [0x21, 'ticket not valid yet'],
  [0x22, 'request repeated'],
  [0x23, 'ticket for another server'],
  [0x25, 'clocks too far apart'],
  [0x29, 'message modified'],
  [0x3c, 'unspecified'],
  [0x40, 'certificate not trusted'],
]);

const noSuchUser: ReadonlySet<number> = new Set([0xc0000064, 0x6]);
/** System, batch, service. */
const unattended: ReadonlySet<string> = new Set(['0', '4', '5']);

/** A logon type in words, undefined when it is none. */
export const logonType = (code: string | undefined): string | undefined =>
  code === undefined ? undefined : types.get(code);

/** A status such as `0xC000006D`, or in decimal, signed too, as a number of 32 bits; undefined when it is none. */
export function statusNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:0[xX][0-9a-fA-F]{1,8}|-?\d{1,10})$/.test(text)) return undefined;
  return Number(text) >>> 0;
}

/** What a status other than 0 says, in words; of Kerberos, a number may mean something else. */
export const statusWords = (status: number, ofKerberos: boolean): string =>
  (ofKerberos ? results.get(status) : undefined) ?? statuses.get(status) ?? `status 0x${status.toString(16)}`;

/** Whether a logon type is one without a person. */
export const isUnattended = (code: string | undefined): boolean => code !== undefined && unattended.has(code);

/** Whether Kerberos only asks to be asked again, with a proof. */
export const isPreauthentication = (status: number | undefined): boolean => status === 0x19;

/** Whether a status says that there is no such user. */
export const isUnknownUser = (status: number): boolean => noSuchUser.has(status);
