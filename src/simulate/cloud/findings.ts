import type { Random } from '../../algorithms/random.ts';
import { hour, minute } from '../logins/clock.ts';
import { apiOf } from './apis.ts';
import { type Call, uuid } from './call.ts';
import type { Company } from './company.ts';
import { severityOf } from './finding-types.ts';
import { iso } from './identity.ts';

type Json = Record<string, unknown>;

/** What GuardDuty notices. */
export interface Sighting {
  readonly type: string;
  /** In order of time; the first is the one that the finding shows. Empty where no call is behind it. */
  readonly calls: readonly Call[];
  /** How much it is worth a look: 3 an attack itself, 2 a weak trace of one, 1 something that was allowed, 0 nothing. */
  readonly relevance: 0 | 1 | 2 | 3;
  readonly scenario: string;
  /** The attack that it is of; '' where it is of none. */
  readonly incident: string;
  /** Where there is no call: the account, when, and the network that it is about. */
  readonly traffic?: { readonly account: string; readonly time: number; readonly ip: string; readonly count: number };
  readonly archived?: boolean;
  readonly sample?: boolean;
}

/** Where an address is, as the finding says it. */
function remote(company: Company, ip: string): Json {
  const network = company.internet.find(ip);
  const address = ip.includes(':') ? { ipAddressV6: ip, ipAddressV4: '' } : { ipAddressV4: ip };
  if (network === undefined) return address;
  const { asn, name, country } = network;
  const city = country.cities[ip.charCodeAt(ip.length - 1) % country.cities.length]!;
  return {
    ...address,
    organization: { asn: String(asn), asnOrg: name, isp: name, org: name },
    country: { countryCode: country.code, countryName: country.name },
    city: { cityName: city.name },
    geoLocation: { lat: city.latitude, lon: city.longitude },
  };
}

const isAddress = (ip: string): boolean => /^[\da-f.:]+$/.test(ip);

function callAction(company: Company, call: Call, type: string): Json {
  const { service, name } = apiOf(call.api);
  const { ip } = call.from;
  const caller = isAddress(ip)
    ? { callerType: 'Remote IP', remoteIpDetails: remote(company, ip) }
    : { callerType: 'Domain', domainDetails: { domain: ip } };
  return {
    actionType: 'AWS_API_CALL',
    awsApiCallAction: {
      api: name,
      serviceName: `${service}.amazonaws.com`,
      ...caller,
      ...(type.endsWith('.InsideAWS')
        ? { remoteAccountDetails: { accountId: '999999999999', affiliated: false } }
        : {}),
      ...(call.error === undefined ? {} : { errorCode: call.error }),
      userAgent: call.agent,
      affectedResources: {},
    },
  };
}

function callResource(call: Call, type: string): Json {
  const { by, target } = call;
  const accessKeyDetails = {
    ...(by.accessKeyId === undefined ? {} : { accessKeyId: by.accessKeyId }),
    principalId: by.principalId,
    userType: by.json.type,
    userName: by.userName,
  };
  const instance = by.principalId?.split(':')[1];
  if (type.includes(':S3/')) {
    const name = target?.split('/')[0] ?? 'bucket';
    return {
      resourceType: 'S3Bucket',
      accessKeyDetails,
      s3BucketDetails: [{ name, arn: `arn:aws:s3:::${name}`, type: 'Destination' }],
    };
  }
  if (type.includes('InstanceCredentialExfiltration'))
    return {
      resourceType: 'AccessKey',
      accessKeyDetails,
      instanceDetails: { instanceId: instance, instanceType: 'm6i.large' },
    };
  return { resourceType: 'AccessKey', accessKeyDetails };
}

