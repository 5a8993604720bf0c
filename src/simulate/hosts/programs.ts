/** Where Debian 12 keeps what is not simply `/usr/bin/NAME`; links are resolved, as the kernel reports `exe`. */
const elsewhere: Readonly<Record<string, string>> = {
  sh: '/usr/bin/dash',
  awk: '/usr/bin/mawk',
  vi: '/usr/bin/vim.basic',
  vim: '/usr/bin/vim.basic',
  nc: '/usr/bin/nc.openbsd',
  python3: '/usr/bin/python3.11',
  php: '/usr/bin/php8.2',
  editor: '/usr/bin/vim.basic',
  '-bash': '/usr/bin/bash',
  pip: '/usr/bin/pip3',
};

const superuser = new Set(
  'nginx useradd usermod groupadd visudo ldconfig sysctl iptables nft ip ss modprobe insmod logrotate fstrim cron sshd service runuser update-ca-certificates tcpdump chpasswd blkid update-grub setcap'.split(
    ' ',
  ),
);

const inPython = new Set(
  'certbot ansible-playbook ansible unattended-upgrade lsb_release py3compile apt-show-versions gunicorn pip'.split(
    ' ',
  ),
);
const inShell = new Set('ldd zgrep zcat which service run-parts-local pg_lsclusters'.split(' '));

export interface Program {
  /** The file the kernel runs, links and interpreters resolved. */
  readonly executable: string;
  /** The kernel's name of the task: 15 bytes of the file's name. */
  readonly name: string;
  /** The file as it was asked for. */
  readonly file: string;
  readonly args: readonly string[];
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What execve records for a command: a script becomes its interpreter with the script as first argument. */
export function resolve(args: readonly string[]): Program {
  const [command = '', ...rest] = args;
  const name = baseName(command).replace(/^-/, '').slice(0, 15);
  const path = command.includes('/') ? command : `${superuser.has(command) ? '/usr/sbin' : '/usr/bin'}/${command}`;
  const script = (executable: string, ...words: string[]): Program => ({
    executable,
    name,
    file: path,
    args: words.concat(rest),
  });
  if (/\.(sh|postinst|preinst|prerm|postrm)$/.test(path) || inShell.has(command) || path.startsWith('/etc/cron.')) {
    return script('/usr/bin/dash', '/bin/sh', path);
  }
  if (path.endsWith('.py') || inPython.has(command)) return script('/usr/bin/python3.11', '/usr/bin/python3', path);
  if (command === 'npm' || command === 'npx') return { ...script('/usr/bin/node', 'node', path), name: 'node' };
  const merged = command.startsWith('/bin/') || command.startsWith('/sbin/') ? `/usr${command}` : path;
  const executable = elsewhere[baseName(command)] ?? merged;
  return { executable, name, file: command.startsWith('/') ? command : executable, args };
}

/** Words a shell runs itself, without a new process. */
export const builtins: ReadonlySet<string> = new Set(
  'cd echo export printf read umask set source . : test [ kill exit history unset ulimit type wait true false pwd trap'.split(
    ' ',
  ),
);
