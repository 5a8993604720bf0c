/** A Wazuh 4 alert of its own: a command that sudo ran on one of a few hosts. */
export function alertLine(index: number, more: Readonly<Record<string, unknown>> = {}): string {
  const second = String(index % 60).padStart(2, '0');
  const minute = String(Math.trunc(index / 60) % 60).padStart(2, '0');
  return JSON.stringify({
    timestamp: `2026-01-02T03:${minute}:${second}.000+0000`,
    rule: { id: '5402', level: 3, description: 'Successful sudo to ROOT executed.', groups: ['syslog', 'sudo'] },
    agent: { id: String(index % 5).padStart(3, '0'), name: `web${index % 5}` },
    manager: { name: 'manager' },
    id: `1767323000.${index}`,
    full_log: `sudo: deploy : TTY=pts/0 ; PWD=/srv ; USER=root ; COMMAND=/usr/bin/systemctl restart app${index % 7}`,
    decoder: { name: 'sudo' },
    data: { srcuser: 'deploy', dstuser: 'root', tty: 'pts/0', pwd: '/srv', command: `/usr/bin/restart ${index % 7}` },
    location: '/var/log/auth.log',
    ...more,
  });
}

/** The same as Filebeat sends it to Kafka. */
export function filebeatRecord(line: string): string {
  return JSON.stringify({
    '@timestamp': '2026-01-02T03:04:06.000Z',
    '@metadata': { beat: 'filebeat', type: '_doc', version: '7.10.2' },
    agent: { type: 'filebeat', name: 'the-manager', id: 'b3a1' },
    host: { name: 'the-manager' },
    log: { offset: 1234, file: { path: '/var/ossec/logs/alerts/alerts.json' } },
    fields: { index_prefix: 'wazuh-alerts-4.x-' },
    message: line,
  });
}
