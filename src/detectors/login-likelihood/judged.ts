import type { Entity, Event, Reason } from '../../event/index.ts';
import { shorten } from '../../text/escape.ts';
import { inside, type Login } from './login.ts';
import { address, narrow, provider } from './network.ts';
import type { Verdict } from './terms.ts';
import type { User } from './user.ts';

/** An event with what was made of it. */
export interface Judged {
  readonly event: Event;
  readonly login: Login;
  readonly user: User | undefined;
  readonly verdict: Verdict;
}

/** Of a login that is not worth a sentence. */
export const nothing: readonly Reason[] = [
  { code: 'as-usual', text: 'Nothing about this login is unusual for its user.', evidence: {} },
];

/** The title of a login, and whom it is about. */
export function aboutOf(
  { host, from, city, country }: Pick<Login, 'host' | 'from' | 'city' | 'country'>,
  name: string,
): { title: string; entity: Entity } {
  const place = country === inside ? '' : [...new Set([city, country])].filter(Boolean).join(', ');
  const parts = [
    `Login of ${shorten(name, 64)}`,
    host === '' ? '' : ` on ${shorten(host, 64)}`,
    from === '' ? '' : ` from ${shorten(from, 64)}`,
    place === '' ? '' : ` (${shorten(place, 64)})`,
  ];
  return { title: parts.join(''), entity: { type: 'user', name } };
}

/** A user's logins from one network are alike. */
export function groupOf({ user, levels, from }: Login): string {
  if ((levels[provider] as number) >= 0) return `${user} AS${levels[provider]}`;
  return (levels[narrow] as number) >= 0 ? `${user} ${levels[narrow]}` : `${user} ${levels[address] as number}${from}`;
}
