import * as logs from './logs.ts';
import { type Day, hour, minute, mixedText, type Plan, some } from './plan.ts';
import { service } from './processes.ts';
import type { Session } from './session.ts';
import type { Step } from './step.ts';
import { accounts, isLinux } from './world.ts';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
}

const lib = '/usr/lib/x86_64-linux-gnu';

/** Packages that get security updates, with the files of theirs that lie in watched folders. */
const packages: readonly Package[] = [
  { name: 'curl', version: '7.88.1-10+deb12u', files: ['/usr/bin/curl', '/usr/share/doc/curl/changelog.Debian.gz'] },
  {
    name: 'libcurl4',
    version: '7.88.1-10+deb12u',
    files: [`${lib}/libcurl.so.4.8.0`, '/usr/share/doc/libcurl4/changelog.Debian.gz'],
  },
  {
    name: 'openssl',
    version: '3.0.17-1~deb12u',
    files: [
      '/usr/bin/openssl',
      '/usr/bin/c_rehash',
      '/etc/ssl/openssl.cnf',
      `${lib}/libssl.so.3`,
      `${lib}/libcrypto.so.3`,
    ],
  },
  {
    name: 'openssh-server',
    version: '1:9.2p1-2+deb12u',
    files: ['/usr/sbin/sshd', '/usr/lib/openssh/sftp-server', '/etc/ssh/moduli', '/usr/lib/systemd/system/ssh.service'],
  },
  {
    name: 'sudo',
    version: '1.9.13p3-1+deb12u',
    files: ['/usr/bin/sudo', '/usr/sbin/visudo', '/usr/lib/sudo/sudoers.so', '/etc/pam.d/sudo'],
  },
  {
    name: 'bind9-dnsutils',
    version: '1:9.18.33-1~deb12u',
    files: ['/usr/bin/dig', '/usr/bin/nslookup', '/usr/bin/nsupdate'],
  },
  {
    name: 'vim-common',
    version: '2:9.0.1378-2+deb12u',
    files: ['/usr/bin/xxd', '/etc/vim/vimrc', '/usr/share/vim/vim90/runtime/defaults.vim'],
  },
  {
    name: 'tzdata',
    version: '2026a-0+deb12u',
    files: [
      'Africa/Cairo',
      'America/Asuncion',
      'America/Santiago',
      'Asia/Almaty',
      'Asia/Gaza',
      'Europe/Kyiv',
      'Pacific/Fiji',
    ].map((zone) => `/usr/share/zoneinfo/${zone}`),
  },
  {
    name: 'python3.11-minimal',
    version: '3.11.2-6+deb12u',
    files: [
      '/usr/bin/python3.11',
      ...['abc', 'ast', 'codecs', 'enum', 'heapq', 'keyword', 'os', 're', 'socket', 'ssl', 'tarfile', 'zipfile'].map(
        (name) => `/usr/lib/python3.11/${name}.py`,
      ),
    ],
  },
  {
    name: 'perl-base',
    version: '5.36.0-7+deb12u',
    files: [
      '/usr/bin/perl',
      ...['Carp', 'Config', 'Cwd', 'Socket', 'Storable'].map((name) => `${lib}/perl-base/${name}.pm`),
    ],
  },
  { name: 'libxml2', version: '2.9.14+dfsg-1.3~deb12u', files: [`${lib}/libxml2.so.2.9.14`] },
  {
    name: 'libc-bin',
    version: '2.36-9+deb12u',
    files: [
      '/usr/bin/ldd',
      '/usr/bin/getconf',
      '/usr/sbin/ldconfig',
      '/etc/ld.so.conf.d/libc.conf',
      `${lib}/libc.so.6`,
    ],
  },
  {
    name: 'systemd',
    version: '252.38-1~deb12u',
    files: [
      '/usr/lib/systemd/systemd',
      '/usr/bin/systemctl',
      '/usr/bin/journalctl',
      '/usr/lib/systemd/system/systemd-journald.service',
      '/usr/lib/systemd/systemd-logind',
    ],
  },
  {
    name: 'git',
    version: '1:2.39.5-0+deb12u',
    files: [
      '/usr/bin/git',
      '/usr/lib/git-core/git-remote-http',
      '/usr/lib/git-core/git-shell',
      '/usr/share/git-core/templates/hooks/pre-push.sample',
    ],
  },
  { name: 'rsync', version: '3.2.7-1+deb12u', files: ['/usr/bin/rsync', '/usr/bin/rsync-ssl'] },
  {
    name: 'nginx-common',
    version: '1.22.1-9+deb12u',
    files: [
      '/etc/nginx/mime.types',
      '/etc/nginx/fastcgi_params',
      '/usr/share/nginx/html/index.html',
      '/usr/sbin/nginx',
    ],
  },
  {
    name: 'linux-image-amd64',
    version: '6.1.140-',
    files: [
      '/boot/vmlinuz-6.1.0-38-amd64',
      '/boot/initrd.img-6.1.0-38-amd64',
      '/boot/System.map-6.1.0-38-amd64',
      '/boot/config-6.1.0-38-amd64',
      '/boot/grub/grub.cfg',
    ],
  },
];

