import type { Line } from '../syslog/line.ts';
import { isDigit, skipSpaces } from '../syslog/scan.ts';
import { type Draft, type MessageReader, putText, told } from './draft.ts';
import { lastFrom, peer, putPeer, readPeer } from './peer.ts';

/** The longest reason that is kept. */
const longestReason = 300;

/** Of a long reason the beginning. */
export const putReason = (draft: Draft, text: string): void =>
  putText(draft, 'event.reason', text.length > longestReason ? text.slice(0, longestReason) : text);

/** Whether ` [preauth]` or ` [postauth]` follows the message, as it does what the unprivileged child says. */
export const isStaged = ({ text, codes }: Line, end: number): boolean =>
  end < text.length && text.startsWith('[p', skipSpaces(codes, end));

/** A fixed message with nothing in it that is wanted. */
export const plain =
  (action: string): MessageReader =>
  (_text, _at, _end, draft) =>
    told(draft, action);

/** The whole rest is the reason. */
export const because =
  (action: string): MessageReader =>
  ({ text }, at, end, draft) => {
    putReason(draft, text.slice(at, end));
    return told(draft, action);
  };

/** `ADDRESS[ port N]`, then perhaps `: ` and a reason. The peer stands first, so nobody's words come before it. */
export const fromPeer =
  (action: string): MessageReader =>
  (line, at, end, draft) => {
    if (!readPeer(line, at, end)) return undefined;
    // Before ports were logged: `ADDRESS: reason`, `ADDRESS.`, `ADDRESS,`
    const last = line.codes[peer.end - 1];
    if (peer.port < 0 && (last === 58 || last === 46 || last === 44) && peer.end - peer.at > 2) peer.end--;
    putPeer(line, draft);
    putReason(draft, line.text.slice(reasonAt(line, peer.next, end), end));
    return told(draft, action);
  };

/** Past `: `, and a number such as `11: `, of what follows a peer. */
function reasonAt({ codes }: Line, at: number, end: number): number {
  let next = at;
  const code = codes[next];
  if (next < end && (code === 58 || code === 44 || code === 46)) next++;
  next = skipSpaces(codes, next);
  let digits = next;
  while (digits < end && digits < next + 4 && isDigit(codes[digits] as number)) digits++;
  return digits > next && codes[digits] === 58 ? skipSpaces(codes, digits + 1) : next;
}

/** `'TEXT' from ADDRESS port N`: the text is the other side's. */
export const quotedFrom =
  (action: string): MessageReader =>
  (line, at, end, draft) => {
    if (lastFrom(line, at, end) < 0) return undefined;
    putPeer(line, draft);
    return told(draft, action);
  };

/** The whole rest is a user's name. */
export const named =
  (action: string): MessageReader =>
  ({ text }, at, end, draft) => {
    putText(draft, 'user.name', text.slice(at, end));
    return told(draft, action);
  };
