import type { Event, Fields } from '../../src/event/index.ts';

/** A login from an address, as a source would give it. */
export const loginFrom = (ip: string, fields: Fields = {}): Event => ({
  id: `test/${ip}`,
  time: Date.UTC(2026, 0, 2),
  source: 'test',
  kind: 'login',
  fields: { 'event.action': 'ssh', 'event.outcome': 'success', 'user.name': 'alice', 'source.ip': ip, ...fields },
  raw: '',
});