const timer = service(accounts.root, '/usr/lib/systemd/systemd', 'systemd');

function upgrade(session: Session, chosen: readonly Package[], day: Day): void {
  const { random } = session;
  const edition = 5 + (Math.floor(day.start / (14 * 24 * hour)) % 20);
  session.run([
    '/usr/lib/apt/apt.systemd.daily install',
    'apt-config shell StateDir Dir::State/d',
    'apt-config shell AutoAptEnable APT::Periodic::Enable/b',
  ]);
  const runner = session.exec(['unattended-upgrade']);
  session.inside(runner, [
    'lsb_release -a',
    '/usr/bin/dpkg --print-foreign-architectures',
    `/usr/lib/apt/methods/http`,
  ]);
  session.inside(runner, [`sh -c '/usr/sbin/dpkg-preconfigure --apt || true'`, '/usr/sbin/dpkg-preconfigure --apt']);
  const place = `/tmp/apt-dpkg-install-${mixedText(random, 6)}`;
  session.inside(runner, [
    '/usr/bin/dpkg --assert-multi-arch',
    `/usr/bin/dpkg --status-fd ${20 + random.integer(30)} --no-triggers --unpack --auto-deconfigure --recursive ${place}`,
  ]);
  for (const { name, files, version } of chosen) {
    const dpkg = session.exec(
      ['/usr/bin/dpkg', '--unpack', `${place}/${name}_${version.replace(':', '%3a')}${edition}_amd64.deb`],
      runner,
    );
    session.inside(dpkg, [
      'dpkg-split -Qao ' + `/var/lib/dpkg/reassemble.deb`,
      `dpkg-deb --fsys-tarfile /var/cache/apt/archives/${name}_${version.replace(':', '%3a')}${edition}_amd64.deb`,
      `rm -rf -- /var/lib/dpkg/tmp.ci`,
    ]);
    session.inside(
      dpkg,
      files.map((file) => `~ ${file}`),
    );
  }
  for (const { name, version } of chosen) {
    session.inside(runner, [`/var/lib/dpkg/info/${name}.postinst configure ${version}${edition - 1}`]);
    if (random.next() < 0.4)
      session.inside(runner, [
        `dpkg-maintscript-helper supports rm_conffile`,
        `deb-systemd-helper update-state ${name}.service`,
      ]);
    session.log(
      logs.packageInstalled(
        name,
        `${version}${edition}`,
        new Date(session.time).toISOString().slice(0, 19).replace('T', ' '),
      ),
    );
  }
  session.inside(runner, ['ldconfig', 'systemctl daemon-reload', '/usr/bin/dpkg --configure --pending', `mandb -pq`]);
}

/** Security updates in the small hours: each machine on a weekday of its own, all of them on the `promised` day. */
export function* upgrades(plan: Plan, day: Day, promised: number): Generator<readonly Step[]> {
  for (const [index, host] of plan.hosts.filter(isLinux).entries()) {
    const random = plan.random.fork(`upgrade/${host.name}/${day.index}`);
    const first = day.index === promised && index === 0;
    if (!first && day.weekday !== (index + 2) % 7) continue;
    const session = plan.open({
      host,
      activity: 'upgrade',
      time: day.start + 5 * hour + random.integer(70) * minute + random.integer(minute),
      random,
      shell: timer,
    });
    const fitting = packages.filter(({ name }) => host.role === 'web' || name !== 'nginx-common');
    upgrade(session, some(random, fitting, plan.amount(3 + random.integer(5))), day);
    yield session.steps;
  }
}
