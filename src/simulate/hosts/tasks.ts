import type { Random } from '../../algorithms/random.ts';
import type { Role } from './world.ts';

/** Something an admin does in one sitting, as lines of shell for a `Session`. */
export interface Task {
  /** Where this makes sense; absent is everywhere. */
  readonly roles?: readonly Role[];
  /** How common it is. */
  readonly weight: number;
  lines(random: Random): readonly string[];
}

const units: Readonly<Record<Role, readonly string[]>> = {
  web: ['nginx', 'php8.2-fpm'],
  app: ['ledger', 'portal', 'redis-server'],
  db: ['postgresql@15-main'],
  ci: ['actions-runner', 'docker'],
  gate: ['ssh', 'chrony'],
  windows: [],
};

const words =
  'timeout refused deadlock oom retry upstream denied expired overflow warning 502 504 slow truncated'.split(' ');
const tables = 'orders invoices payments sessions audit_log users products shipments'.split(' ');
const upper = (word: string): string => word.toUpperCase();
const some = (random: Random, from: number, to: number): number => from + random.integer(to - from + 1);

/** Tasks for a machine of this role. */
export function tasksFor(role: Role): readonly Task[] {
  const unit = (random: Random): string => random.pick(units[role]);
  return [...tasks(unit), ...special].filter((task) => task.roles === undefined || task.roles.includes(role));
}

const tasks = (unit: (random: Random) => string): readonly Task[] => [
  {
    weight: 9,
    lines: (r) => [
      `systemctl status ${unit(r)}`,
      `sudo journalctl -u ${unit(r)} -n ${r.pick([50, 100, 200])} --no-pager`,
    ],
  },
  {
    weight: 8,
    lines: (r) => ['df -h', `du -sh /var/log`, `sudo du -xsh /srv /opt /var/${r.pick(['lib', 'cache', 'log'])}`],
  },
  {
    weight: 7,
    lines: (r) => [
      'cd /var/log',
      'ls -la',
      `sudo tail -n ${some(r, 2, 20) * 10} syslog`,
      `sudo grep -ci ${r.pick(words)} syslog`,
    ],
  },
  { weight: 6, lines: () => ['uptime', 'free -m', 'ps aux --sort=-%mem | head -n 15', 'vmstat 1 5'] },
  {
    weight: 6,
    lines: (r) => [
      'ss -tlnp',
      `ss -tn state established | wc -l`,
      `curl -sI http://127.0.0.1:${r.pick([80, 8080, 8000, 3000])}/`,
    ],
  },
  {
    weight: 5,
    lines: (r) => [
      `sudo journalctl --since "${some(r, 1, 6)} hours ago" -p err --no-pager`,
      `sudo dmesg -T | tail -n ${some(r, 10, 40)}`,
    ],
  },
  {
    weight: 5,
    lines: (r) => ['w', 'last -n 20', `id ${r.pick(['deploy', 'mara', 'jonas', 'priya', 'tomas', 'ansible'])}`],
  },
  { weight: 4, lines: (r) => [`sudo systemctl restart ${unit(r)}`, `systemctl is-active ${unit(r)}`] },
  {
    weight: 4,
    lines: (r) => [
      'apt list --upgradable',
      `apt-cache policy ${r.pick(['curl', 'openssl', 'nginx', 'openssh-server', 'tzdata', 'linux-image-amd64'])}`,
    ],
  },
  {
    weight: 3,
    lines: (r) => [
      `host ${r.pick(['shop', 'portal', 'ledger', 'mail', 'vault'])}.example.com`,
      `ping -c 3 10.40.0.${some(r, 11, 17)}`,
      `traceroute -n 10.40.0.${some(r, 11, 17)}`,
    ],
  },
  {
    weight: 3,
    lines: (r) => [
      `find /etc -mtime -${some(r, 1, 9)} -type f`,
      `sudo ls -l /etc/${r.pick(['cron.d', 'sudoers.d', 'ssh', 'systemd/system', 'apt/sources.list.d'])}`,
    ],
  },
  {
    weight: 3,
    lines: (r) =>
      [
        'crontab -l',
        'sudo crontab -l -u root',
        `systemctl list-timers --all`,
        `systemctl list-units --failed`,
        `uname -r`,
        `cat /etc/debian_version`,
      ].slice(0, some(r, 2, 6)),
  },
  {
    weight: 2,
    lines: (r) => [
      `sudo vi /etc/${r.pick(['hosts', 'logrotate.d/app', 'sysctl.d/60-local.conf', 'security/limits.d/app.conf'])}`,
      '~ /etc/hosts',
      'sudo sysctl --system',
    ],
  },
  {
    weight: 2,
    lines: (r) => [
      `sudo tcpdump -ni any -c ${some(r, 20, 200)} port ${r.pick([53, 443, 5432, 6379])} -w /tmp/cap-${some(r, 1, 99)}.pcap`,
      `scp /tmp/cap-${some(r, 1, 99)}.pcap mara@10.8.0.11:`,
      'sudo rm -f /tmp/cap.pcap',
    ],
  },
  {
    weight: 2,
    lines: (r) => [
      'sudo -l',
      'sudo find / -xdev -type f -perm -4000',
      `sudo stat /etc/shadow`,
      `getent passwd ${r.pick(['deploy', 'www-data', 'postgres'])}`,
    ],
  },
  {
    weight: 2,
    lines: (r) => [
      `mkdir -p /home/mara/notes`,
      `vim /home/mara/notes/incident-${some(r, 100, 999)}.md`,
      `+ /home/mara/notes/incident-${some(r, 100, 999)}.md`,
    ],
  },
  {
    weight: 1,
    lines: (r) => [
      `strace -f -p ${some(r, 400, 30_000)} -e trace=network -c`,
      `lsof -p ${some(r, 400, 30_000)}`,
      `sudo gdb -p ${some(r, 400, 30_000)} -batch -ex "thread apply all bt"`,
    ],
  },
  {
    weight: 1,
    lines: (r) => [
      'sudo passwd -S deploy',
      `sudo chage -l ${r.pick(['mara', 'jonas', 'deploy'])}`,
      'sudo usermod -aG adm priya',
      '~ /etc/group',
      '~ /etc/gshadow',
    ],
  },
];

