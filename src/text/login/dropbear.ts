import type { MessageReader, Told } from './draft.ts';
import {
  badSignature,
  barred,
  child,
  executing,
  exit,
  exitBefore,
  nonexistent,
  pamFault,
  plain,
  rejected,
  rootRejected,
  succeeded,
  wrongPassword,
  wrongUser,
} from './dropbear-lines.ts';

const messages: readonly (readonly [start: string, read: MessageReader])[] = [
  ['assword auth succeeded for ', succeeded('password')],
  ['AM password auth succeeded for ', succeeded('keyboard-interactive/pam')],
  ['ubkey auth succeeded for ', succeeded('publickey')],
  ['uth succeeded with blank password for ', succeeded('none')],
  ['ad password attempt for ', wrongPassword('password')],
  ['ad PAM password attempt for ', wrongPassword('keyboard-interactive/pam')],
  ['oo-long password attempt for ', wrongPassword('password')],
  ['ubkey auth bad signature for ', badSignature],
  ['ogin attempt for nonexistent user', nonexistent],
  ['ogin attempt with wrong user ', wrongUser],
  ['ser account ', barred('account is locked')],
  ["ser '", rejected],
  ['ogins are restricted to the group ', barred('not in the group that may log in')],
  ['oot login rejected', rootRejected],
  ['ser ', executing],
  ['ommand forced to ', plain('forced-command')],
  ['orced command set to ', plain('forced-command')],
  ['inding to interface ', plain('listening')],
  ['enerated hostkey ', plain('configuration')],
  ['ailed loading ', plain('configuration')],
  ['ailed listening on ', plain('listening')],
  ['gent forwarding disabled', plain('session')],
  ['ort forwarding disabled', plain('session')],
  ['11 forwarding disabled', plain('session')],
  ['ty allocation disabled', plain('session')],
  ['treamlocal forward failed: ', plain('forward')],
  ['am_', pamFault],
  ['AM unknown prompt ', plain('pam')],
  ['xit before auth', exitBefore],
  ['xit (', exit],
  ['hild connection from ', child],
  ['unning in background', plain('listening')],
  ['ot backgrounding', plain('listening')],
  ['arly exit: ', plain('stop')],
  ['erminated by signal', plain('stop')],
];

/** Dropbear's server (svr-auth*.c, svr-session.c). Its first letters changed case between versions. */
export const readDropbear: MessageReader = (line, at, end, draft): Told => {
  const { text } = line;
  for (const [start, read] of messages) {
    if (text.startsWith(start, at + 1)) {
      const told = read(line, at + 1 + start.length, end, draft);
      if (told !== undefined) return told;
    }
  }
  return undefined;
};
