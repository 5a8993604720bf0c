import type { Context } from '../../event/index.ts';
import type { DnsAnswer, DnsClient } from '../../io/dns.ts';
import { readListing, reversed } from '../../text/dnsbl.ts';

/** What a zone says about an address: the classes it lists it under, none of them, or undefined when nobody knows. */
export type Verdict = readonly string[] | undefined;

export interface ZoneSettings {
  /** In full, which may hold a secret key. */
  readonly name: string;
  /** What to call it in messages and fields. */
  readonly label: string;
  /** Ask for the test points of RFC 5782 first, and again after each pause. */
  readonly selfTest: boolean;
}

const mostFailures = 5;
const firstPause = 60_000;
const longestPause = 3_600_000;

/** The test points of RFC 5782, 5: what every list lists, and what none does. */
const alwaysListed = '127.0.0.2';
const neverListed = '127.0.0.1';
const alwaysListed6 = '::ffff:7f00:2';
const neverListed6 = '::ffff:7f00:1';

/**
 * One list of addresses in the DNS. It is asked only after it passed its self-test; when it fails several times in a row,
 * or refuses, it is left alone for a while and must pass again. Until then it knows nothing. Each reason is said once.
 * Whether it knows IPv6 is asked before the first such address: a list without the test point of IPv6 may still list one,
 * but that it does not says nothing.
 */
export class Zone {
  readonly label: string;
  readonly #settings: ZoneSettings;
  readonly #dns: DnsClient;
  readonly #context: Context;
  #state: 'new' | 'ready' | 'paused' = 'new';
  #testing: Promise<boolean> | undefined;
  /** What the zone's test points of IPv6 say: that it lists such addresses, does not, or everything. */
  #six: 'untested' | 'lists' | 'silent' | 'everything' = 'untested';
  #testingSix: Promise<void> | undefined;
  #until = 0;
  #pause = firstPause;
  #failures = 0;
  #told: string | undefined;
  #asked = 0;
  #listed = 0;
  #unknown = 0;

  constructor(settings: ZoneSettings, dns: DnsClient, context: Context) {
    this.label = settings.label;
    this.#settings = settings;
    this.#dns = dns;
    this.#context = context;
  }

  /** Of a canonical, global address. At once when it is remembered, or when the zone is left alone. Never rejects. */
  look(ip: string): Verdict | Promise<Verdict> {
    const name = this.#nameOf(ip);
    const known = this.#dns.known(name);
    const six = ip.includes(':');
    if (known !== undefined && this.#state !== 'new') return this.#count(this.#read(known, six));
    if (this.#resting()) return this.#count(undefined);
    return this.#ask(name, six);
  }

  /** How it went; undefined when it was never asked about an address. */
  info(): string | undefined {
    if (this.#asked === 0) return undefined;
    const state =
      this.#state === 'paused'
        ? `left alone: ${this.#told}`
        : this.#state === 'new'
          ? 'its self-test was broken off'
          : 'ready';
    return `${state}; ${this.#asked} asked, ${this.#listed} listed, ${this.#unknown} unknown`;
  }

  async #ask(name: string, six: boolean): Promise<Verdict> {
    if (this.#state !== 'ready') {
      this.#testing ??= this.#test().finally(() => {
        this.#testing = undefined;
      });
      if (!(await this.#testing)) return this.#count(undefined);
    }
    if (six && this.#settings.selfTest && !(await this.#knowsSix())) return this.#count(undefined);
    const answer = await this.#dns.ask(name);
    this.#watch(answer);
    const verdict = this.#read(answer, six);
    if (answer.kind === 'found' && verdict === undefined) this.#dns.forget(name);
    return this.#count(verdict);
  }

  #nameOf(ip: string): string {
    return `${reversed(ip)}.${this.#settings.name}`;
  }

  #read(answer: DnsAnswer, six: boolean): Verdict {
    if (answer.kind === 'none') return six && this.#six === 'silent' ? undefined : [];
    if (answer.kind === 'failed') return undefined;
    const listing = readListing(this.label, answer.addresses);
    return listing.kind === 'listed' ? listing.classes : undefined;
  }

  #count(verdict: Verdict): Verdict {
    this.#asked++;
    if (verdict === undefined) this.#unknown++;
    else if (verdict.length > 0) this.#listed++;
    return verdict;
  }

  #resting(): boolean {
    if (this.#state !== 'paused') return false;
    const left = this.#until - this.#context.now();
    return left > 0 && left <= longestPause;
  }

