import type { Actor } from './actor.ts';
import { classOf, type PrincipalClass } from './principal-class.ts';

export type PrincipalType =
  | 'root'
  | 'user'
  | 'role'
  | 'federated-user'
  | 'saml-user'
  | 'web-identity-user'
  | 'identity-center-user'
  | 'account'
  | 'anonymous'
  | 'service'
  | 'unknown';

/** Who acts in AWS, under one name in whatever record they are met. */
export interface Principal {
  /**
   * Of a user or role its unique id (`AIDA…`, `AROA…`), never with a session; else `ACCOUNT:root`,
   * `ACCOUNT:federated-user/NAME`, `saml:…`, `web:…`, `identity-center:…`, `ACCOUNT:account`, `anonymous`, or a
   * service's domain. Where no unique id was logged, `ACCOUNT:user/NAME` and `ACCOUNT:role/NAME`.
   */
  readonly id: string;
  readonly type: PrincipalType;
  readonly class: PrincipalClass;
  readonly account?: string;
  /** The session of a role: who or what took it on, as the one that did named itself. */
  readonly session?: string;
  /** Of the user or the role; a name, not a key. */
  readonly name?: string;
}

const types: ReadonlyMap<string, PrincipalType> = new Map([
  ['Root', 'root'],
  ['IAMUser', 'user'],
  ['AssumedRole', 'role'],
  ['Role', 'role'],
  ['FederatedUser', 'federated-user'],
  ['SAMLUser', 'saml-user'],
  ['WebIdentityUser', 'web-identity-user'],
  ['IdentityCenterUser', 'identity-center-user'],
  ['AWSService', 'service'],
  ['AWSAccount', 'account'],
]);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const byPrefix: ReadonlyMap<string, PrincipalType> = new Map([
  ['AIDA', 'user'],
  ['AROA', 'role'],
]);

const anonymous = 'ANONYMOUS_PRINCIPAL';

/** Longer parts are cut: attackers name sessions, and what is learnt of a principal is kept under its id. */
const longest = 512;

/**
 * The principal that acted, under the same id, session, account and class from every shape of record: CloudTrail's
 * userIdentity, and GuardDuty's findings as REST, SDK, EventBridge, S3 export, ASFF and OCSF write them. Undefined when
 * the record says nothing of it. Pure; linear time.
 */
export function principalOf(actor: Actor): Principal | undefined {
  const arn = isPlain(actor) ? undefined : resourceOf(actor.arn as string);
  const type = typeOf(actor, arn);
  const account = isAccount(actor.account) ? actor.account : (arn?.account ?? actor.account);
  const { id, session, name } = identify(type, actor, account === anonymous ? undefined : account, arn);
  if (id === undefined) return undefined;
  const principal = { id: cut(id), type, class: classOf(type, id, name, session) };
  return {
    ...principal,
    ...(account === undefined || account === anonymous ? {} : { account: cut(account) }),
    ...(session === undefined ? {} : { session: cut(session) }),
    ...(name === undefined ? {} : { name: cut(name) }),
  };
}

/** Whether the ARN, if there is one, says nothing that is not said elsewhere. */
const isPlain = ({ arn, type, principalId, name, account, issuer }: Actor): boolean =>
  arn === undefined ||
  (isAccount(account) &&
    ((type === 'IAMUser' && name !== undefined) ||
      (type === 'AssumedRole' && issuer?.name !== undefined && principalId?.includes(':') === true)));

const isAccount = (text: string | undefined): boolean => text?.length === 12 && /^\d+$/.test(text);

const cut = (text: string): string => (text.length > longest ? text.slice(0, longest) : text);

interface Resource {
  readonly account: string | undefined;
  /** Such as `assumed-role/NAME/SESSION`, in parts. */
  readonly parts: readonly string[];
}

/** arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE */
function resourceOf(arn: string): Resource | undefined {
  const [prefix, , , , account, ...resource] = arn.slice(0, 4 * longest).split(':');
  if (prefix !== 'arn' || resource.length === 0) return undefined;
  return { account: account === '' ? undefined : account, parts: resource.join(':').split('/') };
}

