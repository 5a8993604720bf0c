import { child, isObject, type Json, number, own, string } from '../../wazuh/values.ts';

/** The other end of what a finding saw, as GuardDuty has it. */
export interface Remote {
  readonly ip: string | undefined;
  readonly asn: number | undefined;
  readonly organization: string | undefined;
  readonly country: string | undefined;
  readonly city: string | undefined;
}

const maxRemotes = 256;

/** The actions whose remote end is one. */
const lone = ['awsApiCallAction', 'networkConnectionAction', 'kubernetesApiCallAction', 'rdsLoginAttemptAction'];

/** All remote ends of a finding, at most 256: of a port probe every prober, of an attack sequence every endpoint. */
export function remotesOf(service: Json): readonly Remote[] {
  const action = child(service, 'action');
  const remotes = lone.map((name) => child(child(action, name), 'remoteIpDetails'));
  for (const probe of objects(child(action, 'portProbeAction'), 'portProbeDetails'))
    remotes.push(child(probe, 'remoteIpDetails'));
  for (const endpoint of objects(child(child(service, 'detection'), 'sequence'), 'endpoints')) remotes.push(endpoint);
  return remotes
    .filter((details) => addressOf(details) !== undefined)
    .slice(0, maxRemotes)
    .map(remoteOf);
}

function objects(parent: Json, key: string): readonly Json[] {
  const list = own(parent, key);
  return Array.isArray(list) ? list.slice(0, maxRemotes).filter(isObject) : [];
}

const addressOf = (details: Json): string | undefined =>
  string(details, 'ipAddressV4') ?? string(details, 'ipAddressV6') ?? string(details, 'ip');

function remoteOf(details: Json): Remote {
  const organization = child(details, 'organization');
  const system = child(details, 'autonomousSystem');
  const asn = number(organization, 'asn') ?? number(system, 'number');
  return {
    ip: addressOf(details),
    asn: asn !== undefined && asn > 0 ? asn : undefined,
    organization: string(organization, 'asnOrg') ?? string(system, 'name'),
    country: string(child(details, 'country'), 'countryName'),
    city: string(child(details, 'city'), 'cityName'),
  };
}
