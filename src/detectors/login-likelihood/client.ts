import { type Client, parseUserAgent } from '../../text/user-agent.ts';
import * as attack from './attack.ts';
import { isTrusted, type Known, newnessOf, rarityOf, trustOf } from './habit.ts';
import type { Login } from './login.ts';
import { absent } from './network.ts';
import { termAt, type Verdict } from './terms.ts';
import type { User } from './user.ts';
import { dimension, isLater } from './values.ts';

const remembered = 4096;

/** Reads user agents; the latest are remembered, because many are the same. */
export class Clients {
  readonly #latest = new Map<string, Client | undefined>();

  read(agent: string): Client | undefined {
    const known = this.#latest.get(agent);
    if (known !== undefined) return known;
    const client = parseUserAgent(agent);
    if (this.#latest.size >= remembered) this.#latest.clear();
    this.#latest.set(agent, client);
    return client;
  }
}

const first: number = dimension.device;
const last: number = dimension.version;
const agreeing = attack.agreeingClient.map(Math.log);
/** What a dimension weighs at most where it is new, in nats. */
const most: readonly number[] = [3, 3.5, 2.5, 1];
const mostOfScript = 6;

/** Where a version stands in for one that the user has: people upgrade, and attackers have what is current as well. */
function isUpgrade({ values }: Verdict, user: User): boolean {
  const version = values[dimension.version] as number;
  if (version < 0) return false;
  let isNewest = false;
  for (const known of user.bag(dimension.version).values()) {
    if (isLater(known, version)) return false;
    if (isLater(version, known)) isNewest = true;
  }
  return isNewest;
}

/**
 * How likely an attacker is to agree so far, coarse to fine, over how likely the user is to bring something new there;
 * `relaxed` takes for known what came at all, else it must be trusted. Freeman et al. (2016), section IV-C, back off over
 * the user agent in the same way.
 */
function natsOf(verdict: Verdict, login: Login, user: User, left: number, known: Known, relaxed: boolean): number {
  const { values, entries } = verdict;
  verdict.newClient = -1;
  let nats = 0;
  for (let of = first; of <= last; of++) {
    if (values[of] === absent) continue;
    const entry = entries[of] as number;
    const bag = user.bag(of);
    if (entry >= 0 && (relaxed || isTrusted(bag, entry, login.time))) {
      nats = (agreeing[of - first] as number) + Math.log(rarityOf(bag, entry));
      continue;
    }
    if (entry < 0 && of === last && isUpgrade(verdict, user)) return nats + attack.upgraded;
    verdict.newClient = of;
    const fresh = nats - Math.log(newnessOf(user, of, entry, left, known.fleet));
    if (of !== first || login.client?.device !== 'script') return Math.min(most[of - first] as number, fresh);
    return Math.min(mostOfScript, fresh + attack.scripted * (bag.total / (bag.total + 3)));
  }
  return Math.max(agreeing[last - first] as number, nats);
}

/** What the login came with, where the record names it, against what the user comes with. */
export function clientTerm(verdict: Verdict, login: Login, user: User, left: number, known: Known): void {
  const { values, entries } = verdict;
  let isSure = true;
  for (let of = first; of <= last; of++) {
    const value = values[of] as number;
    const bag = user.bag(of);
    const entry = value < 0 ? -1 : bag.find(value);
    entries[of] = entry;
    if (entry >= 0 && !isTrusted(bag, entry, login.time)) isSure = false;
  }
  const relaxed = natsOf(verdict, login, user, left, known, true);
  if (isSure) {
    verdict.put(termAt.client, relaxed);
    return;
  }
  const sure = natsOf(verdict, login, user, left, known, false);
  const entry = verdict.newClient < 0 ? -1 : (entries[verdict.newClient] as number);
  const trust = entry < 0 ? 0 : trustOf(user.bag(verdict.newClient), entry, login.time);
  verdict.put(termAt.client, trust * relaxed + (1 - trust) * sure);
}
