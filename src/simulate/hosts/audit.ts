import { unsetId } from './numbers.ts';
import type { Exec } from './step.ts';

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));
const encoder = new TextEncoder();

const hex = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += digits[byte];
  return text;
};

const isPlain = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x21 || code > 0x7e || code === 0x22) return false;
  }
  return true;
};

/**
 * A string as auditd writes it: quoted, or in upper-case hex as soon as one byte is a space, a quote, a control
 * character or not ASCII (`audit_log_untrustedstring` of the Linux kernel).
 */
export const untrusted = (text: string): string => (isPlain(text) ? `"${text}"` : hex(encoder.encode(text)));

/** Characters of one argument that the kernel puts into one EXECVE record. */
const longest = 7500;

/** The EXECVE records of an argument list; an argument too long for a record continues in the next as `a1[1]=`. */
export function execveRecords(args: readonly string[], stamp: string): string {
  const head = `type=EXECVE msg=audit(${stamp}):`;
  let text = `${head} argc=${args.length}`;
  let used = 0;
  for (const [index, arg] of args.entries()) {
    const value = untrusted(arg);
    if (value.length <= longest) {
      if (used + value.length > longest) {
        text += ` ${head}`;
        used = 0;
      }
      text += ` a${index}=${value}`;
      used += value.length;
      continue;
    }
    const quoted = value.startsWith('"');
    const body = quoted ? value.slice(1, -1) : value;
    text += ` a${index}_len=${body.length}`;
    for (let from = 0, part = 0; from < body.length; from += longest, part++) {
      const piece = body.slice(from, from + longest);
      text += `${part > 0 ? ` ${head}` : ''} a${index}[${part}]=${quoted ? `"${piece}"` : piece}`;
    }
    used = longest;
  }
  return text;
}

/** The kernel keeps 128 bytes of a process title. */
const title = (args: readonly string[]): string => {
  const bytes = encoder.encode(args.join('\0')).subarray(0, 128);
  return args.length === 1 ? untrusted(new TextDecoder().decode(bytes)) : hex(bytes);
};

/** The numbers that one execve got from its machine. */
export interface Numbers {
  readonly serial: number;
  readonly pid: number;
  readonly ppid: number;
  readonly session: number;
  readonly inode: number;
}

const name = (id: number, text: string | undefined): string => (id === unsetId ? '"unset"' : `"${text}"`);

/** The `full_log` of rule 80792: all records of one execve, joined by spaces, in auditd's ENRICHED format. */
export function auditLog(step: Exec, numbers: Numbers): string {
  const { process, args, host } = step;
  const { user, effective, login } = process;
  const auid = login.account?.id ?? unsetId;
  const time = step.time - host.lag;
  const stamp = `${Math.floor(time / 1000)}.${String(time % 1000).padStart(3, '0')}:${numbers.serial}`;
  const real = `"${user.name}"`;
  const acting = `"${effective.name}"`;
  const file = untrusted(step.file);
  const path = (item: number, text: string, inode: number) =>
    `type=PATH msg=audit(${stamp}): item=${item} name=${text} inode=${inode} dev=fe:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0${host.separator}OUID="root" OGID="root"`;
  return [
    `type=SYSCALL msg=audit(${stamp}): arch=c000003e syscall=59 success=yes exit=0 a0=55d0c8a0 a1=55d0c8e8 a2=55d0ca10 a3=8 items=2 ppid=${numbers.ppid} pid=${numbers.pid} auid=${auid} uid=${user.id} gid=${user.id} euid=${effective.id} suid=${effective.id} fsuid=${effective.id} egid=${user.id} sgid=${user.id} fsgid=${user.id} tty=${login.tty.replace('/', '')} ses=${numbers.session} comm=${untrusted(process.name)} exe=${untrusted(process.executable)} subj=unconfined key="audit-wazuh-c"${host.separator}ARCH=x86_64 SYSCALL=execve AUID=${name(auid, login.account?.name)} UID=${real} GID=${real} EUID=${acting} SUID=${acting} FSUID=${acting} EGID=${real} SGID=${real} FSGID=${real}`,
    execveRecords(args, stamp),
    `type=CWD msg=audit(${stamp}): cwd=${untrusted(step.cwd)}`,
    path(0, file, numbers.inode),
    path(1, '"/lib64/ld-linux-x86-64.so.2"', 1543),
    `type=PROCTITLE msg=audit(${stamp}): proctitle=${title(args)}`,
  ].join(' ');
}

/** `data.audit` as Wazuh's decoder makes it: only the first eight arguments, and of these only the quoted ones. */
export function auditData(step: Exec, numbers: Numbers): Record<string, unknown> {
  const { process, args, cwd, file } = step;
  const { user, effective, login } = process;
  const execve: Record<string, string> = { argc: String(args.length) };
  for (const [index, arg] of args.slice(0, 8).entries()) {
    if (arg !== '' && arg.length <= longest && isPlain(arg)) execve[`a${index}`] = arg;
  }
  return {
    type: 'SYSCALL',
    id: String(numbers.serial),
    arch: 'c000003e',
    syscall: '59',
    success: 'yes',
    exit: '0',
    ppid: String(numbers.ppid),
    pid: String(numbers.pid),
    auid: String(login.account?.id ?? unsetId),
    uid: String(user.id),
    gid: String(user.id),
    euid: String(effective.id),
    suid: String(effective.id),
    fsuid: String(effective.id),
    egid: String(user.id),
    sgid: String(user.id),
    fsgid: String(user.id),
    tty: login.tty.replace('/', ''),
    session: String(numbers.session),
    ...(isPlain(process.name) && { command: process.name }),
    ...(isPlain(process.executable) && { exe: process.executable }),
    key: 'audit-wazuh-c',
    execve,
    ...(isPlain(cwd) && { cwd }),
    ...(isPlain(file) && { file: { name: file, inode: String(numbers.inode), mode: '0100755' } }),
  };
}
