import type { Line } from '../syslog/line.ts';
import { type Draft, putText, type Told } from './draft.ts';

const problems = [' ; TTY=', ' ; PWD=', ' ; USER='];

/**
 * `NAME : [PROBLEM ; ]TTY=T ; PWD=D ; USER=U ; [GROUP=G ; ]COMMAND=C`: directory and command are the user's words, so the
 * first of each counts and the command takes the rest.
 * https://www.sudo.ws/docs/man/sudoers.man/#LOG_FORMAT
 */
export function readSudo({ text }: Line, at: number, end: number, draft: Draft): Told {
  let start = at;
  while (start < end && text.charCodeAt(start) === 32) start++;
  const tty = text.indexOf('TTY=', start);
  if (tty < 0 || tty >= end) return undefined;
  let name = text.indexOf(' : ', start);
  if (name < 0 || name > tty) name = text.indexOf(' ; ', start);
  if (name < 0 || name > tty) return undefined;
  putText(draft, 'user.name', text.slice(start, name));
  const problem = text
    .slice(name + 3, tty)
    .trim()
    .replace(/ ;$/, '');
  const directory = text.indexOf(problems[1] as string, tty);
  const user = text.indexOf(problems[2] as string, tty);
  const command = text.indexOf(' ; COMMAND=', tty);
  putPart(draft, 'process.tty', text, tty + 4, end);
  if (directory > 0) putPart(draft, 'process.working_directory', text, directory + 7, end);
  if (user > 0 && user < end) putPart(draft, 'user.target.name', text, user + 8, end);
  if (command > 0 && command < end) putText(draft, 'process.command_line', text.slice(command + 11, end));
  draft['event.action'] = 'sudo';
  draft['event.outcome'] = problem === '' ? 'success' : 'failure';
  putText(draft, 'event.reason', problem);
  const count = Number.parseInt(problem, 10);
  if (count > 1 && count < 1e9 && problem.includes('incorrect password')) draft['login.count'] = count;
  return 'login';
}

/** Up to the next ` ; `. */
function putPart(draft: Draft, field: Parameters<typeof putText>[1], text: string, at: number, end: number): void {
  const stop = text.indexOf(' ; ', at);
  putText(draft, field, text.slice(at, stop < 0 || stop > end ? end : stop));
}
