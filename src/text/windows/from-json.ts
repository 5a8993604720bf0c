import type { Unreadable } from '../../event/index.ts';
import { child, isObject, type Json, own, string } from '../wazuh/values.ts';
import { placeOf } from './properties.ts';
import { among, logged, recordOfXml, unnumbered, type WindowsRecord } from './record.ts';
import { timeOf } from './time.ts';
import { XmlReader } from './xml.ts';

/** More values than any event of the security log has. */
const mostData = 256;
/** A search's result of a search's hit; a text nested without end must not end the stack. */
const mostWrappers = 4;

/**
 * The event in an object: as XML or EVTX become JSON (`Event.System`, `Event.EventData`; evtx_dump, Velociraptor), as
 * Winlogbeat and Elastic Agent send it (`winlog.event_data`, before version 7 `event_data`), as Wazuh does (`data.win`), or
 * flat, as NXLog, GELF, PowerShell, EvtxECmd and Azure's SecurityEvent write it (`EventID`, `TargetUserName`); also in
 * `_source` of Elasticsearch and `result` of Splunk, and XML in `_raw`.
 * https://www.elastic.co/docs/reference/beats/winlogbeat/exported-fields-winlog
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/securityevent
 */
export function windowsRecord(object: Json, wrappers = 0): WindowsRecord | Unreadable {
  if (isObject(own(object, 'Event'))) return fromEvent(child(object, 'Event'));
  if (isObject(own(object, 'System'))) return fromEvent(object);
  if (isObject(own(object, 'winlog'))) return fromWinlogbeat(object, child(object, 'winlog'));
  if (isObject(own(object, 'event_data'))) return fromWinlogbeat(object, object);
  const wazuh = child(isObject(own(object, 'win')) ? object : child(object, 'data'), 'win');
  if (isObject(own(wazuh, 'system'))) return fromWazuh(wazuh);
  for (const wrapper of ['_source', 'result']) {
    const inner = own(object, wrapper);
    if (isObject(inner) && wrappers < mostWrappers) return windowsRecord(inner, wrappers + 1);
  }
  const raw = string(object, '_raw');
  if (raw?.startsWith('<Event')) return recordOfXml(new XmlReader().read(raw));
  for (const prefix of ['', '_']) {
    const code = first(object, codeNames, prefix);
    if (code !== undefined) return fromFlat(object, code, prefix);
  }
  return { reason: 'no Windows event: none of Event, winlog, EventID' };
}

function fromEvent(event: Json): WindowsRecord | Unreadable {
  const system = child(event, 'System');
  const code = value(system, 'EventID');
  if (code === undefined) return unnumbered;
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

/** `winlog` is the record itself before version 7. */
function fromWinlogbeat(object: Json, winlog: Json): WindowsRecord | Unreadable {
  const code = string(winlog, 'event_id') ?? string(child(object, 'event'), 'code');
  if (code === undefined) return { reason: 'an event without winlog.event_id and event.code' };
  return {
    code,
    time: timeOf(own(object, '@timestamp')),
    host: string(winlog, 'computer_name') ?? string(child(object, 'host'), 'name'),
    number: string(winlog, 'record_id') ?? string(winlog, 'record_number'),
    provider: string(winlog, 'provider_name') ?? string(winlog, 'source_name'),
    channel: string(winlog, 'channel') ?? string(winlog, 'log_name'),
    data: dataOf(child(winlog, 'event_data')),
  };
}

/** All names begin with a small letter. https://documentation.wazuh.com/current/user-manual/ruleset */
function fromWazuh(win: Json): WindowsRecord | Unreadable {
  const system = child(win, 'system');
  const code = string(system, 'eventID');
  if (code === undefined) return { reason: 'an event without win.system.eventID' };
  const data = child(win, 'eventdata');
  return {
    code,
    time: timeOf(own(system, 'systemTime')),
    host: string(system, 'computer'),
    number: string(system, 'eventRecordID'),
    provider: string(system, 'providerName'),
    channel: string(system, 'channel'),
    data: (name) => logged(string(data, name.charAt(0).toLowerCase() + name.slice(1))),
  };
}

const codeNames = ['EventID', 'EventId', 'event_id', 'Id'];
const timeNames = ['EventTime', 'TimeCreated', 'TimeGenerated', 'TimeGenerated [UTC]', '@timestamp', 'timestamp'];

/** `prefix` is the underscore that GELF has before the fields that are not its own. */
function fromFlat(object: Json, code: string, prefix: string): WindowsRecord {
  const times = [...timeNames.map((name) => prefix + name), 'timestamp'];
  return {
    code,
    time: times.map((name) => timeOf(own(object, name))).find((time) => time !== undefined),
    host: first(object, ['Hostname', 'Computer', 'MachineName', 'hostname'], prefix) ?? string(object, 'host'),
    number: first(object, ['RecordNumber', 'EventRecordID', 'EventRecordId', 'RecordId'], prefix),
    provider: first(object, ['SourceName', 'ProviderName', 'EventSourceName', 'Provider'], prefix),
    channel: first(object, ['Channel', 'LogName'], prefix),
    data: flatData(object, code, prefix),
  };
}

/** The values stand beside the others; or in `EventData`, in EvtxECmd's `Payload`, or without names in `Properties`. */
function flatData(object: Json, code: string, prefix: string): (name: string) => string | undefined {
  const data = own(object, 'EventData');
  if (isObject(data)) return dataOf(data);
  const payload = string(object, 'Payload');
  if (payload?.startsWith('{')) return dataOf(child(parsed(payload), 'EventData'));
  const list = own(object, 'Properties');
  if (Array.isArray(list)) return (name) => logged(property(list[placeOf(code, name)]));
  const xml = typeof data === 'string' && data.startsWith('<EventData') ? new XmlReader().read(data) : undefined;
  const others = among(xml?.data ?? []);
  return (name) => logged(value(object, prefix + name)) ?? others(name);
}

function parsed(text: string): Json {
  try {
    const object: unknown = JSON.parse(text);
    return isObject(object) ? object : {};
  } catch {
    return {};
  }
}

/** `{"Value":…}`, a security identifier as an object with a `Value` of its own. */
function property(item: unknown): string | undefined {
  if (!isObject(item)) return undefined;
  const inner = own(item, 'Value');
  return isObject(inner) ? string(inner, 'Value') : string(item, 'Value');
}

const first = (object: Json, names: readonly string[], prefix: string): string | undefined => {
  for (const name of names) {
    const text = value(object, prefix + name);
    if (text !== undefined) return text;
  }
  return undefined;
};

/** A tag's text, whether it has attributes beside it or not. */
function value(parent: Json, name: string): string | undefined {
  const tag = own(parent, name);
  if (typeof tag === 'string') return tag.trim() || undefined;
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

function dataOf(data: Json): (name: string) => string | undefined {
  const list = own(data, 'Data');
  if (!Array.isArray(list)) return (name) => logged(value(data, name));
  const pairs: string[] = [];
  for (const item of list.slice(0, mostData)) {
    const name = isObject(item) ? (string(item, '@Name') ?? string(item, 'Name') ?? named(item)) : undefined;
    if (name !== undefined) pairs.push(name, string(item, '#text') ?? string(item, 'Value') ?? '');
  }
  return among(pairs);
}

const named = (item: Json): string | undefined => string(child(item, '#attributes'), 'Name');
