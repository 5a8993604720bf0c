import type { Line } from '../syslog/line.ts';
import { type Draft, putText, type Told, told } from './draft.ts';

const keys = ['HOST=', 'TTY=', 'CHROOT=', 'PWD=', 'USER='];

/** What is logged beside an outcome, which has a line of its own. */
const warnings: readonly string[] = [
  ...['(command continued) ', 'unable to ', 'parse error ', 'syntax error', 'problem ', 'unknown ', 'ignoring ', '/'],
  ...['internal error', 'PAM session ', 'pam_', 'Warning: '],
];

/**
 * `NAME : [PROBLEM ; ][HOST=H ; ][TTY=T ; ][PWD=D ; ]USER=U ; [GROUP=G ; ]COMMAND=C`: directory and command are the user's words, so
 * the first of each counts and the command takes the rest. Without a terminal there is no TTY.
 * https://www.sudo.ws/docs/man/sudoers.man/#LOG_FORMAT
 */
export function readSudo({ text }: Line, at: number, end: number, draft: Draft): Told {
  let start = at;
  while (start < end && text.charCodeAt(start) === 32) start++;
  const words = text.indexOf(' : ', start) + 3;
  if (words > 2 && words < end && warnings.some((word) => text.startsWith(word, words))) return told(draft, 'warning');
  const first = firstKey(text, start, end);
  if (first < 0) return undefined;
  let name = text.indexOf(' : ', start);
  if (name < 0 || name > first) name = text.indexOf(' ; ', start);
  if (name < 0 || name > first) return undefined;
  putText(draft, 'user.name', text.slice(start, name));
  const problem = text
    .slice(name + 3, first)
    .trim()
    .replace(/ ;$/, '');
  const command = text.indexOf(' ; COMMAND=', first);
  const hasCommand = command > 0 && command < end;
  const stop = hasCommand ? command : end;
  const tty = text.startsWith('HOST=', first) ? text.indexOf(' ; ', first) + 3 : first;
  if (text.startsWith('TTY=', tty)) putKey(draft, 'process.tty', text, 'TTY=', tty, stop);
  putKey(draft, 'process.working_directory', text, 'PWD=', first, stop);
  putKey(draft, 'user.target.name', text, 'USER=', first, stop);
  if (hasCommand) putText(draft, 'process.command_line', text.slice(command + 11, end));
  draft['event.action'] = 'sudo';
  draft['event.outcome'] = problem === '' ? 'success' : 'failure';
  putText(draft, 'event.reason', problem);
  const count = Number.parseInt(problem, 10);
  if (count > 1 && count < 1e9 && problem.includes('incorrect password')) draft['login.count'] = count;
  return 'login';
}

/** Where the first key stands; -1 where there is none. */
function firstKey(text: string, at: number, end: number): number {
  let first = end;
  for (const key of keys) {
    const found = text.indexOf(` ${key}`, at);
    if (found >= 0 && found + 1 < first) first = found + 1;
  }
  return first === end ? -1 : first;
}

type Field = Parameters<typeof putText>[1];

/** What the key has, up to the next ` ; `: the key at `first`, or the first one behind it. */
function putKey(draft: Draft, field: Field, text: string, key: string, first: number, end: number): void {
  const found = text.startsWith(key, first) ? first : text.indexOf(` ; ${key}`, first) + 3;
  if (found < first || found >= end) return;
  const stop = text.indexOf(' ; ', found);
  putText(draft, field, text.slice(found + key.length, stop < 0 || stop > end ? end : stop));
}
