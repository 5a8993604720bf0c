import type { Event, FieldValue } from '../../event/index.ts';
import type { Client } from '../../text/user-agent.ts';
import type { Clients } from './client.ts';
import { absent, isInside, type Networks, provider } from './network.ts';

/** Longer names are cut: they are kept for as long as the user is known. */
const longest = 256;

/** The country of private addresses. */
export const inside = 'inside';
/** The last moment that has a date. */
const latest = 8.64e15;

/** What the detector looks at of one login. Words as they came; '' and NaN for what is not known. */
export interface Login {
  readonly id: string;
  readonly time: number;
  /** Whose habits it is compared with: `DOMAIN\name` where there is a domain. */
  readonly user: string;
  /** The address as logged. */
  readonly from: string;
  /** What of the network is a number: by `levels`, `absent` where not known. Country and region are words, below. */
  readonly levels: readonly number[];
  /** Two letters; `inside` for a network of the user's own. */
  readonly country: string;
  readonly region: string;
  readonly city: string;
  readonly latitude: number;
  readonly longitude: number;
  /** Kilometres around the place that it may really be. */
  readonly accuracy: number;
  readonly provider: string;
  readonly method: string;
  readonly key: string;
  readonly host: string;
  /** The user agent as it came, and what it names. */
  readonly agent: string;
  readonly client: Client | undefined;
  /** 0 to 1; NaN when nobody was asked. */
  readonly reputation: number;
  /** The label of a network that is trusted. */
  readonly known: string;
}

const word = (value: FieldValue | undefined): string => {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : String(value);
  return text.length > longest ? text.slice(0, longest) : text;
};
const figure = (value: FieldValue | undefined): number => (typeof value === 'number' ? value : Number.NaN);

const actions: ReadonlySet<FieldValue | undefined> = new Set(['ssh', 'login', 'logon']);

/** Whether the event is a login that can be judged: one that succeeded, of a user that is named. */
export function isScorable({ kind, fields }: Event): boolean {
  return (
    kind === 'login' &&
    fields['event.outcome'] === 'success' &&
    actions.has(fields['event.action']) &&
    word(fields['user.name']) !== ''
  );
}

export const isFailure = ({ kind, fields }: Event): boolean =>
  kind === 'login' &&
  fields['event.outcome'] === 'failure' &&
  actions.has(fields['event.action']) &&
  // sshd tells of the same attempt itself.
  !(fields['event.action'] === 'ssh' && fields['event.provider'] === 'pam');

/** Whose habits an event belongs to. Windows' names are alike in any case; its domains say so. */
export function userOf({ fields }: Event): string {
  const name = word(fields['user.name']);
  const domain = word(fields['user.domain']);
  return domain === '' ? name : `${domain}\\${name}`.toLowerCase();
}

/** When it was; 1970 for what is no moment. */
export const timeOf = ({ time }: Event): number => (Math.abs(time) <= latest ? time : 0);

export const addressOf = ({ fields }: Event): string => word(fields['source.ip'] ?? fields['source.address']);

/**
 * What a key is known by. A short-lived certificate changes with every login; who signed it for whom does not.
 */
function keyOf({ fields }: Event): string {
  const authority = fields['login.certificate.authority'];
  if (authority !== undefined) return word(`${authority} ${word(fields['login.certificate.id'])}`);
  return word(fields['login.key.fingerprint']);
}

/** The place, or NaN for both where the geo data has no or a senseless one. */
function place(fields: Event['fields']): readonly [latitude: number, longitude: number] {
  const [latitude, longitude] = [figure(fields['source.geo.location.lat']), figure(fields['source.geo.location.lon'])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [latitude, longitude] : [Number.NaN, Number.NaN];
}

export function loginOf(event: Event, networks: Networks, clients: Clients): Login {
  const { fields } = event;
  const from = addressOf(event);
  const levels = networks.levelsOf(from);
  const asn = figure(fields['source.as.number']);
  levels[provider] = Number.isSafeInteger(asn) && asn >= 0 ? asn : absent;
  const [latitude, longitude] = place(fields);
  const country = isInside(from, levels) ? inside : word(fields['source.geo.country_iso_code']);
  const agent = word(fields['user_agent.original']);
  const accuracy = figure(fields['source.geo.accuracy_km']);
  return {
    id: event.id,
    time: timeOf(event),
    user: userOf(event),
    from,
    levels,
    country,
    region: word(fields['source.geo.region_iso_code'] ?? fields['source.geo.region_name']),
    city:
      country === inside ? '' : word(fields['source.geo.city_name'] ?? fields['source.geo.country_name']) || country,
    latitude,
    longitude,
    accuracy: accuracy >= 0 && accuracy <= 20_100 ? accuracy : 50,
    provider: word(fields['source.as.organization.name']),
    method: word(fields['login.method'] ?? fields['login.type']),
    key: keyOf(event),
    host: word(fields['host.name']),
    agent,
    client: agent === '' ? undefined : clients.read(agent),
    reputation: figure(fields['source.reputation.score']),
    known: word(fields['source.known']),
  };
}
