import type { Draft, MessageReader, Told } from './draft.ts';
import { told } from './draft.ts';
import { accepted, failed, readAuth } from './sshd-auth.ts';
import {
  accessDenied,
  because,
  connection,
  disconnecting,
  dropped,
  ended,
  expired,
  fromPeer,
  invalidUser,
  named,
  notPermitted,
  pamRefused,
  penalty,
  plain,
  prohibited,
  quotedFrom,
  reverseMapping,
  rootRefused,
  session,
  tooMany,
  userRefused,
  wrapped,
} from './sshd-lines.ts';

/** What OpenSSH's server says, by how it begins; the longer beginning first where two are alike. */
const messages: readonly (readonly [start: string, read: MessageReader])[] = [
  ['Accepted key ', plain('key-accepted')],
  ['Accepted certificate ID ', plain('key-accepted')],
  ['Accepted ', accepted],
  ['Failed ', failed],
  ['failed ', failed],
  ['Postponed ', (text, at, end, draft) => (readAuth(text, at, end, draft) ? told(draft, 'postponed') : undefined)],
  ['Partial ', (text, at, end, draft) => (readAuth(text, at, end, draft) ? told(draft, 'partial') : undefined)],
  ['Invalid user ', invalidUser],
  ['Illegal user ', invalidUser],
  ['input_userauth_request: invalid user ', named('invalid-user')],
  ['maximum authentication attempts exceeded for ', tooMany],
  ['User child is on pid ', plain('session')],
  ['User ', userRefused],
  ['ROOT LOGIN REFUSED FROM ', rootRefused],
  ['PAM: ', pamRefused],
  ['PAM service(', plain('max-retries')],
  ['Access denied for user ', accessDenied],
  ['Authentication tried for ', (text, at, end, draft) => notPermitted(text, at - 25, end, draft)],
  ['Authentication refused: ', because('key-refused')],
  ['Authentication refused for ', because('key-refused')],
  ['Authentication key ', because('key-refused')],
  ['Certificate invalid: ', because('key-refused')],
  ['Refusing certificate ID ', because('key-refused')],
  ['WARNING: revoked key for ', because('key-refused')],
  ['Could not open ', plain('file')],
  ['Received disconnect from ', fromPeer('disconnect')],
  ['Received signal ', plain('stop')],
  ['Received SIGHUP', plain('restart')],
  ['Exiting on signal', plain('stop')],
  ['Disconnected from ', ended],
  ['Disconnecting: ', because('disconnect')],
  ['Disconnecting ', disconnecting],
  ['Connection closed by ', ended],
  ['Connection reset by ', ended],
  ['Connection from ', fromPeer('connect')],
  ['Connection to ', plain('forward')],
  ['Closing connection to ', fromPeer('disconnect')],
  ['Close session: ', session('session-closed', 'user ')],
  ['Starting session: ', session('session-started', ' for ')],
  ['subsystem request for ', plain('subsystem')],
  ['Transferred: ', plain('transferred')],
  ['Timeout before authentication for ', connection],
  ['Timeout, client not responding from ', ended],
  ['terminating inactive connection from ', ended],
  ['Read error from remote host ', fromPeer('disconnect')],
  ['Read from socket failed', plain('disconnect')],
  ['Write failed', plain('disconnect')],
  ['Write error', plain('disconnect')],
  ['Did not receive identification string from ', fromPeer('no-identification')],
  ['Could not write ident string to ', fromPeer('no-identification')],
  ['Bad protocol version identification ', quotedFrom('protocol-error')],
  ['Bad remote protocol version identification', plain('protocol-error')],
  ['Bad packet length ', plain('protocol-error')],
  ['Corrupted MAC on input', plain('protocol-error')],
  ['padding error: ', plain('protocol-error')],
  ['Protocol major versions differ for ', fromPeer('protocol-error')],
  ['Protocol major versions differ', plain('protocol-error')],
  ['Magic value check failed ', quotedFrom('protocol-error')],
  ['banner exchange: Connection from ', fromPeer('protocol-error')],
  ['banner exchange: ', because('protocol-error')],
  ['ssh_dispatch_run_fatal: Connection from ', fromPeer('protocol-error')],
  ['ssh_dispatch_run_fatal: ', because('protocol-error')],
  ['kex_exchange_identification: ', because('protocol-error')],
  ['kex_protocol_error: ', because('protocol-error')],
  ['dispatch_protocol_error: ', because('protocol-error')],
  ['buffer_get_', because('protocol-error')],
  ['SSH: Server;', plain('probe')],
  ['probed from ', fromPeer('probe')],
  ['scanned from ', fromPeer('probe')],
  ['Unable to negotiate with ', fromPeer('negotiation')],
  ['Unable to negotiate a ', plain('negotiation')],
  ['no matching ', because('negotiation')],
  ['no hostkey alg', plain('negotiation')],
  ['userauth_pubkey: ', because('key-refused')],
  ['userauth_hostbased mismatch: ', plain('key-refused')],
  ['reverse mapping checking ', reverseMapping],
  ['Address ', fromPeer('reverse-mapping')],
  ['Nasty PTR record ', plain('reverse-mapping')],
  ['refused connect from ', wrapped],
  ["warning: can't get client address", plain('disconnect')],
  ['srclimit_penalise: ', penalty],
  ['srclimit: ', penalty],
  ['drop connection #', dropped],
  ['beginning MaxStartups throttling', plain('throttle')],
  ['exited MaxStartups throttling', plain('throttle')],
  ['Server listening on ', plain('listening')],
  ['Root login accepted for forced command', plain('forced-command')],
  ['lastlog_', plain('record')],
  ['Changed root directory to ', plain('session')],
  ['administratively prohibited connection for ', prohibited],
  ['Username too long from ', fromPeer('protocol-error')],
  ['Account ', expired],
  ['public key ', because('key-refused')],
  ['refusing ', because('key-refused')],
  ['session process ', plain('session')],
  ['Session process ', plain('session')],
  ['Could not get shadow information for ', plain('record')],
  ['Attempt to write login records', plain('record')],
  ['syslogin_perform_logout: ', plain('record')],
  ['connect_to ', plain('forward')],
  ['channel ', plain('forward')],
  ['refused local port forward: ', plain('forward')],
  ['refused streamlocal port forward: ', plain('forward')],
  ['Received request to connect to host ', plain('forward')],
  ['packet_write_wait: Connection ', plain('disconnect')],
  ['packet_write_poll: Connection ', plain('disconnect')],
  ['ssh_packet_', plain('disconnect')],
  ['Local disconnected: ', because('disconnect')],
  ['mm_', plain('internal')],
  ['monitor_', plain('internal')],
  ['privsep_preauth: ', plain('internal')],
  ['Exit request for unknown session', plain('internal')],
  ['Bind to port ', plain('listening')],
  ['Cannot bind any address', plain('listening')],
  ['debug1: ', plain('debug')],
  ['debug2: ', plain('debug')],
  ['debug3: ', plain('debug')],
  ['Set /proc/self/oom_score_adj', plain('debug')],
  ['rexec line ', plain('configuration')],
  ['/etc/ssh/', plain('configuration')],
  ['Could not load host key', plain('configuration')],
  ['Unable to load host key', plain('configuration')],
];

