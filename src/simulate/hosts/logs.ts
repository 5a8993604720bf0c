import type { LogRecord } from './step.ts';
import type { Account } from './world.ts';

const auth = '/var/log/auth.log';
const pam = { name: 'pam' };
const sshd = { parent: 'sshd', name: 'sshd' };

export const sshAccepted = (user: Account, address: string, port: number, pid: number): LogRecord => ({
  rule: '5715',
  fullLog: `sshd[${pid}]: Accepted publickey for ${user.name} from ${address} port ${port} ssh2: ED25519 SHA256:${fingerprint(user.name)}`,
  program: 'sshd',
  decoder: sshd,
  data: { srcip: address, srcport: String(port), dstuser: user.name },
  location: auth,
});

export const sshPassword = (user: Account, address: string, port: number, pid: number): LogRecord => ({
  ...sshAccepted(user, address, port, pid),
  fullLog: `sshd[${pid}]: Accepted password for ${user.name} from ${address} port ${port} ssh2`,
});

export const sshFailed = (user: string, address: string, port: number, pid: number): LogRecord => ({
  rule: '5760',
  fullLog: `sshd[${pid}]: Failed password for ${user} from ${address} port ${port} ssh2`,
  program: 'sshd',
  decoder: sshd,
  data: { srcip: address, srcport: String(port), dstuser: user },
  location: auth,
});

export const sshInvalid = (user: string, address: string, port: number, pid: number): LogRecord => ({
  rule: '5710',
  fullLog: `sshd[${pid}]: Invalid user ${user} from ${address} port ${port}`,
  program: 'sshd',
  decoder: sshd,
  data: { srcip: address, srcport: String(port), srcuser: user },
  location: auth,
});

/** Wazuh's composite over the failed logins that came before. */
export const sshBruteForce = (last: LogRecord, earlier: readonly string[]): LogRecord => ({
  ...last,
  rule: last.rule === '5710' ? '5712' : '5763',
  frequency: 8,
  previous: earlier.join('\n'),
});

export const pamOpened = (service: string, target: Account, by: Account, pid: number): LogRecord => ({
  rule: '5501',
  fullLog: `${service}[${pid}]: pam_unix(${service}:session): session opened for user ${target.name}(uid=${target.id}) by ${by.name}(uid=${by.id})`,
  program: service,
  decoder: { parent: 'pam', name: 'pam' },
  data: { srcuser: by.name, dstuser: `${target.name}(uid=${target.id})`, uid: String(by.id) },
  location: auth,
});

export const pamClosed = (service: string, target: Account, pid: number): LogRecord => ({
  rule: '5502',
  fullLog: `${service}[${pid}]: pam_unix(${service}:session): session closed for user ${target.name}`,
  program: service,
  decoder: { parent: 'pam', name: 'pam' },
  data: { dstuser: target.name },
  location: auth,
});

export const pamFailed = (service: string, target: string, by: Account, tty: string, pid: number): LogRecord => ({
  rule: '5503',
  fullLog: `${service}[${pid}]: pam_unix(${service}:auth): authentication failure; logname=${by.name} uid=${by.id} euid=0 tty=/dev/${tty} ruser=${by.name} rhost=  user=${target}`,
  program: service,
  decoder: pam,
  data: { srcuser: by.name, dstuser: target, uid: String(by.id), euid: '0', tty: `/dev/${tty}` },
  location: auth,
});

export const sudoRun = (by: Account, target: Account, tty: string, cwd: string, command: string): LogRecord => ({
  rule: target.id === 0 ? '5402' : '5407',
  fullLog: `sudo: ${by.name.padStart(8)} : TTY=${tty} ; PWD=${cwd} ; USER=${target.name} ; COMMAND=${command}`,
  program: 'sudo',
  decoder: { parent: 'sudo', name: 'sudo', ftscomment: 'First time user executed the sudo command' },
  data: { srcuser: by.name, dstuser: target.name, tty, pwd: cwd, command },
  location: auth,
});

export const suRun = (by: Account, target: Account, tty: string, pid: number): LogRecord => ({
  rule: target.id === 0 ? '5303' : '5304',
  fullLog: `su[${pid}]: (to ${target.name}) ${by.name} on ${tty}`,
  program: 'su',
  decoder: { name: 'su' },
  data: { srcuser: by.name, dstuser: target.name, tty },
  location: auth,
});

export const userAdded = (user: Account, home: string, pid: number): LogRecord => ({
  rule: '5902',
  fullLog: `useradd[${pid}]: new user: name=${user.name}, UID=${user.id}, GID=${user.id}, home=${home}, shell=/bin/bash, from=none`,
  program: 'useradd',
  decoder: { parent: 'useradd', name: 'useradd' },
  data: { dstuser: user.name, uid: String(user.id), gid: String(user.id), home, shell: '/bin/bash,' },
  location: auth,
});

export const crontabReplaced = (user: Account, pid: number): LogRecord => ({
  rule: '2832',
  fullLog: `crontab[${pid}]: (${user.name}) REPLACE (${user.name})`,
  program: 'crontab',
  decoder: { name: 'crontab' },
  location: '/var/log/syslog',
});

export const packageInstalled = (name: string, version: string, stamp: string): LogRecord => ({
  rule: '2902',
  fullLog: `${stamp} status installed ${name}:amd64 ${version}`,
  decoder: { parent: 'windows-date-format', name: 'dpkg-decoder' },
  data: { dpkg_status: 'status installed', package: name, arch: 'amd64', version },
  location: '/var/log/dpkg.log',
});

export const serviceFailed = (unit: string): LogRecord => ({
  rule: '40704',
  fullLog: `systemd[1]: ${unit}: Main process exited, code=exited, status=1/FAILURE`,
  program: 'systemd',
  decoder: { name: 'systemd' },
  location: '/var/log/syslog',
});

/** Something a 256-bit key's fingerprint could be: 43 characters, always the same for a user. */
function fingerprint(user: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let state = 7;
  let text = '';
  for (let i = 0; i < 43; i++) {
    state = (Math.imul(state, 31) + user.charCodeAt(i % user.length) + i) >>> 0;
    text += alphabet[state % 64];
  }
  return text;
}
