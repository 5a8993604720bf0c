import type { Coverage, Event, Unreadable } from '../../event/index.ts';
import type { LineReader } from '../../io/line-reader.ts';
import { CoverageCount } from '../../text/shape.ts';
import { isObject, type Json } from '../../text/wazuh/values.ts';
import { isLogon, isLogonCode, logonEvent } from '../../text/windows/logon.ts';
import { windowsRecord } from '../../text/windows/record.ts';
import { EventSplitter } from '../../text/windows/split.ts';
import { parseEventXml } from '../../text/windows/xml.ts';

/**
 * Reads events of Windows from lines: XML, an event on one line or on several, or all on one; or JSON, an object a line.
 * Where a line holds good events and faulty ones, the faulty are in the coverage alone.
 */
export class LogonReader implements LineReader {
  readonly #splitter = new EventSplitter();
  readonly #count = new CoverageCount();

  open(): void {
    this.#splitter.end();
  }

  read(line: string): readonly Event[] | Unreadable {
    if (!this.#splitter.open && isJson(line)) return this.#all([this.#json(line)]);
    return this.#all(this.#splitter.push(line).map((part) => ('xml' in part ? this.#xml(part.xml) : part)));
  }

  finish(): Unreadable | undefined {
    const unfinished = this.#splitter.end();
    if (unfinished !== undefined) this.#count.unknown(unfinished.reason);
    return unfinished;
  }

  state(): string {
    return this.#splitter.state();
  }

  restore(state: string): void {
    this.#splitter.restore(state);
  }

  coverage(): Coverage {
    return this.#count.coverage();
  }

  #all(read: readonly (Event | Unreadable | undefined)[]): readonly Event[] | Unreadable {
    const events: Event[] = [];
    let fault: Unreadable | undefined;
    for (const each of read) {
      if (each === undefined) continue;
      if ('reason' in each) {
        this.#count.unknown(each.reason);
        fault ??= each;
      } else {
        this.#count.understood();
        events.push(each);
      }
    }
    return events.length === 0 && fault !== undefined ? fault : events;
  }

  #xml(xml: string): Event | Unreadable | undefined {
    if (isOther(xml)) return undefined;
    const parsed = parseEventXml(xml);
    return isUnreadable(parsed) ? parsed : toEvent(parsed, xml);
  }

  #json(line: string): Event | Unreadable | undefined {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return { reason: 'not JSON: cut short, or an object over several lines' };
    }
    return isObject(value) ? toEvent(value, line) : { reason: 'not a JSON object' };
  }
}

function toEvent(object: Json, raw: string): Event | Unreadable | undefined {
  const record = windowsRecord(object);
  if ('reason' in record) return record;
  return isLogon(record) ? logonEvent(record, raw) : undefined;
}

const isUnreadable = (value: Json | Unreadable): value is Unreadable => 'reason' in value;

const isJson = (line: string): boolean => /^\s{0,64}[{[]/.test(line);

/** The security log holds many other events; those whose first EventID is plain to see cost no parsing. */
function isOther(xml: string): boolean {
  const at = xml.indexOf('<EventID');
  const code = /^<EventID(?: Qualifiers=["']\d{0,9}["'])?>(\d{1,5})<\/EventID>/.exec(xml.slice(at, at + 64))?.[1];
  return at >= 0 && code !== undefined && !isLogonCode(code);
}
