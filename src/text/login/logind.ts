import type { Line } from '../syslog/line.ts';
import { type Draft, putText, type Told, told } from './draft.ts';

/**
 * systemd-logind's sessions: `New session 5 of user alice.`, since version 256 `New session '5' of user 'alice' with …`,
 * `Session 5 logged out. …`, `Removed session 5.` Undefined for what it says of seats and buttons.
 */
export function readLogind({ text }: Line, at: number, end: number, draft: Draft): Told {
  if (text.startsWith('New session ', at)) {
    const of = text.indexOf(' of user ', at);
    if (of < 0 || of >= end) return undefined;
    const user = of + 9;
    const quoted = text.charCodeAt(user) === 39;
    const close = quoted ? text.indexOf("'", user + 1) : text.charCodeAt(end - 1) === 46 ? end - 1 : end;
    if (close < 0 || close > end) return undefined;
    putText(draft, 'user.name', text.slice(quoted ? user + 1 : user, close));
    draft['event.action'] = 'session';
    draft['event.outcome'] = 'success';
    return 'login';
  }
  if (text.startsWith('Session ', at) && text.indexOf(' logged out.', at) > 0) {
    draft['event.action'] = 'logout';
    return 'login';
  }
  return text.startsWith('Removed session ', at) ? told(draft, 'session-removed') : undefined;
}
