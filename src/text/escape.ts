const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that XML 1.0 forbids even as references, and lone surrogates. */
const forbiddenInXml =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text for HTML, SVG and XML, in content and in quoted attributes. */
export function escapeMarkup(text: string): string {
  return text.replace(forbiddenInXml, '\ufffd').replace(/[&<>"']/g, (character) => entities[character] as string);
}

/**
 * Text for a terminal: control characters, bidirectional overrides and characters without a glyph, such as those of no
 * width and tags, are shown as `\u{…}`, never sent. A line break becomes `\n`. https://trojansource.codes/ on bidirectional overrides.
 */
export function visible(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (character) => {
      if (character === '\n') return '\\n';
      if (character === '\t') return '\\t';
      return `\\u{${character.codePointAt(0)?.toString(16)}}`;
    },
  );
}

/** Text of at most `length` UTF-16 units, never cut inside a surrogate pair; `…` marks the cut. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.max(0, length - 1);
  const high = text.charCodeAt(end - 1);
  return `${text.slice(0, high >= 0xd800 && high <= 0xdbff ? end - 1 : end)}…`;
}
