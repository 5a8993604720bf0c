import { type Draft, put } from '../wazuh/values.ts';
import type { Principal } from './principal.ts';

/**
 * Set the fields that tell a principal: `aws.principal.*`, and `user.name`, which is the session's name where a person
 * took on a role.
 */
export function putPrincipal(fields: Draft, { id, type, class: kind, account, session, name }: Principal): void {
  put(fields, 'aws.principal.id', id);
  put(fields, 'aws.principal.type', type);
  put(fields, 'aws.principal.class', kind);
  put(fields, 'aws.principal.account', account);
  put(fields, 'aws.principal.session', session);
  put(fields, 'user.id', id);
  put(fields, 'user.name', type === 'role' && kind === 'human' ? (session ?? name) : name);
  if (type === 'role') put(fields, 'user.roles', name === undefined ? undefined : [name]);
}
