import type { Random } from '../../algorithms/random.ts';
import { type Day, hour, leave, minute, type Plan, randomText, some } from './plan.ts';
import { byHand, byScript, type Session } from './session.ts';
import type { Step } from './step.ts';
import { accounts, type Host, isLinux, people } from './world.ts';

interface Task {
  readonly module: string;
  readonly changes: (host: Host, random: Random) => readonly string[];
}

const authorities =
  'Alder Aspen Beech Birch Cedar Cypress Elder Elm Fir Hazel Hemlock Holly Juniper Larch Laurel Linden Maple Oak Olive Pine Poplar Rowan Spruce Sycamore Walnut Willow Yew'.split(
    ' ',
  );
const tools =
  'audit backup cert cleanup disk drain failover health inventory kernel lease metrics mirror network notify probe quota report restore rotate secret snapshot sync tail trace'.split(
    ' ',
  );

const roles: readonly (readonly Task[])[] = [
  [
    { module: 'apt', changes: () => [] },
    {
      module: 'template',
      changes: () => ['~ /etc/sysctl.d/60-hardening.conf', '~ /etc/security/limits.d/90-company.conf', '~ /etc/motd'],
    },
    { module: 'lineinfile', changes: () => ['~ /etc/ssh/sshd_config', '~ /etc/login.defs'] },
  ],
  [
    {
      module: 'template',
      changes: (host) =>
        host.role === 'web'
          ? ['~ /etc/nginx/nginx.conf', '~ /etc/nginx/conf.d/limits.conf', '~ /etc/nginx/sites-available/shop.conf']
          : ['~ /etc/hosts'],
    },
    { module: 'file', changes: (host) => (host.role === 'web' ? ['~ /etc/nginx/sites-enabled/shop.conf'] : []) },
    { module: 'systemd', changes: () => [] },
  ],
  [
    {
      module: 'user',
      changes: () => ['~ /etc/passwd', '~ /etc/shadow', '~ /etc/group', '~ /etc/passwd-', '~ /etc/shadow-'],
    },
    {
      module: 'authorized_key',
      changes: (_, random) => [`~ /home/${random.pick(people).account.name}/.ssh/authorized_keys`],
    },
    { module: 'copy', changes: (_, random) => [`~ /etc/sudoers.d/${random.pick(['ops', 'deploy', 'oncall'])}`] },
  ],
  [
    {
      module: 'copy',
      changes: (_, random) =>
        some(random, tools, 18).flatMap((tool) => [
          `~ /usr/local/lib/ops/${tool}.py`,
          `~ /usr/local/share/ops/${tool}.md`,
        ]),
    },
    { module: 'command', changes: () => ['~ /usr/local/bin/ops'] },
    { module: 'cron', changes: () => ['~ /etc/cron.d/ops'] },
  ],
  [
    {
      module: 'copy',
      changes: (_, random) =>
        some(random, authorities, 14).flatMap((name) => [
          `+ /usr/local/share/ca-certificates/${name}_Root_R${1 + random.integer(6)}.crt`,
          `+ /etc/ssl/certs/${name}_Root_R${1 + random.integer(6)}.pem`,
          `+ /etc/ssl/certs/${randomText(random, 8)}.0`,
        ]),
    },
    { module: 'command', changes: () => ['~ /etc/ssl/certs/ca-certificates.crt'] },
  ],
  [
    {
      module: 'template',
      changes: () => ['~ /etc/chrony/chrony.conf', '~ /etc/logrotate.d/app', '~ /etc/rsyslog.d/30-forward.conf'],
    },
    { module: 'service', changes: () => [] },
  ],
];

/** One Ansible task over ssh: a temporary directory with random numbers, a become, a module, and away with it. */
function ansibleTask(session: Session, task: Task, host: Host): void {
  const { random } = session;
  const stamp = `${Math.floor(session.time / 1000)}.${1_000_000 + random.integer(8_999_999)}-${20_000 + random.integer(70_000)}-${randomText(random, 14, '0123456789')}`;
  const place = `/home/ansible/.ansible/tmp/ansible-tmp-${stamp}`;
  const run = `/usr/bin/python3 ${place}/AnsiballZ_${task.module}.py`;
  const become = `echo BECOME-SUCCESS-${randomText(random, 32, 'abcdefghijklmnopqrstuvwxyz')} ; ${run}`;
  session.inShell(
    `( umask 77 && mkdir -p "/home/ansible/.ansible/tmp" && mkdir "${place}" && echo ansible-tmp-${stamp}="${place}" ) && sleep 0`,
    [`mkdir ${place}`, 'sleep 0'],
  );
  session.inShell(`chmod u+x ${place}/ ${place}/AnsiballZ_${task.module}.py && sleep 0`, [
    `chmod u+x ${place}/ ${place}/AnsiballZ_${task.module}.py`,
  ]);
  session.inShell(`sudo -H -S -n -u root /bin/sh -c '${become}' && sleep 0`, [
    `sudo -H -S -n /bin/sh -c '${become}'`,
    ...task.changes(host, random),
  ]);
  session.inShell(`rm -f -r ${place}/ > /dev/null 2>&1 && sleep 0`, [`rm -f -r ${place}/`]);
}

/** An apply of the infrastructure's code to every Linux machine, started by somebody on the bastion. */
export function* iac(plan: Plan, day: Day, promised: number): Generator<readonly Step[]> {
  const random = plan.random.fork(`iac/${day.index}`);
  const gate = plan.with('gate')[0];
  const wanted = day.working && (day.weekday === 2 || random.next() < 0.16);
  if (gate === undefined || !(wanted || day.index === promised)) return;
  const person = random.pick(people.filter((candidate) => candidate.roles.includes('gate')));
  const time = day.start + (9 + random.integer(6)) * hour + random.integer(50) * minute;
  const chosen = some(random, roles, 2).flat();
  const tasks = chosen.slice(0, plan.amount(chosen.length, 2)).map(({ module, changes }) => ({
    module,
    changes: (host: Host, dice: Random) => {
      const all = changes(host, dice);
      return some(dice, all, plan.amount(all.length));
    },
  }));
  const control = plan.enter({
    host: gate,
    activity: 'iac',
    time,
    random: random.fork('control'),
    user: person.account,
    address: person.address,
    tty: 'pts/1',
    pace: byHand,
  });
  control.run(['cd /srv/infra', 'git pull --ff-only', `ansible-playbook -i inventory/prod site.yml --diff`]);
  yield leave(control, person.account);
  for (const [turn, host] of plan.hosts.filter(isLinux).entries()) {
    const session = plan.enter({
      host,
      activity: 'iac',
      time: control.time + turn * 1700 + random.integer(900),
      random: random.fork(host.name),
      user: accounts.ansible,
      address: gate.ip,
      pace: byScript,
    });
    session.inShell('echo ~ansible && sleep 0', ['sleep 0']);
    for (const task of tasks) ansibleTask(session.wait([200, 1800]), task, host);
    yield leave(session, accounts.ansible);
  }
}
