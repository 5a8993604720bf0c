import type { Unreadable } from '../../event/index.ts';
import { readPlainEvent } from './plain-event.ts';
import { recordOfXml, type WindowsRecord } from './record.ts';
import { childOf, XmlReader } from './xml.ts';

/** An event's own XML, from `<Event` to `</Event>`. */
export interface EventText {
  readonly xml: string;
  /** Where it has been read already. */
  readonly record?: WindowsRecord | Unreadable;
}

/** Windows itself keeps an event under 64 KiB; escapes and indentation make its XML longer. */
const longest = 262_144;

/** Where a line begins: between events; in one, its CDATA, a comment or an instruction in it; a comment between events. */
type Mode = 'between' | 'event' | 'data' | 'note' | 'comment' | 'instruction';

const doctype = 'an event with a document type, which none of Windows has';
const unended: Unreadable = { reason: 'an event that does not end before the next' };

const modes: readonly Mode[] = ['between', 'event', 'data', 'note', 'comment', 'instruction'];
const ends: Readonly<Partial<Record<Mode, string>>> = { data: ']]>', note: '-->', comment: '-->', instruction: '?>' };

/**
 * Cuts lines of XML into events, whether one event has a line, many lines, or all share one. What stands in CDATA and
 * comments begins and ends nothing. An event that another one follows before its end is given up, as is one of more than
 * 262,144 characters or with a document type. Linear time.
 */
export class EventSplitter {
  readonly #reader = new XmlReader();
  #mode: Mode = 'between';
  /** The event's lines so far. */
  #begun = '';
  #tooLong = false;
  #fault: string | undefined;

  /** Whether an event has begun and not ended. */
  get open(): boolean {
    return this.#mode !== 'between';
  }

  /** The events that end in `line` and what is wrong with others; none and no fault where `line` is only a part. */
  push(line: string): (EventText | Unreadable)[] {
    const found: (EventText | Unreadable)[] = [];
    let from = 0;
    let foreign = false;
    for (let at = 0; at < line.length; ) {
      const end = ends[this.#mode];
      if (end !== undefined) {
        const stop = line.indexOf(end, at);
        if (stop < 0) break;
        this.#mode = this.#mode === 'comment' ? 'between' : 'event';
        at = stop + end.length;
        continue;
      }
      if (this.#mode === 'between') {
        const tag = line.indexOf('<', at);
        foreign ||= !isBlank(line, at, tag < 0 ? line.length : tag);
        if (tag < 0) break;
        if (isEventStart(line, tag)) {
          const whole = this.#whole(line, tag);
          if (whole === undefined) this.#begin();
          else found.push(whole);
          from = tag;
          at = tag + (whole?.xml.length ?? 6);
        } else if (line.startsWith('<!--', tag)) {
          this.#mode = 'comment';
          at = tag + 4;
        } else {
          foreign ||= !isAround(line, tag);
          at = endOfTag(line, tag);
        }
        continue;
      }
      mark.lastIndex = at;
      const tag = mark.exec(line)?.index;
      if (tag === undefined) break;
      if (line.charCodeAt(tag + 1) === 0x2f) {
        at = endOfTag(line, tag);
        found.push(this.#finish(line.slice(from, at)));
        from = at;
      } else if (line.startsWith('<![CDATA[', tag)) {
        this.#mode = 'data';
        at = tag + 9;
      } else if (line.startsWith('<!--', tag)) {
        this.#mode = 'note';
        at = tag + 4;
      } else if (line.charCodeAt(tag + 1) === 0x3f) {
        this.#mode = 'instruction';
        at = tag + 2;
      } else if (line.charCodeAt(tag + 1) === 0x21) {
        this.#fault = doctype;
        at = tag + 2;
      } else {
        found.push(unended);
        this.#begin();
        from = tag;
        at = tag + 6;
      }
    }
    if (this.open && this.#mode !== 'comment') this.#keep(`${line.slice(from)}\n`);
    else if (foreign && found.length === 0) found.push({ reason: 'neither Event XML nor a JSON object' });
    return found;
  }

  /** At the end of the input. */
  end(): Unreadable | undefined {
    const unfinished = this.open && this.#mode !== 'comment';
    this.#reset();
    return unfinished ? { reason: 'the input ends within an event' } : undefined;
  }

  /** What is needed to go on between two lines. */
  state(): string {
    if (!this.open) return '';
    const flags = `${modes.indexOf(this.#mode)}${this.#tooLong ? 'l' : this.#fault === undefined ? '-' : 'f'}`;
    return flags + this.#begun;
  }

  /** Throws TypeError when `state` is none. */
  restore(state: string): void {
    this.#reset();
    if (state === '') return;
    if (!/^[1-5][lf-]/.test(state) || state.length > longest + 2) throw new TypeError('Not a splitter state.');
    this.#mode = modes[Number(state[0])] as Mode;
    this.#tooLong = state[1] === 'l';
    if (state[1] === 'f') this.#fault = doctype;
    this.#begun = state.slice(2);
  }

  /** The event that begins at `at`, where it is whole and well-formed. */
  #whole(line: string, at: number): EventText | undefined {
    const plain = readPlainEvent(line, at);
    const event = plain === undefined ? this.#reader.read(line, at) : undefined;
    if (plain === undefined && (event === undefined || childOf(event, 'Event') !== undefined)) return undefined;
    const end = plain?.end ?? this.#reader.end;
    return end - at > longest ? undefined : { xml: line.slice(at, end), record: plain?.record ?? recordOfXml(event) };
  }

  #begin(): void {
    this.#reset();
    this.#mode = 'event';
  }

  #reset(): void {
    this.#mode = 'between';
    this.#begun = '';
    this.#tooLong = false;
    this.#fault = undefined;
  }

  #keep(text: string): void {
    this.#tooLong ||= this.#begun.length + text.length > longest;
    this.#begun = this.#tooLong ? '' : this.#begun + text;
  }

  #finish(rest: string): EventText | Unreadable {
    this.#keep(rest);
    const xml = this.#begun;
    const fault = this.#tooLong ? `an event of more than ${longest} characters` : this.#fault;
    this.#reset();
    return fault === undefined ? { xml } : { reason: fault };
  }
}

/** What matters within an event: its end, the beginning of another, CDATA, a comment, an instruction, a document type. */
const mark = /<(?:[!?]|\/?(?:[A-Za-z_][\w.-]{0,63}:)?Event(?=[\s>]|$))/g;
const start = /<(?:[A-Za-z_][\w.-]{0,63}:)?Event(?=[\s>]|$)/y;

/** `<Event>` and `<Event xmlns=…`, also with a prefix, but not `<EventID>`. */
function isEventStart(line: string, at: number): boolean {
  start.lastIndex = at;
  return start.test(line);
}

/** What an export has around its events: a declaration, `<Events>`, an end tag left over. */
const isAround = (line: string, at: number): boolean =>
  line.startsWith('<?', at) || line.startsWith('<Events', at) || line.startsWith('</Event', at);

function endOfTag(line: string, at: number): number {
  const end = line.indexOf('>', at);
  return end < 0 ? line.length : end + 1;
}

/** Spaces, a byte order mark, and the `-` that browsers show for a tree to fold. */
function isBlank(line: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = line.charCodeAt(at);
    if (!isSpace(code) && code !== 0x2d && code !== 0xfeff) return false;
  }
  return true;
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
