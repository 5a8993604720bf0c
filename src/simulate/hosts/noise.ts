import type { Random } from '../../algorithms/random.ts';
import * as logs from './logs.ts';
import { type Day, dayLength, hour, minute, type Plan } from './plan.ts';
import { service } from './processes.ts';
import { syslogTime } from './render.ts';
import type { LogRecord, Step } from './step.ts';
import { accounts, type Host, isLinux } from './world.ts';

const outside = (random: Random): string => `${random.pick(['192.0.2', '198.51.100'])}.${1 + random.integer(200)}`;

const guesses =
  'admin test oracle ubuntu guest git ftpuser user pi support nagios hadoop minecraft steam www mysql tomcat jenkins zabbix es'.split(
    ' ',
  );
const paths =
  '/wp-login.php /.env /phpmyadmin/index.php /admin/ /.git/config /robots.txt.bak /xmlrpc.php /cgi-bin/luci /server-status /vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php /boaform/admin/formLogin /favicon-32.png /old/index.html /api/v1/pods /actuator/health /apple-touch-icon-precomposed.png'.split(
    ' ',
  );
const browsers = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'curl/8.5.0',
  'Mozilla/5.0 (compatible; CrawlBot/2.1)',
  'python-requests/2.31.0',
  '-',
];

function webError(random: Random, time: number, address: string, rule = '31101'): LogRecord {
  const date = new Date(time).toUTCString();
  const path = random.pick(paths);
  const status = random.pick(['404', '404', '404', '403', '400']);
  const stamp = `${date.slice(5, 7)}/${date.slice(8, 11)}/${date.slice(12, 16)}:${date.slice(17, 25)} +0000`;
  return {
    rule,
    fullLog: `${address} - - [${stamp}] "GET ${path} HTTP/1.1" ${status} ${100 + random.integer(600)} "-" "${random.pick(browsers)}"`,
    decoder: { name: 'web-accesslog' },
    data: { protocol: 'GET', srcip: address, id: status, url: path },
    location: '/var/log/nginx/access.log',
  };
}

const checks: readonly [id: string, title: string, result: 'failed' | 'passed'][] = [
  ['2501', 'Ensure mounting of cramfs filesystems is disabled.', 'failed'],
  ['2517', 'Ensure AIDE is installed.', 'failed'],
  ['2531', 'Ensure core dumps are restricted.', 'failed'],
  ['2548', 'Ensure NTP is configured.', 'passed'],
  ['2590', 'Ensure SSH root login is disabled.', 'passed'],
  ['2604', 'Ensure permissions on /etc/crontab are configured.', 'passed'],
];

const holes: readonly [cve: string, name: string, severity: 'High' | 'Critical'][] = [
  ['CVE-2024-6387', 'openssh-server', 'High'],
  ['CVE-2023-38545', 'curl', 'Critical'],
  ['CVE-2023-4911', 'libc-bin', 'High'],
  ['CVE-2024-2961', 'libc6', 'High'],
];

function assessment(random: Random): LogRecord {
  const [id, title, result] = random.pick(checks);
  const policy = 'CIS Benchmark for Debian Linux 12';
  return {
    rule: result === 'failed' ? '19007' : '19008',
    description: `${policy}: ${title}`,
    fullLog: `{"type":"check","policy":"${policy}","check":{"id":${id},"title":"${title}","result":"${result}"}}`,
    decoder: { name: 'sca' },
    data: {
      sca: { type: 'check', scan_id: String(1 + random.integer(2 ** 31)), policy, check: { id, title, result } },
    },
    location: 'sca',
  };
}

function vulnerability(random: Random): LogRecord {
  const [cve, name, severity] = random.pick(holes);
  return {
    rule: severity === 'Critical' ? '23505' : '23504',
    description: `${cve} affects ${name}`,
    fullLog: `${cve} affects ${name}`,
    decoder: { name: 'json' },
    data: {
      vulnerability: {
        cve,
        severity,
        status: 'Active',
        package: { name, architecture: 'amd64', version: '1.0' },
        title: `${cve} affects ${name}`,
      },
    },
    location: 'vulnerability-detector',
  };
}

