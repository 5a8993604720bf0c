import { child, isObject, type Json, own, string } from '../wazuh/values.ts';

/** A record in its envelope's place. */
export interface Enveloped {
  readonly record: Json;
  /** When the envelope says that it happened: EventBridge's `time`. */
  readonly time?: string;
}

const maxEnvelopes = 5;

/** Objects and JSON texts that other programs hold a record in; the first that is there is the next layer. */
const inner: readonly ((outer: Json) => unknown)[] = [
  (outer) => (own(outer, 'detail-type') === undefined ? undefined : own(outer, 'detail')),
  (outer) => own(outer, '_source'),
  (outer) => own(outer, 'CloudTrailEvent'),
  (outer) => (own(outer, 'Type') === 'Notification' ? own(outer, 'Message') : undefined),
  (outer) => (own(outer, 'rule') === undefined ? undefined : own(outer, 'log')),
  (outer) => own(child(outer, 'event'), 'original'),
  (outer) => (string(outer, 'message')?.startsWith('{') ? own(outer, 'message') : undefined),
];

/**
 * The record in the envelopes of EventBridge, SNS, LookupEvents, Elasticsearch, Filebeat and Logstash, and of labelled
 * tests (`rule` and `log`), at most five deep; itself when it is in none, or has what a record of CloudTrail has.
 */
export function unwrap(outer: Json): Enveloped {
  if (own(outer, 'eventVersion') !== undefined && own(outer, 'userIdentity') !== undefined) return { record: outer };
  let record = outer;
  let time: string | undefined;
  for (let depth = 0; depth < maxEnvelopes; depth++) {
    const next = layer(record);
    if (next === undefined) break;
    if (own(record, 'detail-type') !== undefined) time = string(record, 'time');
    record = next;
  }
  return time === undefined ? { record } : { record, time };
}

function layer(outer: Json): Json | undefined {
  for (const open of inner) {
    const value = open(outer);
    if (isObject(value)) return value;
    if (typeof value !== 'string') continue;
    const parsed = parse(value);
    if (parsed !== undefined) return parsed;
  }
  return undefined;
}

/** A JSON object, undefined when the text is none. */
export function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
