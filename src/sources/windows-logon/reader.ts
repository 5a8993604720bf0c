import type { Coverage, Event, Unreadable } from '../../event/index.ts';
import type { Fault, LineReader } from '../../io/line-reader.ts';
import { CoverageCount } from '../../text/shape.ts';
import { isObject } from '../../text/wazuh/values.ts';
import { windowsRecord } from '../../text/windows/from-json.ts';
import { isLogon, logonEvent } from '../../text/windows/logon.ts';
import { recordOfXml, type WindowsRecord } from '../../text/windows/record.ts';
import { EventSplitter } from '../../text/windows/split.ts';
import { EventTable } from '../../text/windows/table.ts';
import { XmlReader } from '../../text/windows/xml.ts';

/**
 * Reads events of Windows from lines: XML, an event on one line or on several, or all on one; or JSON, an object a line,
 * or a list of them; or comma-separated values under a heading. JSON over several lines is refused line by line.
 */
export class LogonReader implements LineReader {
  readonly #splitter = new EventSplitter();
  readonly #table = new EventTable();
  readonly #xml = new XmlReader();
  readonly #count = new CoverageCount();

  open(): void {
    this.#splitter.end();
    this.#table.open();
  }

  read(line: string): readonly (Event | Fault)[] {
    const records = this.#read(line);
    for (const record of records) {
      if ('reason' in record) this.#count.unknown(record.reason);
      else this.#count.understood();
    }
    return records;
  }

  finish(): Unreadable | undefined {
    const unfinished = this.#splitter.end() ?? this.#table.end();
    if (unfinished !== undefined) this.#count.unknown(unfinished.reason);
    return unfinished;
  }

  state(): string {
    return this.#splitter.state() || this.#table.state();
  }

  restore(state: string): void {
    if (state.startsWith('[')) this.#table.restore(state);
    else this.#splitter.restore(state);
  }

  coverage(): Coverage {
    return this.#count.coverage();
  }

  #read(line: string): readonly (Event | Fault)[] {
    if (this.#splitter.open) return this.#fromXml(line);
    if (this.#table.begun) {
      const row = this.#table.read(line);
      if (row === undefined) return [];
      return 'reason' in row ? [row] : recordsOf(row.values, row.raw);
    }
    if (isJson(line)) return fromJson(line);
    const isHeading = line.charCodeAt(0) !== 0x3c && this.#table.begins(line);
    return isHeading ? [] : this.#fromXml(line);
  }

  #fromXml(line: string): (Event | Fault)[] {
    const records: (Event | Fault)[] = [];
    for (const part of this.#splitter.push(line)) {
      if ('reason' in part) records.push(part);
      else {
        const record = eventOf(part.record ?? recordOfXml(this.#xml.read(part.xml)), part.xml);
        if (record !== undefined) records.push(record);
      }
    }
    return records;
  }
}

function fromJson(line: string): (Event | Fault)[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [{ reason: 'not JSON: cut short, or over several lines (PowerShell writes one with -Compress)' }];
  }
  return Array.isArray(value) ? value.flatMap((item) => recordsOf(item, textOf(item))) : recordsOf(value, line);
}

/** What is nested too deeply to be written again has no text. */
function textOf(item: unknown): string {
  try {
    return JSON.stringify(item);
  } catch {
    return '';
  }
}

function recordsOf(value: unknown, raw: string): (Event | Fault)[] {
  if (!isObject(value)) return [{ reason: 'not a JSON object', raw }];
  const record = eventOf(windowsRecord(value), raw);
  return record === undefined ? [] : [record];
}

function eventOf(record: WindowsRecord | Unreadable, raw: string): Event | Fault | undefined {
  if ('reason' in record) return { ...record, raw };
  if (!isLogon(record)) return undefined;
  const event = logonEvent(record, raw);
  return 'reason' in event ? { ...event, raw } : event;
}

const isJson = (line: string): boolean => /^\s{0,64}[{[]/.test(line);
