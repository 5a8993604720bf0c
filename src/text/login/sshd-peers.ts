import { parseIp } from '../ip.ts';
import { wordEnd } from '../syslog/scan.ts';
import { type MessageReader, putText, told } from './draft.ts';
import { putAddress, putPeer, readPeer } from './peer.ts';
import { putReason } from './sshd-lines.ts';

/** `refused connect from NAME (ADDRESS)` of TCP wrappers. */
export const wrapped: MessageReader = (line, at, end, draft) => {
  const { text } = line;
  const open = text.lastIndexOf('(', end);
  if (open > at && line.codes[end - 1] === 41) putAddress(text.slice(open + 1, end - 1), draft);
  else if (readPeer(line, at, end)) putPeer(line, draft);
  else return undefined;
  return told(draft, 'refused');
};

/** `reverse mapping checking getaddrinfo for NAME [ADDRESS] failed`: the name is whoever's the zone is. */
export const reverseMapping: MessageReader = ({ text }, at, end, draft) => {
  const close = text.lastIndexOf('] failed', end);
  const open = text.lastIndexOf('[', close);
  if (open >= at && close > open) putAddress(text.slice(open + 1, close), draft);
  return told(draft, 'reverse-mapping');
};

/** `SESSION for NAME from ADDRESS port N id N`, `user NAME from ADDRESS port N id N`. */
export const session =
  (action: string, word: string): MessageReader =>
  (line, at, end, draft) => {
    const { text } = line;
    const from = text.lastIndexOf(' from ', end);
    if (from < at || !readPeer(line, from + 6, end)) return undefined;
    const user = text.lastIndexOf(word, from);
    if (user >= at) putText(draft, 'user.name', text.slice(user + word.length, from));
    putPeer(line, draft);
    return told(draft, action);
  };

/** `drop connection #N from [ADDRESS]:PORT on [ADDRESS]:PORT REASON` */
export const dropped: MessageReader = ({ text }, at, end, draft) => {
  const open = text.indexOf('[', at);
  const close = text.indexOf(']:', open);
  if (open < 0 || close < 0 || close >= end) return undefined;
  putAddress(text.slice(open + 1, close), draft);
  const local = text.indexOf(']:', close + 2);
  const reason = local < 0 ? -1 : text.indexOf(' ', local);
  if (reason > 0) putReason(draft, text.slice(reason + 1, end));
  return told(draft, 'drop');
};

/** `… penalty of N seconds for REASON`, with the network before it: named where it is a single address. */
export const penalty: MessageReader = ({ text, codes }, at, end, draft) => {
  for (let next = at; next < end; next = wordEnd(codes, next, end) + 1) {
    const word = text.slice(next, Math.min(wordEnd(codes, next, end), next + 60));
    const slash = word.indexOf('/');
    const ip = slash < 0 ? undefined : parseIp(word.slice(0, slash));
    if (ip === undefined) continue;
    if (Number.parseInt(word.slice(slash + 1), 10) === (ip.includes(':') ? 128 : 32)) draft['source.ip'] = ip;
    break;
  }
  const reason = text.indexOf(' seconds for ', at);
  if (reason > 0 && reason < end) putReason(draft, text.slice(reason + 13, end));
  return told(draft, 'penalty');
};
