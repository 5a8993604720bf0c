import * as v from 'valibot';
import { defineEnricher, type Event, type Fields, ScopsError, text } from '../event/index.ts';
import { DnsClient, dnsOptions } from '../io/dns.ts';
import { scoreOf } from '../text/dnsbl.ts';
import { isGlobal, parseIp } from '../text/ip.ts';
import { type Verdict, Zone } from './dnsbl/zone.ts';

const keyVariable = 'SCOPS_SPAMHAUS_DQS_KEY';
const zoneName = /^(?=.{3,180}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+$/i;

const options = v.strictObject({
  zones: v.optional(
    v.pipe(
      v.union([v.string(), v.array(v.string())]),
      v.transform((zones) => (typeof zones === 'string' ? [zones] : zones)),
      v.array(v.pipe(v.string(), v.regex(zoneName, 'Must be a zone such as zen.spamhaus.org'))),
      v.description(
        `Lists to ask, such as zen.spamhaus.org, or <key>.zen.dq.spamhaus.net with a key of your own; for zen.dq.spamhaus.net the key is taken from the environment variable ${keyVariable}. Without any, nothing is asked.`,
      ),
    ),
    [],
  ),
  ...dnsOptions,
  selfTest: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Ask each list for the test points of RFC 5782 before it is believed; a list without them needs false.',
      ),
    ),
    true,
  ),
});

/**
 * Whether the source address stands on lists of bad addresses in the DNS, and on which. What they say is a hint: a list
 * that is down, refuses or is answered for by somebody else is unknown, never a listing, and costs no event. Addresses
 * that cannot be met on the internet are not asked about. https://www.rfc-editor.org/rfc/rfc5782
 */
export const dnsbl = defineEnricher({
  name: 'dnsbl',
  summary: 'Adds the DNS blocklists that the source address is on, and how much they say against it.',
  examples: [
    'scops logins /var/log/auth.log --dnsbl zen.spamhaus.org',
    `${keyVariable}=… scops logins /var/log/auth.log --dnsbl zen.dq.spamhaus.net`,
  ],
  options,
  target: (zones) => ({ zones: zones.split(',') }),
  create: (given, context) => {
    const dns = new DnsClient({ ...given, now: () => context.now() });
    const zones = given.zones.map((zone) => {
      const name = withKey(zone, context.env[keyVariable]);
      return new Zone({ name, label: labelOf(name), selfTest: given.selfTest }, dns, context);
    });

    const passed = { local: 0, none: 0 };
    const enrich = (event: Event): Fields | Promise<Fields> => {
      const ip = parseIp(text(event, 'source.ip') ?? '');
      if (ip === undefined || !isGlobal(ip)) {
        passed[ip === undefined ? 'none' : 'local']++;
        return {};
      }
      const verdicts = zones.map((zone) => zone.look(ip));
      return verdicts.some((verdict) => verdict instanceof Promise)
        ? Promise.all(verdicts).then((all) => reputation(zones, all))
        : reputation(zones, verdicts as readonly Verdict[]);
    };
    return {
      name: 'dnsbl',
      enrich,
      info: () => Object.fromEntries(zones.map((zone) => [zone.label, zone.info() ?? `not asked: ${whyNot(passed)}`])),
      close: async () => dns.close(),
    };
  },
});

function reputation(zones: readonly Zone[], verdicts: readonly Verdict[]): Fields {
  const known = verdicts.filter((verdict) => verdict !== undefined);
  if (known.length === 0) return {};
  const lists = zones.flatMap((zone, at) => verdicts[at]?.map((listed) => `${zone.label}:${listed}`) ?? []);
  return {
    ...(lists.length > 0 && { 'source.reputation.lists': lists }),
    'source.reputation.score': Math.max(0, ...known.flat().map(scoreOf)),
  };
}

/** Why no list was asked about any event. */
function whyNot({ local, none }: { readonly local: number; readonly none: number }): string {
  if (local + none === 0) return 'nothing was read';
  if (local === 0) return `none of the events read (${none}) has an address`;
  return `none of the events read (${local + none}) is from the internet, and private addresses are never asked about`;
}

/** Zones of Spamhaus' query service with the key in front, as the service wants them. */
function withKey(zone: string, key: string | undefined): string {
  if (!/^[a-z]+\.dq\.spamhaus\.net$/i.test(zone)) return zone;
  if (key !== undefined && /^[a-z0-9]{8,63}$/i.test(key)) return `${key}.${zone}`;
  throw new ScopsError(
    'CONFIG_INVALID',
    `"${zone}" (enricher "dnsbl") needs your key: set the environment variable ${keyVariable}.`,
  );
}

/** Without the key: services put it in front, and no word of a public zone is as long. */
const labelOf = (zone: string): string =>
  zone.replace(/^(?:[^.]+\.(?=[^.]+\.dq\.spamhaus\.net$)|[^.]{20,}\.)/i, '').toLowerCase();
