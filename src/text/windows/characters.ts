const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * The characters that XML 1.0 itself names, and those given by number; nothing else stands for anything, so no text
 * grows. https://www.w3.org/TR/xml/#sec-references
 */
export const decode = (text: string): string =>
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
