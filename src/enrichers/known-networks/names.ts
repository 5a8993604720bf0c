import type { Context } from '../../event/index.ts';
import type { DnsClient } from '../../io/dns.ts';
import { parseIp } from '../../text/ip.ts';

const shortest = 30;
const longest = 86_400;
/** Seconds until a name without address is asked for again, and one that could not be asked for. */
const whenNone = 300;
const whenFailed = 60;

interface Resolved {
  addresses: ReadonlySet<string>;
  since: number;
  seconds: number;
}

/**
 * Host names and the addresses that they have at the moment: asked for when needed and their TTL is over. What was known
 * stays while the DNS cannot be asked; a name that has no address any more has none.
 */
export class Names {
  readonly #dns: DnsClient;
  readonly #context: Context;
  readonly #resolved = new Map<string, Resolved>();
  readonly #told = new Set<string>();

  constructor(dns: DnsClient, context: Context) {
    this.#dns = dns;
    this.#context = context;
  }

  /** The label of the first name that has the canonical address; at once unless a TTL is over. Never rejects. */
  find(names: ReadonlyMap<string, string>, ip: string): string | undefined | Promise<string | undefined> {
    const family = ip.includes(':') ? 6 : 4;
    const due = [...names.keys()].filter((name) => this.#isDue(name, family));
    if (due.length === 0) return this.#match(names, ip, family);
    return Promise.all(due.map((name) => this.#resolve(name, family))).then(() => this.#match(names, ip, family));
  }

  #match(names: ReadonlyMap<string, string>, ip: string, family: 4 | 6): string | undefined {
    for (const [name, label] of names) {
      if (this.#resolved.get(`${family}${name}`)?.addresses.has(ip)) return label;
    }
    return undefined;
  }

  #isDue(name: string, family: 4 | 6): boolean {
    const known = this.#resolved.get(`${family}${name}`);
    if (known === undefined) return true;
    const age = this.#context.now() - known.since;
    return age < 0 || age >= 1000 * known.seconds;
  }

  async #resolve(name: string, family: 4 | 6): Promise<void> {
    const answer = await this.#dns.ask(name, family);
    if (answer.kind === 'failed' && answer.code === 'ECANCELLED') return;
    const key = `${family}${name}`;
    const before = this.#resolved.get(key)?.addresses ?? new Set<string>();
    const since = this.#context.now();
    if (answer.kind === 'failed') {
      this.#resolved.set(key, { addresses: before, since, seconds: whenFailed });
      const kept = before.size > 0 ? 'its last addresses stay known' : 'it has no known addresses';
      this.#tell(name, `cannot be resolved (${answer.code}); ${kept}`);
      return;
    }
    const found = answer.kind === 'found' ? answer.addresses.map((each) => parseIp(each) ?? each) : [];
    const seconds = answer.kind === 'found' ? Math.min(longest, Math.max(shortest, answer.ttl)) : whenNone;
    this.#resolved.set(key, { addresses: new Set(found), since, seconds });
    if (found.length > 0) this.#told.delete(name);
    else if (before.size > 0) this.#tell(name, 'has lost its addresses');
  }

  #tell(name: string, what: string): void {
    if (this.#told.has(name)) return;
    this.#told.add(name);
    this.#context.log.warn(`known-networks: ${name} ${what}.`);
  }
}
