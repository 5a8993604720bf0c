import { decode } from './characters.ts';
import { readStart, type StartTag } from './start-tag.ts';

/** An element of XML. */
export interface Element {
  /** Without a prefix. */
  readonly name: string;
  /** Names, as they are written, and values by turns. */
  readonly attributes: readonly string[];
  /** What stands in it itself, with CDATA and without comments. */
  text: string;
  /** All that stand in it but `Data`. */
  children: readonly Element[];
  /** Of each `Data` in it its attribute `Name`, '' where it has none, and its text, by turns. */
  data: readonly string[];
}

const deepest = 16;
const none: readonly never[] = [];
const [slash, bang, question, close] = [47, 33, 63, 62];

/**
 * Reads XML: elements with attributes, text, CDATA, comments, processing instructions, and the characters that XML names
 * itself. What has a document type, is more than 16 deep or is not well-formed is refused. The caller bounds the length.
 * Never throws; linear time. https://www.w3.org/TR/xml/
 */
export class XmlReader {
  /** Just after the element that was read last. */
  end = 0;

  /** The element that begins at `from`, with all that is in it; undefined when it is not well-formed or does not end. */
  read(xml: string, from = 0): Element | undefined {
    const open: Element[] = [];
    const starts: StartTag[] = [];
    let parent: Element | undefined;
    for (let at = from; ; ) {
      const start = xml.indexOf('<', at);
      if (start < 0 || (parent === undefined && start > from)) return undefined;
      const next = xml.charCodeAt(start + 1);
      if (start > at && parent !== undefined) {
        const text = decode(xml.slice(at, start));
        parent.text = parent.text === '' ? text : parent.text + text;
      }
      if (next === slash) {
        at = endOf(xml, start, starts.pop());
        const element = open.pop();
        parent = open.at(-1);
        if (at < 0) return undefined;
        if (parent === undefined) {
          this.end = at;
          return element;
        }
        adopt(parent, element as Element);
      } else if (next === bang || next === question) {
        if (parent === undefined) return undefined;
        const data = xml.startsWith('<![CDATA[', start);
        if (next === bang && !data && !xml.startsWith('<!--', start)) return undefined;
        at = next === question ? after(xml, '?>', start + 2) : after(xml, data ? ']]>' : '-->', start + (data ? 9 : 4));
        if (at < 0) return undefined;
        if (data) parent.text += xml.slice(start + 9, at - 3);
      } else {
        if (open.length === deepest) return undefined;
        const tag = readStart(xml, start);
        if (tag === undefined) return undefined;
        const { name, attributes } = tag;
        const element: Element = { name, attributes, text: '', children: none, data: none };
        if (tag.empty && parent !== undefined) adopt(parent, element);
        at = tag.end;
        if (!tag.empty) {
          open.push(element);
          starts.push(tag);
          parent = element;
        } else if (parent === undefined) {
          this.end = at;
          return element;
        }
      }
    }
  }
}

function adopt(parent: Element, child: Element): void {
  if (child.name === 'Data') add(parent, attributeOf(child, 'Name') ?? '', child.text);
  else if (parent.children === none) parent.children = [child];
  else (parent.children as Element[]).push(child);
}

function add(parent: Element, name: string, text: string): void {
  if (parent.data === none) parent.data = [name, text];
  else (parent.data as string[]).push(name, text);
}

/** The value of an element's attribute; of two of a name the first counts. */
export function attributeOf({ attributes }: Element, name: string): string | undefined {
  for (let at = 0; at < attributes.length; at += 2) if (attributes[at] === name) return attributes[at + 1];
  return undefined;
}

/** The first child of a name. */
export function childOf({ children }: Element, name: string): Element | undefined {
  for (const child of children) if (child.name === name) return child;
  return undefined;
}

/** Just after `mark`; -1 when there is none. */
function after(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length;
}

/** Just after the end tag at `start`, which must be that of `tag`; -1 when it is not. */
function endOf(xml: string, start: number, tag: StartTag | undefined): number {
  if (tag === undefined || xml.slice(start, start + tag.ending.length) !== tag.ending) return -1;
  let at = start + tag.ending.length;
  for (let code = xml.charCodeAt(at); code !== close; code = xml.charCodeAt(++at)) {
    if (code !== 32 && code !== 10 && code !== 9 && code !== 13) return -1;
  }
  return at + 1;
}