const special: readonly Task[] = [
  {
    roles: ['web'],
    weight: 8,
    lines: (r) => [
      'cd /var/log/nginx',
      `tail -n ${some(r, 1, 9) * 100} access.log | awk '{print $1}' | sort | uniq -c | sort -rn | head`,
      `grep -c " ${r.pick([500, 502, 499, 404])} " access.log`,
    ],
  },
  {
    roles: ['web'],
    weight: 4,
    lines: () => [
      'sudo nginx -t',
      'sudo systemctl reload nginx',
      'openssl s_client -connect 127.0.0.1:443 -servername shop.example.com',
      `openssl x509 -noout -enddate`,
    ],
  },
  {
    roles: ['web'],
    weight: 3,
    lines: (r) => [
      'cd /srv/shop/current',
      `sudo -u www-data php bin/console cache:clear --env=prod`,
      `sudo -u www-data php bin/console ${r.pick(['messenger:stats', 'debug:router', 'about', 'doctrine:migrations:status'])}`,
    ],
  },
  {
    roles: ['web'],
    weight: 2,
    lines: (r) => [
      `sudo vim /etc/nginx/sites-available/${r.pick(['shop', 'portal', 'status'])}.conf`,
      `~ /etc/nginx/sites-available/shop.conf`,
      'sudo nginx -t',
      'sudo nginx -s reload',
    ],
  },
  {
    roles: ['app'],
    weight: 7,
    lines: (r) => [
      `cd /opt/ledger/current`,
      `sudo -u ledger venv/bin/python manage.py ${r.pick(['queue-status', 'showmigrations', 'check --deploy', `replay --order ${some(r, 10_000, 99_999)}`])}`,
      `curl -s http://127.0.0.1:8000/metrics | grep ${r.pick(['http_requests_total', 'queue_depth', 'process_resident_memory_bytes'])}`,
    ],
  },
  {
    roles: ['app'],
    weight: 5,
    lines: (r) => [
      `redis-cli info ${r.pick(['memory', 'clients', 'keyspace'])}`,
      `redis-cli --scan --pattern "${r.pick(['sess', 'lock', 'cart'])}:*" | head -n ${some(r, 5, 40)}`,
    ],
  },
  {
    roles: ['app'],
    weight: 3,
    lines: (r) => [
      `node -e "console.log(process.versions.${r.pick(['node', 'v8', 'openssl'])})"`,
      `jq .version /srv/portal/current/package.json`,
      `zgrep -h ${r.pick(words)} /var/log/portal/app.log-2026030${some(r, 1, 9)}.gz`,
    ],
  },
  {
    roles: ['db'],
    weight: 9,
    lines: (r) => [
      'sudo -u postgres psql -c "select pid, state, query from pg_stat_activity"',
      `sudo -u postgres psql ledger -c "select count(*) from ${r.pick(tables)} where created_at > now() - interval '${some(r, 1, 48)} hours'"`,
    ],
  },
  {
    roles: ['db'],
    weight: 5,
    lines: (r) => [
      `sudo -u postgres psql ${r.pick(['ledger', 'shop', 'portal'])} -c "explain analyze select * from ${r.pick(tables)} where id = ${some(r, 1, 99_999)}"`,
      `sudo -u postgres psql -c "vacuum (verbose, analyze) ${r.pick(tables)}"`,
    ],
  },
  {
    roles: ['db'],
    weight: 4,
    lines: () => [
      'ls -lh /srv/backups',
      'pg_lsclusters',
      'sudo -u postgres psql -Atc "show shared_buffers"',
      'iostat -x 1 3',
    ],
  },
  {
    roles: ['db'],
    weight: 2,
    lines: (r) => [
      `sudo -u postgres pg_dump -t ${r.pick(tables)} -f /tmp/${r.pick(tables)}-${some(r, 1, 31)}.sql ledger`,
      `gzip -9 /tmp/dump-${some(r, 1, 31)}.sql`,
      `+ /tmp/dump-${some(r, 1, 31)}.sql.gz`,
    ],
  },
  {
    roles: ['ci'],
    weight: 8,
    lines: (r) => ['docker ps', `docker system df`, `docker logs --tail ${some(r, 1, 9) * 50} runner-${some(r, 1, 4)}`],
  },
  {
    roles: ['ci'],
    weight: 4,
    lines: (r) => [
      'sudo docker image prune -af',
      `sudo docker pull registry.example.com/${r.pick(['php', 'python', 'node'])}:${r.pick(['8.2', '3.11', '22'])}`,
      'docker images',
    ],
  },
  {
    roles: ['ci'],
    weight: 3,
    lines: (r) => [
      'cd /home/runner/work',
      'ls',
      `git -C shop log --oneline -n ${some(r, 5, 30)}`,
      `git -C ledger diff --stat HEAD~${some(r, 1, 5)}`,
      'git -C portal status',
    ],
  },
  {
    roles: ['gate'],
    weight: 8,
    lines: (r) => [
      `ssh ${r.pick(['web01', 'app01', 'db01', 'web02', 'ci01'])} uptime`,
      `ssh ${r.pick(['web01', 'app01', 'db01'])} "sudo systemctl status ${r.pick(['nginx', 'ledger', 'postgresql'])}"`,
    ],
  },
  {
    roles: ['gate'],
    weight: 4,
    lines: (r) => [
      'cd /srv/infra',
      'git pull --ff-only',
      `git log --oneline -n ${some(r, 3, 20)}`,
      `ansible-playbook site.yml --check --diff --limit ${r.pick(['web', 'app', 'db'])} --tags ${r.pick(['nginx', 'base', 'users', 'tls'])}`,
    ],
  },
  {
    roles: ['gate'],
    weight: 3,
    lines: (r) => [
      'cd /srv/infra',
      `vim roles/${r.pick(['nginx', 'base', 'chrony', 'sshd'])}/tasks/main.yml`,
      `~ /srv/infra/roles/base/tasks/main.yml`,
      'git add -A',
      `git commit -m "${r.pick(['tune', 'fix', 'bump', 'drop'])} ${r.pick(['timeouts', 'limits', 'mirrors', 'keepalive', 'ntp pool'])}"`,
      'git push',
    ],
  },
  {
    roles: ['gate'],
    weight: 2,
    lines: (r) => [
      `sudo ${r.pick(['nft list ruleset', 'iptables -S', 'fail2ban-client status sshd', 'grep Failed /var/log/auth.log'])}`,
      `whois 192.0.2.${some(r, 1, 250)}`,
    ],
  },
];

