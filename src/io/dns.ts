import { Resolver } from 'node:dns/promises';
import { LRUCache } from 'lru-cache';
import * as v from 'valibot';
import { ScopsError } from '../event/index.ts';

/** What the DNS says about a name: addresses, that it has none, or nothing because asking failed. */
export type DnsAnswer =
  | { readonly kind: 'found'; readonly addresses: readonly string[]; readonly ttl: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly code: string };

/** Options of a component that asks the DNS. */
export const dnsOptions = {
  servers: v.optional(
    v.pipe(
      v.array(v.string()),
      v.description('Addresses of resolvers, such as 127.0.0.1:5353; without any, those of the system.'),
    ),
    [],
  ),
  timeout: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.description('Milliseconds to wait for an answer of one resolver.'),
    ),
    1500,
  ),
  concurrency: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.description('How many questions may be under way at a time.')),
    16,
  ),
  positiveTtl: v.optional(
    v.pipe(v.number(), v.minValue(0), v.description('The most seconds to believe an answer, whatever its own TTL is.')),
    86_400,
  ),
  negativeTtl: v.optional(
    v.pipe(v.number(), v.minValue(0), v.description('Seconds to believe that there is no answer.')),
    3600,
  ),
  cacheSize: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.description('How many answers to remember.')),
    50_000,
  ),
};

export interface DnsSettings {
  readonly servers: readonly string[];
  readonly timeout: number;
  readonly concurrency: number;
  readonly positiveTtl: number;
  readonly negativeTtl: number;
  readonly cacheSize: number;
  readonly now: () => number;
}

interface Kept {
  readonly answer: DnsAnswer;
  readonly since: number;
  readonly seconds: number;
}

const failedTtl = 60;
const mostWaiting = 1024;

/**
 * Addresses of names from the DNS, each asked once as long as its TTL lasts, few at a time. Failures are remembered for
 * a minute. Errors of the resolver hold the name that was asked; so only their code is passed on.
 */
export class DnsClient {
  readonly #settings: DnsSettings;
  readonly #resolver: Resolver;
  readonly #kept: LRUCache<string, Kept>;
  readonly #underWay = new Map<string, Promise<DnsAnswer>>();
  readonly #waiting: (() => void)[] = [];
  #active = 0;
  #closed = false;

  /** Throws ScopsError CONFIG_INVALID for a server that is no address. */
  constructor(settings: DnsSettings) {
    this.#settings = settings;
    this.#kept = new LRUCache({ max: settings.cacheSize });
    this.#resolver = new Resolver({ timeout: settings.timeout, tries: 1 });
    if (settings.servers.length === 0) return;
    try {
      this.#resolver.setServers(settings.servers);
    } catch (cause) {
      throw new ScopsError(
        'CONFIG_INVALID',
        `"${settings.servers.join(', ')}" are not addresses of DNS servers such as 127.0.0.1:5353 or [::1]:53.`,
        { cause },
      );
    }
  }

  /** The answer that is remembered. */
  known(name: string, family: 4 | 6 = 4): DnsAnswer | undefined {
    const kept = this.#kept.get(`${family}${name}`);
    if (kept === undefined) return undefined;
    const age = this.#settings.now() - kept.since;
    return age >= 0 && age < 1000 * kept.seconds ? kept.answer : undefined;
  }

  forget(name: string, family: 4 | 6 = 4): void {
    this.#kept.delete(`${family}${name}`);
  }

  /** Ask, whatever is remembered. Never rejects; code EBUSY is that too many questions wait. */
  ask(name: string, family: 4 | 6 = 4): Promise<DnsAnswer> {
    const key = `${family}${name}`;
    const same = this.#underWay.get(key);
    if (same !== undefined) return same;
    if (this.#waiting.length >= mostWaiting) return Promise.resolve({ kind: 'failed', code: 'EBUSY' });
    const asked = this.#inTurn(() => this.#resolve(name, family)).then((answer) => {
      this.#underWay.delete(key);
      this.#kept.set(key, { answer, since: this.#settings.now(), seconds: this.#secondsOf(answer) });
      return answer;
    });
    this.#underWay.set(key, asked);
    return asked;
  }

  /** Give up what is under way. */
  close(): void {
    this.#closed = true;
    this.#resolver.cancel();
    for (const go of this.#waiting.splice(0)) go();
  }

  #secondsOf(answer: DnsAnswer): number {
    const { positiveTtl, negativeTtl } = this.#settings;
    if (answer.kind === 'found') return Math.min(answer.ttl, positiveTtl);
    return answer.kind === 'none' ? negativeTtl : failedTtl;
  }

  async #inTurn(work: () => Promise<DnsAnswer>): Promise<DnsAnswer> {
    if (this.#active < this.#settings.concurrency) this.#active++;
    else await new Promise<void>((go) => this.#waiting.push(go));
    try {
      return this.#closed ? { kind: 'failed', code: 'ECANCELLED' } : await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#active--;
      else next();
    }
  }

  async #resolve(name: string, family: 4 | 6): Promise<DnsAnswer> {
    try {
      const records = await (family === 4
        ? this.#resolver.resolve4(name, { ttl: true })
        : this.#resolver.resolve6(name, { ttl: true }));
      const addresses = records.map(({ address }) => address).sort();
      return { kind: 'found', addresses, ttl: Math.min(...records.map(({ ttl }) => ttl)) };
    } catch (error) {
      const { code = 'EUNKNOWN' } = error as NodeJS.ErrnoException;
      return code === 'ENOTFOUND' || code === 'ENODATA' ? { kind: 'none' } : { kind: 'failed', code };
    }
  }
}