function trafficAction(company: Company, type: string, ip: string, random: Random): Json {
  if (type.includes('!DNS'))
    return {
      actionType: 'DNS_REQUEST',
      dnsRequestAction: { domain: 'pool.example.net', protocol: 'UDP', blocked: false },
    };
  const remoteIpDetails = remote(company, ip);
  const port = random.pick([22, 80, 443, 3389, 8080, 9200]);
  if (type.includes('PortProbe'))
    return {
      actionType: 'PORT_PROBE',
      portProbeAction: {
        blocked: false,
        portProbeDetails: [{ localPortDetails: { port, portName: 'Unknown' }, remoteIpDetails }],
      },
    };
  return {
    actionType: 'NETWORK_CONNECTION',
    networkConnectionAction: {
      connectionDirection: 'INBOUND',
      protocol: 'TCP',
      blocked: false,
      localPortDetails: { port, portName: 'Unknown' },
      remotePortDetails: { port: 40_000 + random.integer(20_000), portName: 'Unknown' },
      remoteIpDetails,
    },
  };
}

/** The versions of one finding that GuardDuty publishes: the first soon, then every six hours what came in since. */
export function publish(
  company: Company,
  number: number,
  sighting: Sighting,
): { readonly id: string; readonly versions: readonly Json[] } {
  const { calls, type, traffic, archived = false, sample = false } = sighting;
  const random = company.random(`finding/${number}`);
  const id = uuid(company.seed, 0xfffffffe, number).replaceAll('-', '');
  const [call] = calls;
  const account = call?.account ?? traffic!.account;
  const region = call === undefined ? company.region : apiOf(call.api).global ? 'us-east-1' : call.region;
  const detectorId = uuid(company.seed, 0xfffffffd, Number(account.slice(0, 4))).replaceAll('-', '');
  const times = call === undefined ? repeats(traffic!, random) : calls.map(({ time }) => time);
  const first = times[0]!;
  const created = first + 4 * minute + random.integer(12 * minute);
  const who = call?.by.userName ?? 'An instance';
  const about = {
    schemaVersion: '2.0',
    accountId: account,
    region,
    partition: 'aws',
    id,
    arn: `arn:aws:guardduty:${region}:${account}:detector/${detectorId}/finding/${id}`,
    type,
    severity: severityOf(type),
    title: `${sample ? '[SAMPLE] ' : ''}${type.split(':')[0]} by ${who}.`,
    description: `${who} was seen to act in a way that matches ${type}.`,
    resource: call === undefined ? instanceResource(random) : callResource(call, type),
    createdAt: new Date(created).toISOString(),
  };
  const action =
    call === undefined ? trafficAction(company, type, traffic!.ip, random) : callAction(company, call, type);
  const versions: Json[] = [];
  for (let seen = 0, updated = created; seen < times.length; updated += 6 * hour) {
    const before = seen;
    while (seen < times.length && times[seen]! <= updated) seen++;
    if (seen === before) continue;
    versions.push({
      ...about,
      service: {
        serviceName: 'guardduty',
        detectorId,
        action,
        resourceRole: 'TARGET',
        additionalInfo: sample
          ? { sample: true, type: 'default', value: '{"sample":true}' }
          : { type: 'default', value: '{}' },
        eventFirstSeen: iso(first),
        eventLastSeen: iso(times[seen - 1]!),
        archived,
        count: seen,
      },
      updatedAt: new Date(updated).toISOString(),
    });
  }
  return { id, versions };
}

function repeats({ time, count }: { readonly time: number; readonly count: number }, random: Random): number[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? time : time + random.integer(30 * hour))).sort(
    (a, b) => a - b,
  );
}

function instanceResource(random: Random): Json {
  const hex = (): string =>
    random
      .integer(2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return {
    resourceType: 'Instance',
    instanceDetails: {
      instanceId: `i-0${hex()}${hex()}`,
      instanceType: random.pick(['t3.medium', 'm6i.large', 'c7g.xlarge']),
      instanceState: 'running',
      networkInterfaces: [
        { privateIpAddress: `10.20.${random.integer(250)}.${1 + random.integer(250)}`, ipv6Addresses: [] },
      ],
    },
  };
}