/** A command nobody planned: the long tail of a working day. */
export function oddity(random: Random): string {
  const word = random.pick(words);
  return random.pick([
    `man ${random.pick(['systemd.timer', 'sshd_config', 'tar', 'rsync', 'jq', 'nft', 'find', 'cron'])}`,
    `date -d "${some(random, 1, 40)} days ago" +%F`,
    `grep -rn "${word}" /etc/${random.pick(['nginx', 'php', 'systemd', 'ssh', 'postgresql', 'redis'])}`,
    `python3 -c "print(${some(random, 100, 9999)} * ${some(random, 2, 99)} / 1024)"`,
    `dig +short ${random.pick(['A', 'MX', 'TXT', 'AAAA'])} ${random.pick(['example.com', 'shop.example.com', 'example.org'])}`,
    `less /var/log/${random.pick(['dpkg.log', 'apt/history.log', 'kern.log', 'cloud-init.log'])}`,
    `watch -n ${some(random, 1, 10)} ls -l /srv/backups`,
    `nproc && lscpu | grep ${upper(random.pick(['model', 'numa', 'cache']))}`,
    `tree -L ${some(random, 1, 3)} /opt`,
    `sed -n ${some(random, 1, 90)},${some(random, 91, 200)}p /var/log/syslog`,
    `timedatectl && hostnamectl`,
    `wc -l /var/log/${random.pick(['auth.log', 'syslog', 'dpkg.log'])}`,
    `md5sum /srv/${random.pick(['portal', 'shop'])}/current/package.json`,
    `mtr -rwc ${some(random, 3, 20)} 10.40.0.${some(random, 11, 17)}`,
    `echo ${btoa(`${word}-${some(random, 10, 99)}`)} | base64 -d`,
    `openssl rand -hex ${random.pick([8, 16, 24, 32])}`,
    `stat /etc/${random.pick(['passwd', 'hosts', 'fstab', 'resolv.conf', 'machine-id'])}`,
    `xargs -n1 basename < /tmp/list-${some(random, 1, 50)}.txt`,
    `ncdu -x /var/${random.pick(['lib', 'log', 'cache'])}`,
    `iotop -boqn ${some(random, 2, 9)}`,
  ]);
}
