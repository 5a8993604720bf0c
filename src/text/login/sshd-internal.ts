import type { Line } from '../syslog/line.ts';
import { type Draft, type Told, told } from './draft.ts';
import { putReason } from './sshd-lines.ts';

/** The longest name of a function of sshd's. */
const longestName = 64;

/** Whether it begins with a function's name, as OpenSSH's own macros put it: `mm_answer_sign: `. Never what a peer says. */
function hasFunction(codes: Uint8Array, at: number): boolean {
  let underlines = 0;
  let next = at;
  for (; next < at + longestName; next++) {
    const code = codes[next] as number;
    if (code === 95) underlines++;
    else if (!((code >= 97 && code <= 122) || (code >= 48 && code <= 57))) break;
  }
  return underlines > 0 && next > at + 3 && codes[next] === 58 && codes[next + 1] === 32;
}

/** Words that name somebody, and addresses: such a message may be an outcome that is not known yet. */
const naming =
  /\b(?:from|for|by|user|users|username|account|login|rhost|host)\b|\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|[\da-f]:[\da-f]{0,4}:/i;

/**
 * What the server says of its own affairs (log.h's `error_f` and the like), and with `fault` what it calls an error,
 * unless that names somebody.
 */
export function readInternal({ text, codes }: Line, at: number, end: number, draft: Draft, fault: boolean): Told {
  if (end <= at || !(hasFunction(codes, at) || fault)) return undefined;
  const reason = text.slice(at, end);
  if (naming.test(reason)) return undefined;
  putReason(draft, reason);
  return told(draft, 'internal');
}
