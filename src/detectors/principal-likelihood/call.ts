import { type Event, type FieldValue, text } from '../../event/index.ts';
import { parseUserAgent, type UserAgent } from '../../text/aws/user-agent.ts';
import { parseIp } from '../../text/ip.ts';
import { isWrite } from './sensitive.ts';
import { type Origin, type Whence, whenceOf } from './whence.ts';

/** Longer names are cut: they are kept for as long as the principal is known. */
const longest = 256;
/** The last moment that has a date. */
const latest = 8.64e15;

/** What the detector looks at of one call or sign-in. Words as they came; '' and -1 for what is not known. */
export interface Call {
  readonly id: string;
  readonly time: number;
  readonly kind: 'api' | 'login' | 'finding';
  /** Whose habits it is compared with: the principal, or the person of a role that people take on. */
  readonly owner: string;
  /** Those it borrows from: the people of its role, or principals of its class and account. */
  readonly group: string;
  readonly principal: string;
  readonly session: string;
  /** aws.principal.type and .class. */
  readonly type: string;
  readonly class: string;
  readonly origin: Origin;
  /** The address, or the service, as logged. */
  readonly from: string;
  /** Of a service, its domain; of an inside address, its /24 (IPv6: /64). */
  readonly spot: string;
  readonly endpoint: string;
  /** The words of a public address; `low` is -1 for IPv4, both are without one. */
  readonly high: number;
  readonly low: number;
  readonly asn: number;
  readonly organization: string;
  readonly country: string;
  readonly provider: string;
  /** `iam.amazonaws.com:CreateUser`. */
  readonly action: string;
  readonly write: boolean;
  readonly agent: string;
  readonly platform: string;
  readonly region: string;
  readonly denied: boolean;
  /** Whether the session has a second factor: 1 and 0. */
  readonly mfa: number;
  /** When the session began. */
  readonly created: number;
  /** What the session's temporary credentials are known by. */
  readonly lock: string;
  readonly key: string;
  /** `111122223333/Deploy` of the role whose session it is. */
  readonly role: string;
  /** The same of the role that is taken on by the call, and the access key of the session it issued, where told. */
  readonly assumed: string;
  readonly issued: string;
  /** Whether a user sees to keys of its own. */
  readonly self: boolean;
  /** The label of a network that is trusted. */
  readonly known: string;
}

const word = (value: FieldValue | undefined): string => {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : String(value);
  return text.length > longest ? text.slice(0, longest) : text;
};
const whole = (value: FieldValue | undefined): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : -1;

const signIns: ReadonlySet<FieldValue | undefined> = new Set(['ssh', 'login', 'logon']);

const principalOf = ({ fields }: Event): string => word(fields['aws.principal.id']) || word(fields['user.name']);

/** Whether the event is a call, a sign-in that succeeded, or a finding on somebody who is named. */
export function isScorable(event: Event): boolean {
  const { kind, fields } = event;
  if (kind === 'api' || kind === 'finding') return word(fields['aws.principal.id']) !== '';
  return (
    kind === 'login' &&
    fields['event.outcome'] === 'success' &&
    signIns.has(fields['event.action']) &&
    principalOf(event) !== ''
  );
}

export const isFailedSignIn = (event: Event): boolean =>
  event.kind === 'login' &&
  event.fields['event.outcome'] === 'failure' &&
  signIns.has(event.fields['event.action']) &&
  principalOf(event) !== '';

export const timeOf = ({ time }: Event): number => (Math.abs(time) <= latest ? time : 0);

/** Services whose calls are told under one region, whatever region the caller works in. */
const global: ReadonlySet<string> = new Set(
  'iam organizations account cloudfront route53 route53domains globalaccelerator support health ce budgets waf shield signin'
    .split(' ')
    .map((name) => `${name}.amazonaws.com`),
);

/** What users do with their own keys; IAM leaves out whose they are where they are the caller's. */
const ownKeys: ReadonlySet<string> = new Set(
  'ChangePassword CreateAccessKey CreateVirtualMFADevice EnableMFADevice UpdateAccessKey UploadSSHPublicKey'.split(' '),
);

/** `arn:aws:iam::111122223333:role/path/Deploy` as `111122223333/Deploy`. */
const roleOf = (arn: string): string =>
  arn === '' ? '' : `${arn.split(':', 5)[4] ?? ''}/${arn.slice(arn.lastIndexOf('/') + 1)}`;

/** What a service that acts for somebody writes in the place of their program. */
const isForwarded = (agent: UserAgent): boolean => agent.family.endsWith('.amazonaws.com');

const isDenied = (code: string): boolean => code !== '' && /denied|unauthorized|forbidden|authfailure/i.test(code);

