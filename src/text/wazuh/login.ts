import { flatten } from './flatten.ts';
import { child, type Draft, type Json, put, string, strings, wholeNumber } from './values.ts';

/** Decoders whose alerts are about somebody becoming somebody, and what they are called as an action. */
const decoders: Readonly<Record<string, string>> = { sudo: 'sudo', su: 'su', sshd: 'ssh', pam: 'login' };

const failed: ReadonlySet<string> = new Set([
  'authentication_failed',
  'authentication_failures',
  'win_authentication_failed',
  'invalid_login',
]);

/** sudo rules: wrong password, three of them, not in sudoers, not allowed. */
const refused: ReadonlySet<string> = new Set(['5401', '5404', '5405', '5406']);
const granted: ReadonlySet<string> = new Set(['5402', '5403', '5407']);

/** Fields of `data` that become fields of the event; the rest of `data` stays under `wazuh.data.`. */
const taken: ReadonlySet<string> = new Set(
  ['dstuser', 'srcip', 'srcport', 'tty', 'pwd', 'command', 'win.eventdata.ipAddress', 'win.eventdata.ipPort'].map(
    (name) => `wazuh.data.${name}`,
  ),
);

/** `sudo`, `su`, `ssh`, `login`, `logout` or `logon` (Windows) when the alert is about a login; else undefined. */
export function loginAction(record: Json): string | undefined {
  const decoder = child(record, 'decoder');
  const groups = strings(child(record, 'rule'), 'groups') ?? [];
  if (string(child(record, 'rule'), 'id') === '5502') return 'logout';
  for (const name of [string(decoder, 'name'), string(decoder, 'parent')]) {
    if (name !== undefined && Object.hasOwn(decoders, name)) return decoders[name];
  }
  if (groups.includes('sudo')) return 'sudo';
  if (groups.includes('su')) return 'su';
  if (groups.includes('sshd')) return 'ssh';
  if (groups.includes('pam')) return 'login';
  if (!groups.some((group) => group === 'authentication_success' || failed.has(group))) return undefined;
  return groups.some((group) => group.startsWith('windows')) ? 'logon' : 'login';
}

/** Fields of a login, of `sudo` and of `su`. */
export function putLogin(draft: Draft, record: Json, action: string): void {
  const data = child(record, 'data');
  const windows = child(child(data, 'win'), 'eventdata');
  const source = account(string(data, 'srcuser'));
  const target = account(string(data, 'dstuser'));
  const changesUser = action === 'sudo' || action === 'su';
  draft['event.action'] = action;
  put(draft, 'event.outcome', outcome(child(record, 'rule')));
  put(draft, 'event.code', string(child(child(data, 'win'), 'system'), 'eventID'));
  const name = changesUser ? source.name : (target.name ?? source.name);
  put(draft, 'user.name', name ?? string(data, 'user') ?? string(windows, 'targetUserName'));
  put(draft, 'user.id', changesUser ? source.id : target.id);
  put(draft, 'user.domain', string(windows, 'targetDomainName'));
  put(draft, 'user.target.name', target.name);
  putAddress(draft, string(data, 'srcip') ?? string(windows, 'ipAddress'));
  put(draft, 'source.port', wholeNumber(string(data, 'srcport') ?? string(windows, 'ipPort')));
  put(draft, 'process.tty', string(data, 'tty'));
  put(draft, 'process.working_directory', string(data, 'pwd'));
  put(draft, 'process.command_line', string(data, 'command'));
  flatten(
    draft,
    'wazuh.data',
    data,
    name === undefined || changesUser || target.name === undefined ? withSource : taken,
  );
}

const withSource: ReadonlySet<string> = new Set([...taken, 'wazuh.data.srcuser']);

function outcome(rule: Json): 'success' | 'failure' | undefined {
  const id = string(rule, 'id') ?? '';
  const groups = strings(rule, 'groups') ?? [];
  if (refused.has(id) || groups.some((group) => failed.has(group))) return 'failure';
  return granted.has(id) || groups.includes('authentication_success') ? 'success' : undefined;
}

/** PAM writes `root(uid=0)`. */
function account(text: string | undefined): { readonly name?: string; readonly id?: string } {
  if (text === undefined) return {};
  const open = text.endsWith(')') ? text.lastIndexOf('(uid=') : -1;
  return open > 0 ? { name: text.slice(0, open), id: text.slice(open + 5, -1) } : { name: text };
}

function putAddress(draft: Draft, address: string | undefined): void {
  if (address === undefined || address === '-') return;
  const isIp =
    address.length <= 45 &&
    (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address) || /^[0-9A-Fa-f.:]*:[0-9A-Fa-f.:]*$/.test(address));
  put(draft, isIp ? 'source.ip' : 'source.address', address);
}
