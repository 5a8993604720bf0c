import type { EventKind } from '../../event/index.ts';
import { parseAudit } from './auditd.ts';
import { flatten } from './flatten.ts';
import { putProcess } from './process.ts';
import { child, type Draft, isObject, type Json, number, own, put, string, strings } from './values.ts';

/** Wazuh 5 names a rule's level with a word; a number from the same band of Wazuh 4's dashboard stands for it. */
const levels: Readonly<Record<string, number>> = { informational: 1, low: 4, medium: 7, high: 12, critical: 15 };

const texts = [
  ...['event.action', 'event.outcome', 'event.code', 'event.id', 'file.path', 'file.owner', 'file.mode', 'message'],
  ...['file.hash.md5', 'file.hash.sha1', 'file.hash.sha256', 'process.command_line', 'process.executable'],
  ...['process.name', 'process.parent.executable', 'process.tty', 'process.working_directory', 'registry.path'],
  ...['registry.value', 'source.ip', 'user.id', 'user.name', 'user.effective.id', 'user.effective.name'],
  ...['user.target.name', 'wazuh.event.id', 'wazuh.rule.id', 'wazuh.cluster.name', 'wazuh.cluster.node'],
];
const numbers = ['file.size', 'process.pid', 'process.parent.pid', 'source.port'];
const lists = ['process.args', 'event.category', 'event.type'];

/** Whether a record follows the Wazuh Common Schema of Wazuh 5, nested or with dotted names. */
export const isFinding = (record: Json): boolean =>
  isObject(own(record, 'wazuh')) || Object.hasOwn(record, 'wazuh.agent.id') || Object.hasOwn(record, 'wazuh.rule.id');

/**
 * Fields of a Wazuh 5 finding or event: it has Elastic Common Schema names already, which are copied, and the fields that
 * every Wazuh event carries are added. Returns its kind.
 */
export function putFinding(draft: Draft, record: Json): EventKind {
  const flat: Draft = Object.create(null);
  flatten(flat, '', record, new Set(['event.original', '@timestamp', 'timestamp']));
  for (const name of texts) retype(flat, name, string(flat, name) ?? strings(flat, name)?.[0]);
  for (const name of numbers) retype(flat, name, number(flat, name));
  for (const name of lists) retype(flat, name, strings(flat, name));
  Object.assign(draft, flat);
  putCommon(draft, flat);
  const audit = parseOriginal(record);
  if (audit?.execve !== undefined) putProcess(draft, record, audit);
  const args = strings(flat, 'process.args');
  if (draft['process.command_line'] === undefined) put(draft, 'process.command_line', args?.join(' ') || undefined);
  const kind = kindOf(draft);
  if (kind === 'file') putFileAction(draft);
  return kind;
}

function retype(flat: Draft, name: string, value: Draft[string] | undefined): void {
  delete flat[name];
  put(flat, name, value);
}

function putCommon(draft: Draft, flat: Draft): void {
  const first = (...names: string[]): string | undefined => {
    for (const name of names) {
      const value = string(flat, name) ?? strings(flat, name)?.[0];
      if (value !== undefined) return value;
    }
    return undefined;
  };
  retype(draft, 'host.name', first('wazuh.agent.name', 'wazuh.agent.host.name', 'host.name'));
  retype(draft, 'host.id', first('wazuh.agent.id', 'host.id'));
  retype(draft, 'host.ip', first('wazuh.agent.host.ip', 'host.ip'));
  retype(draft, 'rule.id', first('wazuh.rule.id', 'rule.id'));
  retype(draft, 'rule.name', first('wazuh.rule.title', 'wazuh.rule.name', 'wazuh.rule.description', 'rule.name'));
  const level = first('wazuh.rule.level', 'rule.level')?.toLowerCase();
  retype(
    draft,
    'rule.level',
    level === undefined ? undefined : Object.hasOwn(levels, level) ? levels[level] : number({ level }, 'level'),
  );
  retype(draft, 'rule.groups', strings(flat, 'wazuh.rule.tags') ?? strings(flat, 'rule.groups'));
  retype(draft, 'wazuh.location', first('wazuh.protocol.location', 'wazuh.location'));
  retype(draft, 'wazuh.decoder', first('wazuh.integration.decoders', 'wazuh.decoder'));
  retype(draft, 'wazuh.manager', first('wazuh.cluster.node', 'wazuh.manager'));
  const techniques = strings(flat, 'wazuh.rule.mitre.technique.id') ?? strings(flat, 'threat.technique.id');
  retype(draft, 'threat.technique.id', techniques);
}

function parseOriginal(record: Json) {
  const log = own(record, 'event.original') ?? own(child(record, 'event'), 'original');
  return typeof log === 'string' && /^\s*(?:node=\S+ )?type=/.test(log) ? parseAudit(log) : undefined;
}

function kindOf(draft: Draft): EventKind {
  const categories = draft['event.category'];
  const has = (category: string): boolean => typeof categories === 'object' && categories.includes(category);
  const isCommand = draft['process.command_line'] !== undefined;
  if (draft['file.path'] === undefined) put(draft, 'file.path', draft['registry.path']);
  const isFile = draft['file.path'] !== undefined;
  if (has('authentication') || has('session')) return 'login';
  if (isFile && (has('file') || has('registry'))) return 'file';
  if (isCommand) return 'process';
  return isFile ? 'file' : 'log';
}

const actions: Readonly<Record<string, string>> = { creation: 'added', change: 'modified', deletion: 'deleted' };

function putFileAction(draft: Draft): void {
  const action = draft['event.action'];
  if (action === 'added' || action === 'modified' || action === 'deleted') return;
  const types = draft['event.type'];
  const type = typeof types === 'object' ? types.find((name) => Object.hasOwn(actions, name)) : undefined;
  if (type !== undefined) put(draft, 'event.action', actions[type]);
}
