import * as v from 'valibot';
import { type Context, defineEnricher, type Enricher, type Event, type Fields, text } from '../event/index.ts';
import { DnsClient, dnsOptions } from '../io/dns.ts';
import { FreshFile } from '../io/fresh-file.ts';
import { parseIp } from '../text/ip.ts';
import { Names } from './known-networks/names.ts';
import { compile, parseRule, parseRules, type Rule, type Rules } from './known-networks/rules.ts';

const options = v.strictObject({
  networks: v.optional(
    v.pipe(
      v.union([v.string(), v.array(v.string())]),
      v.transform((rules) => (typeof rules === 'string' ? [rules] : rules)),
      v.description(
        'What is known: networks such as 192.0.2.0/24, AS64500, countries such as DE, or host names such as vpn.example.org; with a label as in office=192.0.2.0/24.',
      ),
    ),
    [],
  ),
  file: v.optional(
    v.pipe(
      v.string(),
      v.description('A file with one such rule a line, and remarks after #; read anew when it changes.'),
    ),
  ),
  servers: dnsOptions.servers,
  timeout: dnsOptions.timeout,
});

/**
 * Which of the networks that the user named a source address is in; the smallest network first, then host names, then
 * autonomous systems and countries. These two are what the enrichers before it found: so it stands after geo and asn.
 */
export const knownNetworks = defineEnricher({
  name: 'known-networks',
  summary: 'Marks source addresses of networks that you know: by network, host name, autonomous system or country.',
  examples: ['scops logins /var/log/auth.log --known office=192.0.2.0/24 --known vpn.example.org'],
  options,
  target: (networks) => ({ networks: networks.split(',') }),
  create: (given, context) => new KnownNetworks(given, context),
});

class KnownNetworks implements Enricher {
  readonly name = 'known-networks';
  readonly #given: readonly Rule[];
  readonly #file: FreshFile<readonly Rule[]> | undefined;
  readonly #dns: DnsClient;
  readonly #names: Names;
  #ofFile: readonly Rule[] | undefined;
  #rules: Rules;

  constructor({ networks, file, servers, timeout }: v.InferOutput<typeof options>, context: Context) {
    this.#given = networks.map(parseRule);
    if (file !== undefined) {
      const parse = (bytes: Buffer): readonly Rule[] => parseRules(bytes.toString('utf8'), file);
      this.#file = new FreshFile({ user: this.name, path: file, parse }, context);
    }
    const limits = { concurrency: 16, positiveTtl: 0, negativeTtl: 0, cacheSize: 1 };
    this.#dns = new DnsClient({ servers, timeout, ...limits, now: () => context.now() });
    this.#names = new Names(this.#dns, context);
    this.#ofFile = this.#file?.current();
    this.#rules = compile([...this.#given, ...(this.#ofFile ?? [])]);
  }

  enrich(event: Event): Fields | Promise<Fields> {
    const rules = this.#current();
    const ip = parseIp(text(event, 'source.ip') ?? '');
    const near = ip === undefined ? undefined : (rules.networks.find(ip) ?? this.#names.find(rules.names, ip));
    return near instanceof Promise ? near.then((label) => known(rules, event, label)) : known(rules, event, near);
  }

  info(): Readonly<Record<string, number>> {
    const { networks, names, systems, countries } = this.#rules;
    return { networks: networks.size, names: names.size, systems: systems.size, countries: countries.size };
  }

  async close(): Promise<void> {
    this.#dns.close();
  }

  #current(): Rules {
    const ofFile = this.#file?.current();
    if (ofFile !== this.#ofFile) {
      this.#ofFile = ofFile;
      this.#rules = compile([...this.#given, ...(ofFile ?? [])]);
    }
    return this.#rules;
  }
}

function known(rules: Rules, event: Event, near: string | undefined): Fields {
  const system = event.fields['source.as.number'];
  const country = text(event, 'source.geo.country_iso_code');
  const label =
    near ??
    (typeof system === 'number' ? rules.systems.get(system) : undefined) ??
    (country === undefined ? undefined : rules.countries.get(country));
  return label === undefined ? {} : { 'source.known': label };
}