const byResource: ReadonlyMap<string, PrincipalType> = new Map([
  ['root', 'root'],
  ['user', 'user'],
  ['role', 'role'],
  ['assumed-role', 'role'],
  ['federated-user', 'federated-user'],
]);

function typeOf({ type, principalId, name, account, invokedBy }: Actor, arn: Resource | undefined): PrincipalType {
  if ([principalId, name, account].includes(anonymous)) return 'anonymous';
  const logged = types.get(type ?? '');
  if (logged !== undefined && logged !== 'account') return logged;
  const known = byPrefix.get(principalId?.slice(0, 4) ?? '') ?? byResource.get(arn?.parts[0] ?? '');
  if (known !== undefined) return known;
  if (logged === undefined && principalId === undefined && invokedBy !== undefined) return 'service';
  return logged ?? 'unknown';
}

interface Identified {
  readonly id: string | undefined;
  readonly session?: string | undefined;
  readonly name?: string | undefined;
}

function identify(
  type: PrincipalType,
  actor: Actor,
  account: string | undefined,
  arn: Resource | undefined,
): Identified {
  const { principalId } = actor;
  const within = (what: string): string => (account === undefined ? what : `${account}:${what}`);
  switch (type) {
    case 'root':
      return { id: account === undefined ? (principalId ?? 'root') : within('root'), name: 'root' };
    case 'anonymous':
      return { id: 'anonymous' };
    case 'service': {
      const service = actor.invokedBy ?? actor.name ?? principalId;
      return { id: service ?? (account === undefined ? undefined : within('service')), name: service };
    }
    case 'role':
      return role(actor, within, arn);
    case 'user': {
      const id = before(principalId) ?? undefined;
      const name = actor.name ?? (arn?.parts[0] === 'user' ? arn.parts.at(-1) : undefined);
      return { id: id ?? within(name === undefined ? 'user' : `user/${name}`), name, session: after(principalId) };
    }
    case 'federated-user': {
      const name = after(principalId) ?? actor.name ?? arn?.parts[1];
      return { id: name === undefined ? principalId : within(`federated-user/${name}`), name };
    }
    case 'saml-user':
      return external('saml', actor);
    case 'web-identity-user':
      return external('web', actor);
    case 'identity-center-user': {
      const user = actor.identityCenterUser ?? principalId ?? actor.name;
      return { id: user && `identity-center:${user}`, name: actor.name };
    }
    case 'account':
      return { id: before(principalId) ?? (account && within('account')), name: actor.name };
    case 'unknown': {
      const id = before(principalId) ?? actor.arn;
      return {
        id: id ?? (actor.name && within(`unknown/${actor.name}`)),
        name: actor.name,
        session: after(principalId),
      };
    }
  }
}

function role(
  { principalId, issuer, name, arn: text }: Actor,
  within: (what: string) => string,
  arn: Resource | undefined,
): Identified {
  const parts = arn?.parts[0] === 'assumed-role' ? arn.parts : undefined;
  const ofArn = parts?.[1] ?? (arn?.parts[0] === 'role' ? arn.parts.at(-1) : undefined);
  const roleName = issuer?.name ?? ofArn ?? name;
  const id = issuer?.id ?? before(principalId) ?? (roleName === undefined ? text : within(`role/${roleName}`));
  return { id, name: roleName, session: after(principalId) ?? parts?.[2] };
}

/** Of SAML, CloudTrail's principalId is `PROVIDER:NAME`; of the web, `PROVIDER:APPLICATION:NAME`. */
function external(kind: string, { principalId, identityProvider, name }: Actor): Identified {
  const written = [identityProvider, name].filter((part) => part !== undefined).join(':');
  const id = principalId ?? (written === '' ? undefined : written);
  return { id: id && `${kind}:${id}`, name };
}

/** `AROA…:session` in its two parts. An absent or an empty part is undefined. */
function before(principalId: string | undefined): string | undefined {
  const colon = principalId?.indexOf(':') ?? -1;
  return (colon < 0 ? principalId : principalId?.slice(0, colon)) || undefined;
}

function after(principalId: string | undefined): string | undefined {
  const colon = principalId?.indexOf(':') ?? -1;
  return colon < 0 ? undefined : principalId?.slice(colon + 1) || undefined;
}
