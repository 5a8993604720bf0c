import type { Line } from '../syslog/line.ts';
import { type Draft, putText, type Told, told } from './draft.ts';

/** What modules of Linux-PAM, pam_google_authenticator and pam_duo say beside an outcome that sshd or another module tells. */
const others: readonly (readonly [start: string, action: string])[] = [
  ['bad username [', 'unknown-user'],
  ['cannot determine user name', 'unknown-user'],
  ['User unknown', 'unknown-user'],
  ['user unknown', 'unknown-user'],
  ['unknown user ', 'unknown-user'],
  ['password check failed for user (', 'authentication'],
  ['user not authenticated', 'authentication'],
  ['user mismatch detected', 'authentication'],
  ['Accepted google_authenticator for ', 'authenticated'],
  ['Invalid verification code', 'refused'],
  ['Failed to compute location of secret file', 'configuration'],
  ['Successful Duo login for ', 'authenticated'],
  ['Failed Duo login for ', 'refused'],
  ['access denied for user ', 'refused'],
  ['access denied: tty ', 'refused'],
  ['Refused user ', 'refused'],
  ['Access denied to ', 'refused'],
  ['User has an invalid shell ', 'refused'],
  ['Too many logins (max ', 'refused'],
  ['Too many system logins ', 'refused'],
  ['No logins allowed for ', 'refused'],
  ['user shadow entry expired', 'expired'],
  ['account locked due to ', 'locked'],
  ['failed to find ', 'configuration'],
];

/** Modules that lock accounts, and those that only speak of requirements. */
export function readOther(line: Line, at: number, end: number, draft: Draft): Told {
  const { text } = line;
  if (text.startsWith('Consecutive login failures for user ', at)) {
    const stop = text.lastIndexOf(' account ', end);
    putText(draft, 'user.name', text.slice(at + 36, stop < at + 36 ? end : stop));
    return told(draft, 'locked');
  }
  if (text.startsWith('user ', at)) {
    const tally = text.lastIndexOf(' tally ', end);
    const open = text.lastIndexOf(' (', tally < 0 ? end : tally);
    if (tally < at || open < at + 5) return undefined;
    putText(draft, 'user.name', text.slice(at + 5, open));
    return told(draft, 'locked');
  }
  if (text.startsWith('requirement "', at)) return told(draft, 'requirement');
  for (const [start, action] of others) if (text.startsWith(start, at)) return told(draft, action);
  if (text.startsWith('received for user ', at)) {
    const stop = text.lastIndexOf(': ', end);
    putText(draft, 'user.name', text.slice(at + 18, stop < at + 18 ? end : stop));
    return told(draft, 'authentication');
  }
  if (text.startsWith('password changed for ', at)) {
    putText(draft, 'user.name', text.slice(at + 21, end));
    return told(draft, 'password-changed');
  }
  if (text.startsWith('account ', at) && text.startsWith(' has expired', text.indexOf(' has expired', at))) {
    putText(draft, 'user.name', text.slice(at + 8, text.indexOf(' has expired', at)));
    return told(draft, 'expired');
  }
  return undefined;
}
