const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The characters that VIS_CSTYLE has letters for. */
const letters: ReadonlyMap<string, number> = new Map([
  ...Object.entries({ '\\': 92, a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 }),
]);

/** What an account of a domain looks like to all programs but sshd: no encoding where it stands alone. */
const account = /^[\w.-]+\\[\w.$-]+$/;

const printable = /^[ -~]*$/;

/**
 * A name as it was before sshd wrote it through vis(3): `CORP\\alice` was `CORP\alice`, and `zo\303\251` was `zoé`. What
 * vis does not write is left as it is, and so is a name with one lone backslash between words: programs that write
 * sshd's lines without its encoding mean a domain's account. Bytes that are not UTF-8 become U+FFFD. The result may
 * hold control characters.
 * https://github.com/openssh/openssh-portable: log.c, LOG_SYSLOG_VIS and LOG_STDERR_VIS
 */
export function decodeVis(text: string): string {
  if (!text.includes('\\') || account.test(text) || !printable.test(text)) return text;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    let code = text.charCodeAt(at);
    if (code === 92) {
      const letter = letters.get(text.charAt(++at));
      code = letter ?? octalAt(text, at);
      if (code < 0) return text;
      if (letter === undefined) at += 2;
    }
    bytes[length++] = code;
  }
  return utf8.decode(bytes.subarray(0, length));
}

/** Three octal digits of a byte that is not printed, as VIS_OCTAL has it; -1 for other words. */
function octalAt(text: string, at: number): number {
  const digits = text.slice(at, at + 3);
  const code = /^[0-3][0-7]{2}$/.test(digits) ? Number.parseInt(digits, 8) : -1;
  return code > 126 || (code > 0 && code < 32) ? code : -1;
}
