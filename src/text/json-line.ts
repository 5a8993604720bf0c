/**
 * What JSON allows bare, though some readers take it for a line end and terminals for a command or another direction:
 * DEL and C1 controls, marks of no width, separators, bidirectional overrides.
 */
const unseen = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A value as one line of JSON, with its newline. Whatever text it holds, the line is one line to every reader, and no
 * parser refuses it: a lone surrogate, which strict parsers reject with the whole line, becomes U+FFFD.
 */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)
    .replace(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/gs, (written, lone?: string) => (lone ? '\ufffd' : written))
    .replace(unseen, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
