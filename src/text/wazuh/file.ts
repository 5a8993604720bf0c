import { child, type Draft, type Json, number, own, put, string, strings } from './values.ts';

const actions: Readonly<Record<string, 'added' | 'modified' | 'deleted'>> = {
  '550': 'modified',
  '553': 'deleted',
  '554': 'added',
  '594': 'modified',
  '597': 'deleted',
  '598': 'added',
  '750': 'modified',
  '751': 'deleted',
  '752': 'added',
};

const registryRules: ReadonlySet<unknown> = new Set(['594', '597', '598', '750', '751', '752']);

/** Whether an alert tells of a file or a registry key. */
export const isFile = (record: Json): boolean => string(child(record, 'syscheck'), 'path') !== undefined;

/** Fields of a changed file or registry key. https://documentation.wazuh.com/current/user-manual/capabilities/file-integrity/ */
export function putFile(draft: Draft, record: Json): void {
  const check = child(record, 'syscheck');
  const path = string(check, 'path');
  const rule = own(child(record, 'rule'), 'id');
  put(draft, 'file.path', path);
  put(draft, 'event.action', string(check, 'event') ?? (typeof rule === 'string' ? action(rule) : undefined));
  put(draft, 'wazuh.fim.mode', string(check, 'mode'));
  put(draft, 'wazuh.fim.tags', strings(check, 'tags'));
  const value = string(check, 'value_name');
  const arch = string(check, 'arch');
  if (registryRules.has(rule) || value !== undefined || arch !== undefined || path?.startsWith('HKEY_')) {
    put(draft, 'registry.path', path);
    put(draft, 'registry.value', value);
    put(draft, 'registry.data.type', string(check, 'value_type'));
    put(draft, 'wazuh.fim.arch', arch);
  }
  put(draft, 'file.target_path', string(check, 'symbolic_path'));
  put(draft, 'file.owner', string(check, 'uname_after'));
  put(draft, 'file.group', string(check, 'gname_after'));
  put(draft, 'file.mode', string(check, 'perm_after'));
  put(draft, 'file.size', number(check, 'size_after'));
  put(draft, 'file.hash.md5', string(check, 'md5_after'));
  put(draft, 'file.hash.sha1', string(check, 'sha1_after'));
  put(draft, 'file.hash.sha256', string(check, 'sha256_after'));
  put(draft, 'file.changed_attributes', strings(check, 'changed_attributes'));
  putWho(draft, child(check, 'audit'));
}

const action = (rule: string): string | undefined => (Object.hasOwn(actions, rule) ? actions[rule] : undefined);

/** Who changed it, where syscheck watches in `whodata` mode. */
function putWho(draft: Draft, audit: Json): void {
  const process = child(audit, 'process');
  const effective = child(audit, 'effective_user');
  const user = child(audit, 'user');
  const login = child(audit, 'login_user');
  put(draft, 'user.name', string(effective, 'name') ?? string(user, 'name'));
  put(draft, 'user.id', string(effective, 'id') ?? string(user, 'id'));
  put(draft, 'user.audit.name', string(login, 'name'));
  put(draft, 'user.audit.id', string(login, 'id'));
  put(draft, 'process.executable', string(process, 'name'));
  put(draft, 'process.pid', number(process, 'id'));
  put(draft, 'process.parent.pid', number(process, 'ppid'));
  put(draft, 'process.parent.executable', string(process, 'parent_name'));
  put(draft, 'process.working_directory', string(process, 'cwd'));
}
