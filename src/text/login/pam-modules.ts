import type { Line } from '../syslog/line.ts';
import { type Draft, putText, type Told, told } from './draft.ts';

/** Modules that prepare a session, and never tell who logs in. */
const preparing: ReadonlySet<string> = new Set([
  ...[
    'pam_limits',
    'pam_systemd',
    'pam_systemd_home',
    'pam_env',
    'pam_motd',
    'pam_mail',
    'pam_lastlog',
    'pam_lastlog2',
  ],
  ...['pam_loginuid', 'pam_selinux', 'pam_keyinit', 'pam_umask', 'pam_mkhomedir', 'pam_oddjob_mkhomedir', 'pam_exec'],
  ...['pam_namespace', 'pam_xauth', 'pam_gnome_keyring', 'pam_kwallet', 'pam_kwallet5', 'pam_ecryptfs', 'pam_mount'],
  ...[
    'pam_apparmor',
    'pam_cap',
    'pam_elogind',
    'pam_ck_connector',
    'pam_console',
    'pam_tmpdir',
    'pam_sepermit',
    'pam_tty_audit',
  ],
]);

/** Whether the module whose name stands at `at` is one of those. */
export function preparesSession({ text }: Line, at: number, end: number): boolean {
  let stop = at;
  while (stop < end && stop < at + 40 && !'([:'.includes(text.charAt(stop))) stop++;
  return preparing.has(text.slice(at, stop));
}

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
  // pam_sss
  ['Access denied for user ', 'refused'],
  ['Authentication failed for user ', 'refused'],
  ['Password change failed for user ', 'password-changed'],
  ['Passwords do not match', 'password-changed'],
  ['User info message: ', 'authentication'],
  ['User error message: ', 'authentication'],
  ['Request to sssd failed', 'configuration'],
  // pam_google_authenticator
  ['Did not receive verification code', 'refused'],
  ['No secret configured for user ', 'configuration'],
  ['Trying to reuse a previously used ', 'refused'],
  ['Too many concurrent login attempts', 'refused'],
  ['Dummy password supplied by PAM', 'refused'],
  ['Secret file ', 'configuration'],
  ['Failed to change ', 'configuration'],
  ['Failed to read "', 'configuration'],
  ['Failed to update secret file ', 'configuration'],
  ['Could not find a valid BASE32 ', 'configuration'],
  ['Invalid file ', 'configuration'],
  // pam_krb5
  ['authentication succeeds for ', 'authenticated'],
  ['authentication fails for ', 'refused'],
  ['account checks fail for ', 'refused'],
  ['TGT verified', 'authenticated'],
  ['TGT failed verification', 'refused'],
  ['attempting authentication as ', 'authentication'],
  ['error reading keytab ', 'configuration'],
  // pam_winbind
  ['getting password (', 'authentication'],
  ['pam_get_item returned a password', 'authentication'],
  ['request wbcLogonUser', 'authentication'],
  ['internal module error', 'configuration'],
  ['Verify user ', 'authentication'],
  ['[pamh: ', 'authentication'],
  // pam_duo
  ['Skipped Duo login', 'authenticated'],
  ['Failsafe Duo login', 'authenticated'],
  ['Failsecure Duo login', 'refused'],
  ['Aborted Duo login', 'refused'],
  ['Error in Duo login', 'authentication'],
];

/** What pam_winbind and pam_krb5 say of a user after the name. */
const verdicts: readonly (readonly [words: string, action: string])[] = [
  ["' granted access", 'authenticated'],
  ["' denied access", 'refused'],
  ["' password expired", 'expired'],
  ["' new password required", 'expired'],
  ["' not found", 'unknown-user'],
  ["' OK", 'authenticated'],
  [' authenticated as ', 'authenticated'],
];

/** `user 'NAME' VERDICT`, also with another opening quote, and `user NAME authenticated as PRINCIPAL`. */
function readVerdict({ text }: Line, at: number, end: number, draft: Draft): Told {
  const start = "'`".includes(text.charAt(at)) ? at + 1 : at;
  for (const [words, action] of verdicts) {
    const stop = text.lastIndexOf(words, end);
    if (stop <= start || (start === at) !== words.startsWith(' ')) continue;
    putText(draft, 'user.name', text.slice(start, stop));
    return told(draft, action);
  }
  return undefined;
}

/** Modules that lock accounts, and those that only speak of requirements. */
export function readOther(line: Line, from: number, end: number, draft: Draft): Told {
  const { text } = line;
  let at = from;
  // pam-krb5 puts the user before each message.
  if (text.startsWith('(user ', at)) {
    const close = text.indexOf(') ', at);
    if (close > 0 && close < end) at = close + 2;
  }
  if (text.startsWith('Consecutive login failures for user ', at)) {
    const stop = text.lastIndexOf(' account ', end);
    putText(draft, 'user.name', text.slice(at + 36, stop < at + 36 ? end : stop));
    return told(draft, 'locked');
  }
  if (text.startsWith('user ', at)) {
    const tally = text.lastIndexOf(' tally ', end);
    const open = text.lastIndexOf(' (', tally < 0 ? end : tally);
    if (tally < at || open < at + 5) return readVerdict(line, at + 5, end, draft);
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
