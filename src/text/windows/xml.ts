import { XMLParser } from 'fast-xml-parser';
import type { Unreadable } from '../../event/index.ts';
import { isObject, type Json, own } from '../wazuh/values.ts';

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * The characters that XML 1.0 itself names, and those given by number; nothing else stands for anything, so no text
 * grows. https://www.w3.org/TR/xml/#sec-references
 */
const decode = (text: string): string =>
  text.includes('&')
    ? text.replace(
        /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));/g,
        (written, hexadecimal?: string, decimal?: string, name?: string) => {
          if (name !== undefined) return named[name] as string;
          const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
          const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
          return isCharacter ? String.fromCodePoint(code) : written;
        },
      )
    : text;

const nothing = (): void => undefined;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  maxNestedTags: 16,
  jPath: false,
  isArray: (name) => name === 'Data',
  entityDecoder: {
    decode,
    setExternalEntities: nothing,
    addInputEntities: nothing,
    reset: nothing,
    setXmlVersion: nothing,
  },
});

/**
 * One event's XML as an object: attributes as `@name`, text as `#text`, `Data` always a list. The caller bounds its
 * length; depth is at most 16. Never throws.
 */
export function parseEventXml(xml: string): Json | Unreadable {
  try {
    const parsed: unknown = parser.parse(xml);
    return isObject(parsed) && isObject(own(parsed, 'Event')) ? parsed : { reason: 'not well-formed Event XML' };
  } catch {
    return { reason: 'not well-formed Event XML' };
  }
}
