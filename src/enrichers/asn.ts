import * as v from 'valibot';
import { defineEnricher } from '../event/index.ts';
import { Mmdb } from '../io/mmdb.ts';
import { type NetworkData, NetworkFiles, networkOptions } from '../io/network-files.ts';
import { readAsRanges } from '../text/as-ranges.ts';
import { asFields } from '../text/geo-record.ts';

/** Whose network an address is in, from the user's own database; none comes with Scops. */
export const asn = defineEnricher({
  name: 'asn',
  summary: "Adds number and name of the source address's autonomous system, from a database file of any vendor.",
  examples: ['scops logins /var/log/auth.log --asn /usr/share/GeoIP/GeoLite2-ASN.mmdb'],
  options: v.strictObject(
    networkOptions(
      'A .mmdb file of MaxMind, DB-IP, IPinfo or ip-location-db, or a .csv file with lines start,end,asn,name; plain or .gz, or the name of an npm package with some, installed where you work; of several, the first that knows an address answers.',
    ),
  ),
  target: (database) => ({ database }),
  create: (options, context) => {
    const formats = ['mmdb', 'csv'];
    const files = new NetworkFiles({ user: 'asn', options, formats, parse, facts: asFields, context });
    return { name: 'asn', enrich: (event) => files.facts(event), info: () => files.info() };
  },
});

/** Ranges as CSV do not say when they were made: the file's own time stands for it. */
function parse(bytes: Buffer, path: string, modified: number): NetworkData {
  if (!/\.csv(?:\.gz)?$/i.test(path)) return new Mmdb(bytes, path);
  const ranges = readAsRanges(bytes, path);
  return { type: `${ranges.size} ranges`, built: modified, get: (ip) => ranges.get(ip) };
}
