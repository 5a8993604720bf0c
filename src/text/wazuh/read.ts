import { hash } from 'node:crypto';
import type { Event, EventKind, Unreadable } from '../../event/index.ts';
import { isWazuh, type Unwrapped, unwrap } from './envelope.ts';
import { isFile, putFile } from './file.ts';
import { isFinding, putFinding } from './finding.ts';
import { flatten } from './flatten.ts';
import { loginAction, putLogin } from './login.ts';
import { auditOf, isCommand, putProcess } from './process.ts';
import { parseTime } from './time.ts';
import { child, type Draft, type Json, number, own, put, string, strings } from './values.ts';

/**
 * One Wazuh record as an event, or the reason why it is none: a line of Wazuh 4's alerts.json or archives.json, a
 * document of its indexer, either in the envelope of Filebeat or Kafka, or a finding or event of Wazuh 5.
 * Pure, and throws for no input; time and memory are linear in the line, whose length the caller bounds.
 * https://documentation.wazuh.com/current/user-manual/manager/alert-management.html
 */
export function readWazuh(line: string): Event | Unreadable {
  const unwrapped = unwrap(line);
  if ('reason' in unwrapped) return unwrapped;
  const { record, raw } = unwrapped;
  if (!isWazuh(record))
    return { reason: 'not a Wazuh record: none of rule, wazuh, full_log, syscheck, decoder, manager' };
  const time = timeOf(record);
  if (time === undefined) return { reason: 'no readable timestamp' };
  const fields: Draft = {};
  const kind = isFinding(record) ? putFinding(fields, record) : putAlert(fields, record);
  return { id: identify(unwrapped, fields), time, source: 'wazuh', kind, fields, raw };
}

function timeOf(record: Json): number | undefined {
  for (const key of ['timestamp', '@timestamp']) {
    const value = own(record, key);
    const time = typeof value === 'string' ? parseTime(value) : undefined;
    if (time !== undefined) return time;
  }
  return undefined;
}

function putAlert(fields: Draft, record: Json): EventKind {
  putCommon(fields, record);
  if (isFile(record)) {
    putFile(fields, record);
    return 'file';
  }
  const audit = auditOf(record);
  if (isCommand(record, audit)) {
    putProcess(fields, record, audit);
    return 'process';
  }
  put(fields, 'message', string(record, 'full_log'));
  const action = loginAction(record);
  if (action !== undefined) {
    putLogin(fields, record, action);
    return 'login';
  }
  if (audit !== undefined) putProcess(fields, record, audit);
  flatten(fields, 'wazuh.data', child(record, 'data'));
  flatten(fields, 'wazuh.predecoder', child(record, 'predecoder'));
  return 'log';
}

function putCommon(fields: Draft, record: Json): void {
  const agent = child(record, 'agent');
  const rule = child(record, 'rule');
  const ip = string(agent, 'ip');
  put(fields, 'host.name', string(agent, 'name'));
  put(fields, 'host.id', string(agent, 'id'));
  put(fields, 'host.ip', ip === 'any' ? undefined : ip);
  put(fields, 'rule.id', string(rule, 'id'));
  put(fields, 'rule.level', number(rule, 'level'));
  put(fields, 'rule.name', string(rule, 'description'));
  put(fields, 'rule.groups', strings(rule, 'groups'));
  put(fields, 'threat.technique.id', strings(child(rule, 'mitre'), 'id'));
  put(fields, 'wazuh.location', string(record, 'location'));
  put(fields, 'wazuh.decoder', string(child(record, 'decoder'), 'name'));
  put(fields, 'wazuh.manager', string(child(record, 'manager'), 'name'));
  put(fields, 'wazuh.cluster.node', string(child(record, 'cluster'), 'node'));
}

/**
 * A name that the same record has on every reading. An alert's `id` is unique on its manager only. In archives.json,
 * where a record need not have met a rule, several may share an `id`, so there the text itself counts too.
 */
function identify({ record, raw, document }: Unwrapped, fields: Draft): string {
  if (isFinding(record)) {
    const id = fields['wazuh.event.id'] ?? fields['event.id'];
    if (document !== undefined) return `wazuh/${document}`;
    return id === undefined ? `wazuh/${digest(raw)}` : ['wazuh', id, fields['rule.id']].filter(isKnown).join('/');
  }
  const id = string(record, 'id');
  const known = id !== undefined && fields['rule.id'] !== undefined ? id : [id, digest(raw)].filter(isKnown).join('/');
  return ['wazuh', fields['wazuh.manager'], fields['wazuh.cluster.node'], known].filter(isKnown).join('/');
}

const isKnown = (part: unknown): boolean => part !== undefined;

const digest = (text: string): string => hash('sha256', text).slice(0, 24);