const remembered = 8192;

/** Reads events; the latest addresses and user agents are remembered, because reading one takes a while. */
export class Calls {
  readonly #whence = new Map<string, Whence>();
  readonly #agents = new Map<string, UserAgent | undefined>();

  read(event: Event): Call {
    const { id, kind, fields } = event;
    const principal = principalOf(event);
    const session = word(fields['aws.principal.session']);
    const type = word(fields['aws.principal.type']);
    const of = word(fields['aws.principal.class']);
    const isPerson = type === 'role' && of === 'human' && session !== '';
    const account = word(fields['aws.principal.account'] ?? fields['cloud.account.id']);
    const from = word(fields['source.ip'] ?? fields['source.address']);
    const whence = this.whence(from);
    // What a service sends in its own name says nothing of the program behind it.
    const sent = whence.origin === 'service' ? undefined : this.#agent(word(fields['user_agent.original']));
    const agent = sent === undefined || isForwarded(sent) ? undefined : sent;
    const provider = word(fields['event.provider']);
    // That somebody signed in is no act by itself.
    const api = kind === 'login' ? '' : word(fields['event.action']);
    const readOnly = fields['aws.read_only'];
    const mfa = fields['aws.mfa'];
    const created = whole(fields['aws.session.created']);
    const key = word(fields['aws.access_key.id']);
    const name = type === 'role' ? fields['user.roles'] : undefined;
    const succeeded = fields['event.outcome'] !== 'failure';
    const target = fields['aws.target.user'];
    return {
      id,
      time: timeOf(event),
      kind: kind as Call['kind'],
      owner: isPerson ? `${principal} ${session}` : principal,
      group: isPerson ? `role ${principal}` : `${of} ${account}`,
      principal,
      session,
      type,
      class: of,
      ...whence,
      from,
      endpoint: word(fields['aws.vpc_endpoint.id']),
      asn: whence.origin === 'public' ? Math.min(whole(fields['source.as.number']), 2 ** 32 - 1) : -1,
      organization: word(fields['source.as.organization.name']),
      country: whence.origin === 'public' ? word(fields['source.geo.country_iso_code']) : '',
      provider,
      action: api === '' ? '' : `${provider}:${api}`,
      write: typeof readOnly === 'boolean' ? !readOnly : isWrite(api),
      agent: agent?.family ?? '',
      platform: agent?.platform ?? '',
      region: global.has(provider) ? '' : word(fields['cloud.region']),
      denied: isDenied(word(fields['event.code'])),
      mfa: typeof mfa === 'boolean' ? Number(mfa) : -1,
      created,
      lock: lockOf(key, principal, session, created),
      key,
      role: typeof name === 'object' ? `${account}/${word(name[0])}` : '',
      assumed: succeeded ? roleOf(word(fields['aws.assumed.role'])) : '',
      issued: word(fields['aws.assumed.key']),
      self:
        kind === 'api' &&
        type === 'user' &&
        ownKeys.has(api) &&
        (target === undefined || target === fields['user.name']),
      known: word(fields['source.known']),
    };
  }

  /** Of an address or of what stands in its place. */
  whence(from: string): Whence {
    const found = this.#whence.get(from);
    if (found !== undefined) return found;
    const whence = whenceOf(from);
    if (this.#whence.size >= remembered) this.#whence.clear();
    this.#whence.set(from, whence);
    return whence;
  }

  #agent(original: string): UserAgent | undefined {
    if (this.#agents.has(original)) return this.#agents.get(original);
    const agent = parseUserAgent(original);
    if (this.#agents.size >= remembered) this.#agents.clear();
    this.#agents.set(original, agent);
    return agent;
  }
}

/** Temporary credentials have access keys of their own, which begin with ASIA; those of users stay the same. */
function lockOf(key: string, principal: string, session: string, created: number): string {
  if (key !== '') return key.startsWith('ASIA') ? key : '';
  return created < 0 ? '' : `${principal} ${session} ${created}`;
}

/** The addresses that a finding tells of, beside the first. */
export function otherAddresses(event: Event, most: number): readonly string[] {
  const listed = event.fields['aws.finding.remote_ips'];
  if (event.kind !== 'finding' || typeof listed !== 'object') return [];
  const first = text(event, 'source.ip');
  return listed.slice(0, most).flatMap((ip) => (ip === first ? [] : (parseIp(ip) ?? [])));
}

/** The network of a public address, /24 or IPv6 /48, as a number; -1 without one. */
export const networkOf = ({ high, low }: { readonly high: number; readonly low: number }): number =>
  high < 0 ? -1 : low < 0 ? high >>> 8 : 2 ** 50 + high * 65_536 + (low >>> 16);
