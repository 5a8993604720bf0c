import type { Unreadable } from '../../event/index.ts';
import { parseTime } from '../wazuh/time.ts';
import { child, isObject, type Json, own, string } from '../wazuh/values.ts';

/** An event of Windows, whichever program wrote it down. */
export interface WindowsRecord {
  /** Such as `4624`. */
  readonly code: string;
  readonly time: number | undefined;
  readonly host: string | undefined;
  /** Its number in the computer's log. */
  readonly number: string | undefined;
  readonly provider: string | undefined;
  readonly channel: string | undefined;
  /** A value of the event's own data; undefined when it is not logged: empty or `-`. */
  data(name: string): string | undefined;
}

/** More than any event of the security log has. */
const mostData = 256;

/**
 * The event in an object: as XML or EVTX become JSON (`Event.System`, `Event.EventData`), as Winlogbeat sends it
 * (`winlog.event_data`), or flat, as NXLog, PowerShell and log tables write it (`EventID`, `TargetUserName`).
 * https://www.elastic.co/docs/reference/beats/winlogbeat/exported-fields-winlog
 */
export function windowsRecord(object: Json): WindowsRecord | Unreadable {
  if (isObject(own(object, 'Event'))) return fromEvent(child(object, 'Event'));
  if (isObject(own(object, 'winlog'))) return fromWinlogbeat(object);
  const code = first(object, ['EventID', 'EventId', 'event_id', 'Id']);
  return code === undefined ? { reason: 'no Windows event: none of Event, winlog, EventID' } : flat(object, code);
}

function fromEvent(event: Json): WindowsRecord | Unreadable {
  const system = child(event, 'System');
  const code = value(system, 'EventID');
  if (code === undefined) return { reason: 'an event without EventID' };
  return {
    code,
    time: timeOf(attribute(system, 'TimeCreated', 'SystemTime')),
    host: value(system, 'Computer'),
    number: value(system, 'EventRecordID'),
    provider: attribute(system, 'Provider', 'Name'),
    channel: value(system, 'Channel'),
    data: dataOf(child(event, 'EventData')),
  };
}

function fromWinlogbeat(object: Json): WindowsRecord | Unreadable {
  const winlog = child(object, 'winlog');
  const code = string(winlog, 'event_id') ?? string(child(object, 'event'), 'code');
  if (code === undefined) return { reason: 'an event without winlog.event_id and event.code' };
  return {
    code,
    time: timeOf(own(object, '@timestamp')),
    host: string(winlog, 'computer_name') ?? string(child(object, 'host'), 'name'),
    number: string(winlog, 'record_id'),
    provider: string(winlog, 'provider_name'),
    channel: string(winlog, 'channel'),
    data: dataOf(child(winlog, 'event_data')),
  };
}

const timeNames = ['EventTime', 'TimeCreated', 'TimeGenerated', '@timestamp', 'timestamp'];

const flat = (object: Json, code: string): WindowsRecord => ({
  code,
  time: timeNames.map((name) => timeOf(own(object, name))).find((time) => time !== undefined),
  host: first(object, ['Hostname', 'Computer', 'MachineName', 'hostname']),
  number: first(object, ['RecordNumber', 'EventRecordID', 'EventRecordId', 'RecordId']),
  provider: first(object, ['SourceName', 'ProviderName', 'EventSourceName']),
  channel: first(object, ['Channel', 'LogName']),
  data: dataOf(object),
});

const first = (object: Json, names: readonly string[]): string | undefined =>
  names.map((name) => value(object, name)).find((text) => text !== undefined);

/** A tag's text, whether it has attributes beside it or not. */
function value(parent: Json, name: string): string | undefined {
  const tag = own(parent, name);
  const text = isObject(tag) ? (string(tag, '#text') ?? string(tag, 'Value')) : string(parent, name);
  return text?.trim() || undefined;
}

/** A tag's attribute, as the converters of XML and EVTX name it. */
function attribute(parent: Json, tag: string, name: string): string | undefined {
  const at = child(parent, tag);
  return (
    string(at, `@${name}`) ??
    string(at, name) ??
    string(child(at, '#attributes'), name) ??
    string(child(parent, `${tag}_attributes`), name)
  );
}

/** Of a name that comes twice the first counts: Windows writes each once. */
function dataOf(data: Json): (name: string) => string | undefined {
  const list = own(data, 'Data');
  if (!Array.isArray(list)) return (name) => logged(value(data, name));
  const values = new Map<string, string | undefined>();
  for (const item of list.slice(0, mostData)) {
    const name = isObject(item) ? (string(item, '@Name') ?? string(item, 'Name') ?? named(item)) : undefined;
    if (name !== undefined && !values.has(name)) values.set(name, string(item, '#text') ?? string(item, 'Value'));
  }
  return (name) => logged(values.get(name)?.trim());
}

const named = (item: Json): string | undefined => string(child(item, '#attributes'), 'Name');

const logged = (text: string | undefined): string | undefined => (text === '' || text === '-' ? undefined : text);

/** ISO 8601, without a zone in UTC, or `/Date(1650000000000)/` as older PowerShell has it. */
function timeOf(written: unknown): number | undefined {
  if (typeof written !== 'string') return undefined;
  const ticks = /^\/Date\((-?\d{1,15})\)\/$/.exec(written);
  return ticks === null ? parseTime(written.trim()) : Number(ticks[1]);
}
