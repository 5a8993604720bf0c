import type { Login, Process } from './step.ts';
import { type Account, accounts } from './world.ts';

const daemon: Login = { tty: '(none)' };

/** The process that a service keeps running, from which its commands start. */
export const service = (user: Account, executable: string, name: string): Process => ({
  user,
  effective: user,
  login: daemon,
  executable,
  name,
});

export const cronService = service(accounts.root, '/usr/sbin/cron', 'cron');

const homes = new Map([
  [accounts.root, '/root'],
  [accounts.web, '/var/www'],
  [accounts.postgres, '/var/lib/postgresql'],
]);

export const homeOf = (user: Account): string => homes.get(user) ?? `/home/${user.name}`;

/** The shell that a user gets by logging in. */
export function loginShell(user: Account, tty: string): Process {
  const login: Login = { account: user, tty };
  const sshd: Process = { user, effective: user, login, executable: '/usr/sbin/sshd', name: 'sshd' };
  return { parent: sshd, user, effective: user, login, executable: '/usr/bin/bash', name: 'bash' };
}
