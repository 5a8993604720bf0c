import type { Unreadable } from '../../event/index.ts';
import { child, isObject, type Json, own, string } from './values.ts';

/** A record without what transported it. */
export interface Unwrapped {
  readonly record: Json;
  /** The record's own JSON text. */
  readonly raw: string;
  /** The indexer's name for the document. */
  readonly document?: string;
}

/**
 * Parse one line and take off the envelope: an indexer hit (`_source`), or what Filebeat sends (to Kafka too), whose
 * `message` holds the alert as text. The envelope's own `agent` is Filebeat, so nothing of it is kept.
 */
export function unwrap(line: string): Unwrapped | Unreadable {
  const outer = parse(line);
  if ('reason' in outer) return outer;
  const hit = own(outer.record, '_source');
  const document = isObject(hit) ? string(outer.record, '_id') : undefined;
  const record = isObject(hit) ? hit : outer.record;
  if (!isShipped(record)) return { record, raw: line, ...(document !== undefined && { document }) };
  const message = own(record, 'message') as string;
  const inner = parse(message);
  return 'reason' in inner
    ? { reason: `the envelope's message is ${inner.reason}` }
    : { record: inner.record, raw: message };
}

/** Wazuh 4 has no field `message`; Wazuh 5 has, beside its own `wazuh`. */
const isShipped = (record: Json): boolean =>
  typeof own(record, 'message') === 'string' &&
  (Object.hasOwn(record, '@metadata') || string(child(record, 'agent'), 'type') === 'filebeat' || !isWazuh(record));

/** Whether any part of the record is Wazuh's. */
export const isWazuh = (record: Json): boolean =>
  ['rule', 'wazuh', 'wazuh.agent.id', 'wazuh.rule.id', 'full_log', 'syscheck', 'decoder', 'manager'].some((key) =>
    Object.hasOwn(record, key),
  );

function parse(text: string): { readonly record: Json } | Unreadable {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { reason: text.trimEnd().endsWith('}') ? 'not JSON' : 'not JSON: cut short or not a JSON object' };
  }
  return isObject(value) ? { record: value } : { reason: 'not a JSON object' };
}