  /** Whether the zone may be asked now. */
  async #test(): Promise<boolean> {
    if (!this.#settings.selfTest) {
      this.#failures = this.#state === 'paused' ? mostFailures - 1 : 0;
      this.#state = 'ready';
      return true;
    }
    const [listed, unlisted] = await Promise.all(
      [alwaysListed, neverListed].map((ip) => this.#dns.ask(this.#nameOf(ip))),
    );
    const answers = [listed as DnsAnswer, unlisted as DnsAnswer] as const;
    if (answers.some(isOurs)) return false;
    const fault = faultOf(this.label, ...answers);
    if (fault !== undefined) {
      this.#rest(fault.reason, fault.lasting);
      return false;
    }
    if (this.#told !== undefined)
      this.#context.log.info(`dnsbl: ${this.label} passes its self-test and is asked again.`);
    this.#told = undefined;
    this.#state = 'ready';
    this.#failures = 0;
    return true;
  }

  /** Whether the zone may be asked about IPv6. */
  async #knowsSix(): Promise<boolean> {
    if (this.#six === 'untested') {
      this.#testingSix ??= this.#testSix().finally(() => {
        this.#testingSix = undefined;
      });
      await this.#testingSix;
    }
    return ['lists', 'silent'].includes(this.#six);
  }

  async #testSix(): Promise<void> {
    const ask = (ip: string): Promise<DnsAnswer> => this.#dns.ask(this.#nameOf(ip));
    const answers = await Promise.all([ask(alwaysListed6), ask(neverListed6)]);
    for (const answer of answers) this.#watch(answer);
    const [listed, unlisted] = answers.map((answer) => this.#read(answer, false));
    if (listed === undefined || unlisted === undefined) return;
    this.#six = unlisted.length > 0 ? 'everything' : listed.length > 0 ? 'lists' : 'silent';
    if (this.#six !== 'everything') return;
    const what = `lists ${neverListed6}, so every IPv6 address: it is not asked about those`;
    this.#context.log.warn(`dnsbl: ${this.label} ${what}.`);
  }

  /** Draw the consequences of a fresh answer. */
  #watch(answer: DnsAnswer): void {
    if (this.#state !== 'ready' || isOurs(answer)) return;
    const listing = answer.kind === 'found' ? readListing(this.label, answer.addresses) : undefined;
    if (listing?.kind === 'refused') {
      this.#rest(listing.reason, true);
    } else if (listing?.kind === 'invalid' || answer.kind === 'failed') {
      const why = listing?.kind === 'invalid' ? notList(listing.address) : noAnswer(answer);
      if (++this.#failures >= mostFailures) this.#rest(why, false);
    } else {
      this.#failures = 0;
      this.#pause = firstPause;
    }
  }

  /** Leave the zone alone: a lasting fault for as long as ever, others for longer each time. */
  #rest(reason: string, lasting: boolean): void {
    this.#state = 'paused';
    const pause = lasting ? longestPause : this.#pause;
    this.#pause = Math.min(longestPause, 2 * this.#pause);
    this.#until = this.#context.now() + pause;
    if (this.#told === reason) return;
    this.#told = reason;
    const minutes = Math.round(pause / 60_000);
    this.#context.log.warn(`dnsbl: ${this.label} is left out for ${minutes} min and then tried again: ${reason}.`);
  }
}

/** A failure that says nothing about the zone. */
const isOurs = (answer: DnsAnswer): boolean =>
  answer.kind === 'failed' && (answer.code === 'EBUSY' || answer.code === 'ECANCELLED');

const notList = (address: string): string =>
  `the answer ${address} is none of a list; a resolver on the way seems to answer for names that do not exist`;
const noAnswer = (answer: DnsAnswer): string => `there is no answer (${answer.kind === 'failed' ? answer.code : ''})`;

interface Fault {
  readonly reason: string;
  /** Trying again soon is of no use. */
  readonly lasting: boolean;
}

function faultOf(label: string, listed: DnsAnswer, unlisted: DnsAnswer): Fault | undefined {
  for (const answer of [listed, unlisted]) {
    if (answer.kind === 'failed') return { reason: noAnswer(answer), lasting: false };
    const listing = answer.kind === 'found' ? readListing(label, answer.addresses) : undefined;
    if (listing?.kind === 'refused') return { reason: listing.reason, lasting: true };
    if (listing?.kind === 'invalid') return { reason: notList(listing.address), lasting: true };
  }
  if (listed.kind === 'none') {
    const reason = `it does not list the test point ${alwaysListed} (RFC 5782); the zone or its key may be wrong or gone`;
    return { reason, lasting: true };
  }
  return unlisted.kind === 'none' ? undefined : { reason: `it lists ${neverListed}, so everything`, lasting: true };
}