interface Entry {
  readonly start: string;
  readonly read: MessageReader;
}

/** The messages by the code of their first character. */
const byFirst: (readonly Entry[])[] = Array.from({ length: 128 }, (_, code) =>
  messages.filter(([start]) => start.charCodeAt(0) === code).map(([start, read]) => ({ start, read })),
);

const levels = ['error: ', 'fatal: ', 'warning: ', 'info: '];

/** sshd, sshd-session and sshd-auth of OpenSSH (auth.c, packet.c, session.c, srclimit.c and others), old and new. */
export const readSshd: MessageReader = (text, at, end, draft): Told => {
  const kind = tell(text, at, end, draft);
  if (kind !== undefined) return kind;
  const level = levels.find((word) => text.startsWith(word, at));
  if (level !== undefined) return tell(text, at + level.length, end, draft);
  return text.includes('Authentication tried for ', at) ? notPermitted(text, at, end, draft) : undefined;
};

function tell(text: string, at: number, end: number, draft: Draft): Told {
  const entries = byFirst[text.charCodeAt(at)];
  if (entries === undefined) return undefined;
  for (let index = 0; index < entries.length; index++) {
    const { start, read } = entries[index] as Entry;
    if (!text.startsWith(start, at)) continue;
    const kind = read(text, at + start.length, end, draft);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** Where ` [preauth]` or ` [postauth]` begins at the end of the message, as the unprivileged child's messages have it. */
export function stageAt(text: string, at: number, end: number): number {
  if (text.charCodeAt(end - 1) !== 93) return end;
  const open = text.charCodeAt(end - 9) === 91 ? end - 9 : end - 10;
  if (open <= at || !(text.startsWith('[preauth]', open) || text.startsWith('[postauth]', open))) return end;
  let stop = open;
  while (stop > at && text.charCodeAt(stop - 1) === 32) stop--;
  return stop;
}
