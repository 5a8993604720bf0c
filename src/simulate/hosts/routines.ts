import { textSeed } from './numbers.ts';
import { compactDate, type Day, dayLength, hour, isoDate, minute, type Plan, second } from './plan.ts';
import { cronService, service } from './processes.ts';
import { requests } from './requests.ts';
import type { Session } from './session.ts';
import type { Activity, Step } from './step.ts';
import { accounts, type Host, isLinux } from './world.ts';

const systemd = service(accounts.root, '/usr/lib/systemd/systemd', 'systemd');

const logNames: Readonly<Record<string, readonly string[]>> = {
  web: ['nginx/access.log', 'nginx/error.log', 'php8.2-fpm.log'],
  app: ['ledger/app.log', 'portal/app.log'],
  db: ['postgresql/postgresql-15-main.log'],
  ci: ['runner/jobs.log'],
  gate: ['ansible.log'],
};

/** Every half hour: is the machine well? Now and then with a report. */
function health(session: Session, report: boolean): void {
  const checked = session.exec(['/usr/local/sbin/health.sh']);
  session.inside(checked, ['df -P /']);
  if (report) session.file('modified', '/tmp/health.status');
}

function hourly(session: Session): void {
  session.inShell('   cd / && run-parts --report /etc/cron.hourly', ['cd / && run-parts --report /etc/cron.hourly']);
}

/** The night's cron.daily: package lists, log rotation, manual pages. */
function daily(plan: Plan, session: Session, host: Host, day: Day): void {
  session.inShell('test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }', ['cd /']);
  const parts = session.exec(['run-parts', '--report', '/etc/cron.daily']);
  session.inside(parts, ['/etc/cron.daily/apt-compat']);
  session.inside(session.exec(['/etc/cron.daily/dpkg'], parts), [
    '/usr/libexec/dpkg/dpkg-db-backup',
    'savelog -c 7 dpkg.status',
    '~ /var/backups/dpkg.status.0',
    '+ /var/backups/dpkg.status.1.gz',
  ]);
  const rotate = session.exec(['logrotate', '/etc/logrotate.conf'], session.exec(['/etc/cron.daily/logrotate'], parts));
  const names = ['syslog', 'auth.log', ...(logNames[host.role] ?? [])];
  for (const name of names.slice(0, plan.amount(names.length))) {
    session.inside(rotate, [
      `+ /var/log/${name}-${compactDate(day)}`,
      `gzip /var/log/${name}-${compactDate(day, -1)}`,
      `+ /var/log/${name}-${compactDate(day, -1)}.gz`,
      `- /var/log/${name}-${compactDate(day, -14)}.gz`,
    ]);
  }
  session.inside(rotate, [
    "sh -c 'invoke-rc.d rsyslog rotate > /dev/null 2>&1 || true'",
    '/usr/lib/rsyslog/rsyslog-rotate',
  ]);
  session.inside(session.exec(['/etc/cron.daily/man-db'], parts), [
    'find /var/cache/man -type f -name *.gz -atime +6 -delete',
    'mandb --no-purge --quiet',
  ]);
}

function backup(session: Session, day: Day): void {
  const stamp = isoDate(day);
  const dump = session.exec(['/usr/local/sbin/db-backup.sh']);
  session.inside(dump, ['date +%F', 'mkdir -p /srv/backups']);
  for (const base of ['ledger', 'portal', 'shop']) {
    session.inside(dump, [
      `runuser -u postgres -- pg_dump -Fc -f /srv/backups/${base}-${stamp}.dump ${base}`,
      `+ /srv/backups/${base}-${stamp}.dump`,
      `sha256sum /srv/backups/${base}-${stamp}.dump`,
      `+ /srv/backups/${base}-${stamp}.dump.sha256`,
    ]);
  }
  session.inside(dump, [
    'find /srv/backups -name *.dump -mtime +14 -delete',
    ...['ledger', 'portal', 'shop'].map((base) => `- /srv/backups/${base}-${isoDate(day, -15)}.dump`),
    'rsync -a --delete /srv/backups/ backup@10.40.0.13:/srv/vault/db/',
    `psql -U postgres -Atc "select pg_size_pretty(sum(pg_database_size(datname))) from pg_database"`,
    `logger -t db-backup "done ${stamp}"`,
  ]);
}

