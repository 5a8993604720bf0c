import type { Fields } from '../event/index.ts';

type Row = Readonly<Record<string, unknown>>;

const longest = 200;
const none: Row = Object.freeze({});

const record = (value: unknown): Row => (typeof value === 'object' && value !== null ? (value as Row) : none);

/** The first of the values that is words. */
function words(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const trimmed = typeof value === 'string' ? value.slice(0, longest).trim() : '';
    if (trimmed !== '' && trimmed !== '-') return trimmed;
  }
  return undefined;
}

/** The first of the values that is a number, or reads as one. */
function number(...values: readonly unknown[]): number | undefined {
  for (const value of values) {
    const given = typeof value === 'string' && value.trim() !== '' && value.length < 40 ? Number(value) : value;
    if (typeof given === 'number' && Number.isFinite(given)) return given;
  }
  return undefined;
}

const code = (...values: readonly unknown[]): string | undefined =>
  values
    .map((value) => words(value)?.toUpperCase())
    .find((value) => value !== undefined && /^[A-Z]{2}$/.test(value) && value !== 'ZZ');

/** Of names in several languages, the English one, else the first. */
const named = (value: unknown): string | undefined => {
  const names = record(record(value).names);
  return words(names.en, ...Object.values(names).slice(0, 1));
};

/** The two numbers of '52.52,13.40', as IPinfo writes places. */
const pair = (value: unknown): readonly string[] => (typeof value === 'string' ? value.split(',', 2) : []);

function known(fields: Readonly<Record<string, string | number | undefined>>): Fields {
  const found: Record<string, string | number> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/**
 * Where a network is, from a record of a geographic database in the schema of MaxMind (which DB-IP and IP2Location share:
 * https://dev.maxmind.com/geoip/docs/databases/city-and-country), ip-location-db (https://github.com/sapics/ip-location-db)
 * or IPinfo (https://ipinfo.io/developers/database-types). The country is where it is used, not where it is registered.
 */
export function geoFields(value: unknown): Fields {
  const row = record(value);
  const country = record(row.country);
  const continent = record(row.continent);
  const city = record(row.city);
  const region = record(Array.isArray(row.subdivisions) ? row.subdivisions[0] : undefined);
  const place = record(row.location);
  const [loc0, loc1] = pair(row.loc);
  const iso = code(country.iso_code, row.country_code, row.country);
  const regionCode = words(region.iso_code, row.region_code)?.toUpperCase();
  const lat = number(place.latitude, row.latitude, row.lat, loc0);
  const lon = number(place.longitude, row.longitude, row.lng, row.lon, loc1);
  const placed =
    lat !== undefined && lon !== undefined && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0);
  const accuracy = number(place.accuracy_radius, row.radius, row.accuracy_radius);
  const id = number(city.geoname_id, row.geoname_id, region.geoname_id, country.geoname_id);
  return known({
    'source.geo.continent_code': code(continent.code, row.continent_code, row.continent),
    'source.geo.country_iso_code': iso,
    'source.geo.country_name': words(named(country), row.country_name, code(row.country) ? undefined : row.country),
    'source.geo.region_iso_code': iso && regionCode && withCountry(iso, regionCode),
    'source.geo.region_name': words(named(region), row.region, row.region_name, row.state1),
    'source.geo.city_name': words(named(city), row.city),
    'source.geo.geoname_id': id !== undefined && id > 0 ? id : undefined,
    'source.geo.location.lat': placed ? lat : undefined,
    'source.geo.location.lon': placed ? lon : undefined,
    'source.geo.accuracy_km': accuracy !== undefined && accuracy > 0 ? accuracy : undefined,
    'source.geo.timezone': words(place.time_zone, row.timezone, row.time_zone),
  });
}

/** ISO 3166-2 has the country in front; some vendors leave it out. */
const withCountry = (iso: string, region: string): string | undefined => {
  const whole = region.startsWith(`${iso}-`) ? region : `${iso}-${region}`;
  return /^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(whole) ? whole : undefined;
};

/**
 * Whose network it is, from a record of an autonomous-system database of MaxMind (DB-IP and ip-location-db share its
 * schema), also inside an Enterprise record, of IPinfo, or of ranges as CSV.
 */
export function asFields(value: unknown): Fields {
  const row = record(value);
  const traits = record(row.traits);
  const given = [row.autonomous_system_number, traits.autonomous_system_number, row.asn, row.as_number];
  const asn = number(...given.map((each) => (typeof each === 'string' ? each.replace(/^AS/i, '') : each)));
  if (asn === undefined || !Number.isInteger(asn) || asn <= 0 || asn > 0xffff_ffff) return {};
  const organization = words(
    row.autonomous_system_organization,
    traits.autonomous_system_organization,
    row.as_name,
    row.as_organization,
    row.name,
  );
  return known({ 'source.as.number': asn, 'source.as.organization.name': organization });
}
