import type { Random } from '../../algorithms/random.ts';
import { hour, minute, second } from './clock.ts';
import type { Host } from './fleet.ts';
import type { Address } from './networks.ts';
import type { Auth, Key, Person } from './people.ts';

/** Why something happens; the label of its lines. */
export interface Purpose {
  readonly attack: boolean;
  readonly scenario: string;
  /** What belongs together, such as `stolen-key-3`; '' where nothing does. */
  readonly incident: string;
}

/** One line of a server's auth.log before it is written out. */
export interface Step {
  readonly time: number;
  readonly host: Host;
  /** With its process id, such as `sshd-session[812]`. */
  readonly program: string;
  readonly message: string;
  readonly user: string;
  readonly purpose: Purpose;
  /** Where it comes from, where the line says so. */
  readonly from: Address | undefined;
  /** A login that succeeded. */
  readonly success: boolean;
}

/** Who tries to log in, with what, from where and when. */
export interface Attempt {
  readonly time: number;
  readonly host: Host;
  readonly user: string;
  readonly from: Address;
  readonly purpose: Purpose;
}

const commands = [
  '/usr/bin/systemctl status nginx',
  '/usr/bin/systemctl restart app',
  '/usr/bin/journalctl -u app',
  '/usr/bin/apt-get update',
  '/usr/bin/tail -f /var/log/syslog',
  '/usr/bin/docker ps',
  '/usr/bin/less /var/log/auth.log',
];

const connection = (random: Random) => ({
  program: `sshd-session[${2000 + random.integer(90_000)}]`,
  port: 1024 + random.integer(64_000),
});

/** A try that fails: with a password or a key, or broken off before one was given. */
export function* failure(attempt: Attempt, auth: Auth | 'none', random: Random, unknown = false): Generator<Step> {
  const { user, from } = attempt;
  const { program, port } = connection(random);
  const base = { ...attempt, program, success: false };
  const at = (seconds: number) => attempt.time + Math.round(seconds * second);
  const invalid = unknown ? 'invalid user ' : '';
  if (unknown) yield { ...base, message: `Invalid user ${user} from ${from.ip} port ${port}` };
  const waits = 1 + random.next() * 3;
  if (auth === 'password' || auth === 'keyboard-interactive/pam') {
    const known = unknown ? '' : ` user=${user}`;
    const told = `authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${from.ip} ${known}`;
    yield { ...base, time: at(waits - 0.8), message: `pam_unix(sshd:auth): ${told.trimEnd()}` };
    yield {
      ...base,
      time: at(waits),
      message: `Failed ${auth} for ${invalid}${user} from ${from.ip} port ${port} ssh2`,
    };
  }
  const state = unknown ? 'invalid' : 'authenticating';
  yield {
    ...base,
    time: at(waits + 0.1 + random.next()),
    message: `Connection closed by ${state} user ${user} ${from.ip} port ${port} [preauth]`,
  };
}

/** How the login is proved: a key, a certificate, or what PAM was told. */
function proof(auth: Auth, key: Key | undefined, user: string, random: Random): string {
  if (key === undefined || auth === 'password' || auth === 'keyboard-interactive/pam') return '';
  if (auth === 'publickey') return `: ${key.type} ${key.fingerprint}`;
  const { authority } = key;
  return `: ${key.type} ${key.fingerprint} ID ${user}@corp (serial ${random.integer(900_000)}) CA ${authority}`;
}

/** A login that succeeds, what PAM and systemd-logind say of it, perhaps sudo, and its end. */
export function* login(
  attempt: Attempt,
  {
    auth,
    key,
    person,
    sudo = 0,
    lasts,
  }: { auth: Auth; key: Key | undefined; person: Person; sudo?: number; lasts: number },
  random: Random,
): Generator<Step> {
  const { time, user, from, host } = attempt;
  const { program, port } = connection(random);
  const method = auth === 'certificate' ? 'publickey' : auth;
  const base = { ...attempt, program, success: false };
  const accepted = `Accepted ${method} for ${user} from ${from.ip} port ${port} ssh2${proof(auth, key, user, random)}`;
  yield { ...base, message: accepted, success: true };
  const inside = { ...base, from: undefined };
  const opened = `session opened for user ${user}(uid=${person.uid}) by ${user}(uid=0)`;
  yield { ...inside, time: time + 4 + random.integer(60), message: `pam_unix(sshd:session): ${opened}` };
  if (host.logind)
    yield {
      ...inside,
      time: time + 70 + random.integer(60),
      program: `systemd-logind[${600 + (person.uid % 7)}]`,
      message: `New session ${1 + random.integer(20_000)} of user ${user}.`,
    };
  for (let at = time; random.next() < sudo; ) {
    at += Math.round((5 + random.next() * 90) * second);
    if (at > time + lasts) break;
    const command = `TTY=pts/${random.integer(4)} ; PWD=/home/${user} ; USER=root ; COMMAND=${random.pick(commands)}`;
    yield { ...inside, time: at, program: 'sudo', message: `${user.padStart(8)} : ${command}` };
  }
  const ends = time + Math.max(300, Math.round(lasts));
  yield {
    ...base,
    time: ends,
    message: `Received disconnect from ${from.ip} port ${port}:11: disconnected by user`,
  };
  yield { ...base, time: ends + 1, message: `Disconnected from user ${user} ${from.ip} port ${port}` };
  yield { ...inside, time: ends + 3, message: `pam_unix(sshd:session): session closed for user ${user}` };
}

/** How long somebody stays: mostly minutes, sometimes hours. */
export const stay = (random: Random): number => Math.min(9 * hour, Math.exp(random.normal() * 1.4) * 6 * minute);
