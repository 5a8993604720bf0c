import type { Line } from '../syslog/line.ts';
import { type Draft, type MessageReader, putText, told } from './draft.ts';
import { peer, putPeer, readPeer, readPeerBefore } from './peer.ts';
import { fromPeer, putReason } from './sshd-lines.ts';

const userWords = ['authenticating user ', 'invalid user ', 'user '];

/** `[authenticating |invalid ]user NAME ADDRESS port N`: the name is anybody's, so the address is read from the end. */
function readUser(line: Line, at: number, end: number, draft: Draft): boolean {
  const { text } = line;
  const word = userWords.find((start) => text.startsWith(start, at));
  const user = word === undefined ? at : at + word.length;
  if (!readPeerBefore(line, at, end)) {
    // Before ports were logged.
    if (word !== undefined || !readPeer(line, at, end) || peer.next !== end) return false;
    putPeer(line, draft);
    return true;
  }
  if (word === undefined && peer.at !== at) {
    // Patched servers have other words before `user`.
    const other = text.indexOf(' user ', at);
    if (other < 0 || other >= peer.at || other > at + 40) return false;
    putText(draft, 'user.name', text.slice(other + 6, peer.at - 1));
  } else if (word !== undefined) {
    putText(draft, 'user.name', text.slice(user, peer.at - 1));
    if (word === 'invalid user ') draft['login.unknown_user'] = true;
  }
  putPeer(line, draft);
  return true;
}

/** `USER ADDRESS port N: reason`; a name and a reason that both hold an address name none. */
export const disconnecting: MessageReader = (line, at, end, draft) => {
  const { text } = line;
  let split = -1;
  let count = 0;
  for (let next = text.indexOf(': ', at); next >= 0 && next < end; next = text.indexOf(': ', next + 2)) {
    if (!readPeerBefore(line, at, next)) continue;
    split = next;
    count++;
  }
  if (count === 1 && readUser(line, at, split, draft)) {
    putReason(draft, text.slice(split + 2, end));
    return told(draft, 'disconnect');
  }
  putReason(draft, text.slice(text.startsWith(': ', at) ? at + 2 : at, end));
  return told(draft, 'disconnect');
};

const endedBy = fromPeer('disconnect');

/** A user and a peer, or a peer alone. */
export const ended: MessageReader = (line, at, end, draft) =>
  readUser(line, at, end, draft) ? told(draft, 'disconnect') : endedBy(line, at, end, draft);

/** `[connection from ]ADDRESS` and more. */
export const connection: MessageReader = (line, at, end, draft) => {
  const named = line.text.startsWith('connection from ', at) ? at + 16 : at;
  if (!readPeer(line, named, end)) return undefined;
  if (peer.port < 0 && line.codes[peer.end - 1] === 44) peer.end--;
  putPeer(line, draft);
  return told(draft, 'timeout');
};