/** certbot looks twice a day and renews each host's certificate once in 60 days, shortened to ten here so that it is seen. */
function certificates(session: Session, host: Host, day: Day, renew: boolean): void {
  const certbot = session.exec(['certbot', '-q', 'renew']);
  if (!renew) return;
  const turn = Math.floor(day.start / dayLength / 10) % 90;
  session.inside(certbot, [
    ...['cert', 'chain', 'fullchain', 'privkey'].flatMap((part) => [
      `+ /etc/letsencrypt/archive/${host.name}.example.com/${part}${turn}.pem`,
      `~ /etc/letsencrypt/live/${host.name}.example.com/${part}.pem`,
    ]),
    `~ /etc/letsencrypt/renewal/${host.name}.example.com.conf`,
    `+ /etc/letsencrypt/csr/${String(turn).padStart(4, '0')}_csr-certbot.pem`,
    '/etc/letsencrypt/renewal-hooks/deploy/reload-nginx.sh',
    'nginx -t',
    'systemctl reload nginx',
  ]);
}

/** Clockwork: the same jobs at the same minutes, day after day, each machine with its own offset. */
export function* routines(plan: Plan, day: Day): Generator<readonly Step[]> {
  for (const host of plan.hosts.filter(isLinux)) {
    const random = plan.random.fork(`routine/${host.name}/${day.index}`);
    const offset = textSeed(host.name) % 1200;
    const at = (time: number, activity: Activity = 'routine') =>
      plan.open({
        host,
        activity,
        time: day.start + time + random.integer(900),
        random,
        shell: cronService,
      });
    const every = (period: number, first: number): number[] => {
      const stretched = Math.max(minute, period / plan.scale);
      const times: number[] = [];
      for (let time = first; time < dayLength - 10 * minute; time += stretched) times.push(Math.floor(time));
      return times;
    };
    for (const [turn, time] of every(30 * minute, offset * second).entries()) {
      const session = plan.open({
        host,
        activity: 'routine',
        time: day.start + time + random.integer(900),
        random,
        shell: systemd,
      });
      health(session, turn % 6 === 0);
      yield session.steps;
    }
    for (const time of every(hour, 17 * minute + (offset % 50))) {
      const session = at(time);
      hourly(session);
      yield session.steps;
    }
    if (host.role === 'app') {
      for (const time of every(5 * minute, offset % 60)) {
        const session = at(time + 20 * second);
        session.inside(systemd, ['/usr/local/bin/queue-probe --quick --queue ledger']);
        yield session.steps;
      }
    }
    if (host.role === 'web' || host.role === 'app') yield* requests(plan, day, host);
    const nightly = at(6 * hour + 25 * minute + (offset % 40) * second);
    daily(plan, nightly, host, day);
    yield nightly.steps;
    if (host.role === 'db') {
      const night = at(2 * hour + 30 * minute);
      backup(night, day);
      yield night.steps;
    }
    if (host.role === 'web') {
      const days = Math.floor(day.start / dayLength);
      for (const [turn, time] of [4 * hour, 16 * hour].entries()) {
        const session = at(time + offset * second);
        certificates(session, host, day, turn === 0 && (days + textSeed(host.name)) % 10 === 0);
        yield session.steps;
      }
      const map = at(3 * hour + 10 * minute + (offset % 300) * second);
      map.inShell(`cd /srv/shop/current && php bin/console sitemap:dump --env=prod`, [
        'cd /srv/shop/current && php bin/console sitemap:dump --env=prod',
        `+ /srv/shop/shared/sitemap/sitemap-${compactDate(day)}.xml.gz`,
        `- /srv/shop/shared/sitemap/sitemap-${compactDate(day, -7)}.xml.gz`,
      ]);
      yield map.steps;
    }
    if (host.role === 'gate') {
      const vault = at(5 * hour);
      vault.inShell('/usr/local/sbin/vault-rotate.sh daily', [
        '/usr/local/sbin/vault-rotate.sh daily',
        `tar -czf /srv/vault/weekly/etc-${isoDate(day)}.tar.gz /etc`,
        `+ /srv/vault/weekly/etc-${isoDate(day)}.tar.gz`,
        `rm -f /srv/vault/weekly/etc-${isoDate(day, -21)}.tar.gz`,
        `- /srv/vault/weekly/etc-${isoDate(day, -21)}.tar.gz`,
      ]);
      yield vault.steps;
    }
    if (day.weekday === 1) {
      const trim = plan.open({
        host,
        activity: 'routine',
        time: day.start + hour + (offset % 900) * second,
        random,
        shell: systemd,
      });
      trim.run(['fstrim --listed-in /etc/fstab:/proc/self/mountinfo --verbose --quiet-unsupported', 'e2scrub_all -A']);
      yield trim.steps;
    }
  }
}
