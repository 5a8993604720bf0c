/** Line ends to some readers though JSON allows them bare: NEL, line separator, paragraph separator. */
const lineEnds = /[\u0085\u2028\u2029]/g;

/**
 * A value as one line of JSON, with its newline. Whatever text it holds, the line is one line to every reader, and no
 * parser refuses it: a lone surrogate, which strict parsers reject with the whole line, becomes U+FFFD.
 */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)
    .replace(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/gs, (written, lone?: string) => (lone ? '\ufffd' : written))
    .replace(lineEnds, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
