import { type Event, text } from '../../event/index.ts';
import { parseIp } from '../../text/ip.ts';
import type { Datum } from './converter/converter.ts';
import type { NumberValue } from './converter/number.ts';

/** What is compared of a login, as far as it is known. */
export interface Login {
  /** Absent where every user has a model of their own, as every user of the article had a server. */
  readonly user?: string;
  /** An address, else a host name as logged. */
  readonly address?: string;
  readonly geoid?: number;
  /** How many block lists the address is on; absent when nobody looked. */
  readonly lists?: number;
}

/** A login among those of the hours before it. */
export interface Surrounding {
  /** Neither the address nor its place was ever seen before. */
  readonly first: boolean;
  /** Logins in the window, with this one. */
  readonly logins: number;
  /** Different places in the window, with this one. */
  readonly locations: number;
}

const actions: ReadonlySet<string> = new Set(['ssh', 'login', 'logon']);

/** Whether it is a login that succeeded, of somebody whose name is known. */
export const isLogin = ({ kind, fields }: Event): boolean =>
  kind === 'login' &&
  fields['event.outcome'] === 'success' &&
  actions.has(String(fields['event.action'])) &&
  fields['user.name'] !== undefined;

/** What a login is compared by. */
export function loginOf(event: Event, withUser: boolean): Login {
  const { fields } = event;
  const user = withUser ? text(event, 'user.name') : undefined;
  const address = text(event, 'source.ip') ?? text(event, 'source.address');
  const geoid = fields['source.geo.geoname_id'];
  const lists = fields['source.reputation.lists'];
  return {
    ...(user === undefined ? {} : { user }),
    ...(address === undefined ? {} : { address }),
    ...(typeof geoid === 'number' ? { geoid } : {}),
    ...(Array.isArray(lists) ? { lists: lists.length } : {}),
  };
}

/** A login's place as a person names it, as far as a geo database knew. */
export function placeName(event: Event): string | undefined {
  const [city, country] = [text(event, 'source.geo.city_name'), text(event, 'source.geo.country_iso_code')];
  return city === undefined ? country : country === undefined ? city : `${city}, ${country}`;
}

/** Where a login came from as one word: the place, where no database knows it the address. */
export const placeOf = ({ geoid, address }: Login): string => (geoid === undefined ? (address ?? '') : String(geoid));

/**
 * The datum of the article: user, address and place as categories, and four numbers. What is not known is left out. An IPv6
 * address is a number of 128 bits, of which 'fixed' keeps every digit.
 */
export function datumOf({ user, address, geoid, lists }: Login, { first, logins, locations }: Surrounding): Datum {
  const ip = address === undefined ? undefined : addressNumber(address);
  const nums: (readonly [string, NumberValue])[] = [];
  if (ip !== undefined) nums.push(['ip_int', ip]);
  if (geoid !== undefined) nums.push(['geoid', geoid]);
  if (lists !== undefined) nums.push(['dns_info', lists]);
  nums.push(['first', Number(first)]);
  nums.push(['num_of_login_in_near_time', logins], ['num_of_location_in_near_time', locations]);
  const strings: [string, string][] = user === undefined ? [] : [['user', user]];
  if (ip === undefined && address !== undefined) strings.push(['host', address]);
  return { strings, nums };
}

/** A canonical address as a number; undefined for a host name. */
function addressNumber(address: string): NumberValue | undefined {
  if (!address.includes(':')) {
    const parts = address.split('.');
    if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
    return parts.reduce((number, part) => number * 256 + Number(part), 0);
  }
  const [head = '', tail] = address.split('::');
  const left = groups(head);
  const right = groups(tail ?? '');
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...left, ...new Array<string>(tail === undefined ? 0 : missing).fill('0'), ...right];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return BigInt(`0x${all.map((group) => group.padStart(4, '0')).join('')}`);
}

const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));

/** The address that a number is; the digits themselves where it is none. */
export function addressOf(digits: string): string {
  if (!/^\d{1,39}$/.test(digits)) return digits;
  const number = BigInt(digits);
  if (number < 2n ** 32n) return [24n, 16n, 8n, 0n].map((bits) => String((number >> bits) & 255n)).join('.');
  const groups = number.toString(16).padStart(32, '0').match(/.{4}/g) ?? [];
  return (groups.length === 8 ? parseIp(groups.join(':')) : undefined) ?? digits;
}
