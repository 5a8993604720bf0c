import { decode } from './characters.ts';

/** A start tag, or a tag of an element without content. */
export interface StartTag {
  /** Without a prefix. */
  readonly name: string;
  /** What its end tag begins with, such as `</a:b`. */
  readonly ending: string;
  /** Names, as they are written, and values by turns. */
  readonly attributes: readonly string[];
  /** Whether it is its own end. */
  readonly empty: boolean;
  /** Just after it. */
  readonly end: number;
}

const [slash, close, equals] = [47, 62, 61];

/** Whether a character of ASCII may stand in a name; all others may. */
const inName = new Uint8Array(128);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:.-') inName[char.charCodeAt(0)] = 1;

/** The start tag at `start`; undefined when it is not well-formed. */
export function readStart(xml: string, start: number): StartTag | undefined {
  let at = afterName(xml, start + 1);
  const written = xml.slice(start + 1, at);
  if (written === '') return undefined;
  const attributes: string[] = [];
  for (;;) {
    const next = afterSpace(xml, at);
    const code = xml.charCodeAt(next);
    const empty = code === slash;
    if (code === close || empty) {
      const last = empty ? next + 1 : next;
      if (xml.charCodeAt(last) !== close) return undefined;
      const name = written.slice(written.indexOf(':') + 1);
      return { name, ending: `</${written}`, attributes, empty, end: last + 1 };
    }
    const end = afterName(xml, next);
    const quote = quoteOf(xml, end);
    if (next === at || end === next || quote < 0) return undefined;
    const last = xml.indexOf(xml.charAt(quote), quote + 1);
    const value = xml.slice(quote + 1, last);
    if (last < 0 || value.includes('<')) return undefined;
    attributes.push(xml.slice(next, end), meaning(value));
    at = last + 1;
  }
}

/** Line ends and tabs are spaces. https://www.w3.org/TR/xml/#AVNormalize */
const meaning = (value: string): string =>
  /[&\t\r\n]/.test(value) ? decode(value.replace(/\r\n|[\t\r\n]/g, ' ')) : value;

/** Where the quote after `=` is; -1 where there is none. */
function quoteOf(xml: string, from: number): number {
  const sign = afterSpace(xml, from);
  if (xml.charCodeAt(sign) !== equals) return -1;
  const quote = afterSpace(xml, sign + 1);
  const code = xml.charCodeAt(quote);
  return code === 34 || code === 39 ? quote : -1;
}

function afterSpace(xml: string, from: number): number {
  let at = from;
  for (let code = xml.charCodeAt(at); code === 32 || code === 10 || code === 9 || code === 13; ) {
    code = xml.charCodeAt(++at);
  }
  return at;
}

function afterName(xml: string, from: number): number {
  for (let at = from; ; at++) {
    const code = xml.charCodeAt(at);
    if (code < 128 ? inName[code] === 0 : Number.isNaN(code)) return at;
  }
}
