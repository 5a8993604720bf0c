import type { Json } from '../wazuh/values.ts';
import { decode } from './characters.ts';

type Element = Record<string, unknown>;

const tag = /\s*<([A-Za-z]{1,64})([^<>]*)>/y;
const attribute = /\s+([A-Za-z]{1,64})\s*=\s*(?:"([^"\t\r\n]*)"|'([^'\t\r\n]*)')/y;

interface StartTag {
  readonly name: string;
  /** Whether it is its own end. */
  readonly empty: boolean;
  /** Its attributes as `@name`. */
  readonly element: Element;
  readonly hasAttributes: boolean;
  /** Where reading goes on. */
  readonly next: number;
}

/**
 * An event in the XML that Windows writes: sections such as `System` and `EventData`, in them tags with attributes or
 * text, and no more. Undefined for what is not as plain, which a parser must read: comments, CDATA, deeper nesting, a
 * tag that comes twice, and what is not well-formed. Linear time.
 */
export function readPlainEvent(xml: string): Json | undefined {
  const event = readStart(xml, 0);
  if (event === undefined || event.name !== 'Event' || event.empty) return undefined;
  const { element } = event;
  for (let at = event.next; ; ) {
    const end = endOf(xml, at, 'Event');
    if (end >= 0) return xml.slice(end).trim() === '' ? { Event: element } : undefined;
    const section = readStart(xml, at);
    if (section === undefined || section.name === 'Data' || Object.hasOwn(element, section.name)) return undefined;
    at = section.empty ? section.next : readSection(xml, section);
    if (at < 0) return undefined;
    element[section.name] = section.element;
  }
}

/** Fills the section with its tags, up to just after its end; -1 when they are not plain. */
function readSection(xml: string, { name, element: section, next }: StartTag): number {
  const data: unknown[] = [];
  for (let at = next; ; ) {
    const end = endOf(xml, at, name);
    if (end >= 0) {
      if (data.length > 0) section.Data = data;
      return end;
    }
    const item = readStart(xml, at);
    if (item === undefined || Object.hasOwn(section, item.name)) return -1;
    let text = '';
    at = item.next;
    if (!item.empty) {
      const close = xml.indexOf('<', at);
      text = xml.slice(at, close);
      at = close < 0 ? -1 : endOf(xml, close, item.name);
      if (at < 0) return -1;
    }
    const value = contentOf(item, decode(text));
    if (item.name === 'Data') data.push(value);
    else section[item.name] = value;
  }
}

function contentOf({ element, hasAttributes }: StartTag, text: string): unknown {
  if (!hasAttributes) return text;
  if (text !== '') element['#text'] = text;
  return element;
}

/** Just after the end tag of `name`, before which only spaces may stand; -1 when there is none. */
function endOf(xml: string, from: number, name: string): number {
  let at = from;
  while (isSpace(xml.charCodeAt(at))) at++;
  const end = at + 2 + name.length;
  return xml.startsWith('</', at) && xml.startsWith(name, at + 2) && xml.charCodeAt(end) === 62 ? end + 1 : -1;
}

function readStart(xml: string, at: number): StartTag | undefined {
  tag.lastIndex = at;
  const found = tag.exec(xml);
  if (found === null) return undefined;
  const [, name, written] = found as unknown as [string, string, string];
  const empty = written.endsWith('/');
  const element: Element = {};
  if (written !== '' && !readAttributes(empty ? written.slice(0, -1) : written, element)) return undefined;
  return { name, empty, element, hasAttributes: written.includes('='), next: tag.lastIndex };
}

function readAttributes(written: string, element: Element): boolean {
  let at = 0;
  attribute.lastIndex = 0;
  for (let found = attribute.exec(written); found !== null; found = attribute.exec(written)) {
    const name = `@${found[1]}`;
    if (Object.hasOwn(element, name)) return false;
    element[name] = decode(found[2] ?? found[3] ?? '');
    at = attribute.lastIndex;
  }
  return written.slice(at).trim() === '';
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