const rootkit = (file: string): LogRecord => ({
  rule: '510',
  fullLog: `File '${file}' is owned by root and has written permissions to anyone.`,
  decoder: { name: 'rootcheck' },
  data: { title: 'File is owned by root and has written permissions to anyone.', file },
  location: 'rootcheck',
});

const ports = (random: Random): LogRecord => ({
  rule: '533',
  fullLog: `ossec: output: 'netstat listening ports':\ntcp 0.0.0.0:22 0.0.0.0:* 612/sshd\ntcp 127.0.0.1:${random.pick([6379, 8125, 9100])} 0.0.0.0:* ${700 + random.integer(900)}/service`,
  previous: `ossec: output: 'netstat listening ports':\ntcp 0.0.0.0:22 0.0.0.0:* 612/sshd`,
  decoder: { name: 'ossec' },
  location: 'netstat listening ports',
});

/** What Wazuh's own checks of a machine say, once or twice a day. */
function* checkups(plan: Plan, day: Day, host: Host): Generator<readonly Step[]> {
  const random = plan.random.fork(`checkup/${host.name}/${day.index}`);
  const shell = service(accounts.root, '/var/ossec/bin/wazuh-agentd', 'wazuh-agentd');
  const records: LogRecord[] = [assessment(random)];
  if (random.next() < 0.2) records.push(vulnerability(random));
  if (random.next() < 0.2) records.push(rootkit(`/var/tmp/${random.pick(['install.lock', 'spool.tmp', 'cache.db'])}`));
  if (random.next() < 0.3) records.push(ports(random));
  if (random.next() < 0.1)
    records.push(
      logs.serviceFailed(random.pick(['apt-daily.service', 'ledger.service', 'certbot.service', 'php8.2-fpm.service'])),
    );
  if (random.next() < 0.05) {
    records.push({
      rule: '503',
      fullLog: `ossec: Agent started: '${host.name}->any'.`,
      decoder: { parent: 'ossec', name: 'ossec' },
      data: { extra_data: `${host.name}->any` },
      location: 'wazuh-remoted',
    });
  }
  for (const record of records) {
    const time = day.start + random.integer(dayLength - hour);
    yield plan.open({ host, activity: 'routine', time, random, shell }).log(record).steps;
  }
}

/** The internet's background: password guessing at the bastion, scanners at the web servers. No attack of ours. */
export function* noise(plan: Plan, day: Day): Generator<readonly Step[]> {
  for (const host of plan.hosts.filter(isLinux)) yield* checkups(plan, day, host);
  const sshd = service(accounts.root, '/usr/sbin/sshd', 'sshd');
  for (const host of plan.with('gate')) {
    const random = plan.random.fork(`guessing/${host.name}/${day.index}`);
    for (let left = plan.amount(6); left > 0; left--) {
      const session = plan.open({
        host,
        activity: 'noise',
        time: day.start + random.integer(dayLength - hour),
        random,
        shell: sshd,
      });
      const address = outside(random);
      const earlier: string[] = [];
      for (let tries = 1 + random.integer(9); tries > 0; tries--) {
        const record = logs.sshInvalid(random.pick(guesses), address, 30_000 + random.integer(30_000), session.pid());
        earlier.unshift(`${syslogTime(session.time)} ${host.name} ${record.fullLog}`);
        session.log(earlier.length === 8 ? logs.sshBruteForce(record, earlier.slice(1)) : record).wait([900, 9000]);
      }
      yield session.steps;
    }
  }
  for (const host of plan.with('web')) {
    const random = plan.random.fork(`scanning/${host.name}/${day.index}`);
    for (let left = plan.amount(24); left > 0; left--) {
      const session = plan.open({
        host,
        activity: 'noise',
        time: day.start + random.integer(dayLength - hour),
        random,
        shell: sshd,
      });
      const address = outside(random);
      const burst = random.next() < 0.06 ? 13 : 1;
      for (let turn = 1; turn <= burst; turn++) {
        const record = webError(random, session.time, address, turn === 13 ? '31151' : '31101');
        session.log(turn === 13 ? { ...record, frequency: 12 } : record).wait([200, minute / 20]);
      }
      yield session.steps;
    }
  }
}
