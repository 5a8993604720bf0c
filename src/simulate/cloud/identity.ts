import type { Random } from '../../algorithms/random.ts';

/** Who calls: CloudTrail's userIdentity, and what GuardDuty says of the same. */
export interface Identity {
  readonly json: Readonly<Record<string, unknown>>;
  readonly account: string;
  readonly principalId?: string;
  readonly userName?: string;
  readonly accessKeyId?: string;
  /** When its credentials end, epoch milliseconds. */
  readonly expires?: number;
}

export interface Role {
  readonly account: string;
  readonly name: string;
  readonly id: string;
  readonly arn: string;
}

export interface User {
  readonly account: string;
  readonly name: string;
  readonly id: string;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id as AWS gives them, with the ending that its documentation gives to invented ones: 21 letters, of a key 20. */
export function uniqueId(prefix: 'AROA' | 'AIDA' | 'AKIA' | 'ASIA', random: Random): string {
  let id: string = prefix;
  for (let i = prefix.startsWith('AK') || prefix.startsWith('AS') ? 9 : 10; i > 0; i--)
    id += letters[random.integer(32)];
  return `${id}EXAMPLE`;
}

export const iso = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** A user's own key. */
export const userKey = ({ account, name, id }: User, accessKeyId: string): Identity => ({
  account,
  principalId: id,
  userName: name,
  accessKeyId,
  json: {
    type: 'IAMUser',
    principalId: id,
    arn: `arn:aws:iam::${account}:user/${name}`,
    accountId: account,
    accessKeyId,
    userName: name,
  },
});

/** A user in the console, or signing in to it while there is no key yet. */
export function userConsole({ account, name, id }: User, created: number, mfa: boolean, key?: string): Identity {
  const arn = `arn:aws:iam::${account}:user/${name}`;
  const attributes = { creationDate: iso(created), mfaAuthenticated: String(mfa) };
  const about = { type: 'IAMUser', principalId: id, arn, accountId: account };
  const identity = { account, principalId: id, userName: name, expires: created + 12 * 3_600_000 };
  return key === undefined
    ? { ...identity, json: { ...about, userName: name } }
    : {
        ...identity,
        accessKeyId: key,
        json: { ...about, accessKeyId: key, userName: name, sessionContext: { sessionIssuer: {}, attributes } },
      };
}

export interface SessionOptions {
  readonly created: number;
  readonly key?: string;
  readonly mfa?: boolean;
  /** Milliseconds. @default an hour */
  readonly lasts?: number;
  /** The service that calls for it. */
  readonly invokedBy?: string;
  /** Given out by an instance's metadata service. */
  readonly ec2?: boolean;
  /** The ARN of the identity provider that a program's identity comes from. */
  readonly web?: string;
  readonly sourceIdentity?: string;
}

/** A session of a role. */
export function roleSession(role: Role, session: string, options: SessionOptions): Identity {
  const { created, key, mfa = false, lasts = 3_600_000, invokedBy, ec2, web, sourceIdentity } = options;
  const principalId = `${role.id}:${session}`;
  const { account, name } = role;
  return {
    account,
    principalId,
    userName: name,
    ...(key === undefined ? {} : { accessKeyId: key }),
    expires: created + lasts,
    json: {
      type: 'AssumedRole',
      principalId,
      arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
      accountId: account,
      ...(key === undefined ? {} : { accessKeyId: key }),
      sessionContext: {
        sessionIssuer: { type: 'Role', principalId: role.id, arn: role.arn, accountId: account, userName: name },
        ...(web === undefined ? {} : { webIdFederationData: { federatedProvider: web, attributes: {} } }),
        attributes: { creationDate: iso(created), mfaAuthenticated: String(mfa) },
        ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
        ...(ec2 === true ? { ec2RoleDelivery: '2.0' } : {}),
      },
      ...(invokedBy === undefined ? {} : { invokedBy }),
    },
  };
}

export const root = (account: string, created: number, key: string): Identity => ({
  account,
  principalId: account,
  userName: 'Root',
  accessKeyId: key,
  json: {
    type: 'Root',
    principalId: account,
    arn: `arn:aws:iam::${account}:root`,
    accountId: account,
    accessKeyId: key,
    sessionContext: { sessionIssuer: {}, attributes: { creationDate: iso(created), mfaAuthenticated: 'true' } },
  },
});

/** A service of AWS by itself. */
export const service = (domain: string, account: string): Identity => ({
  account,
  json: { type: 'AWSService', invokedBy: domain },
});

/** An identity of another account, as the account that it calls sees it. */
export const stranger = (of: Identity, account: string): Identity => ({
  account,
  json: { type: 'AWSAccount', principalId: of.principalId, accountId: of.account },
});

/** A program with a token of its platform, before it has a role. */
export const webIdentity = (account: string, provider: string, subject: string): Identity => ({
  account,
  json: {
    type: 'WebIdentityUser',
    principalId: `arn:aws:iam::${account}:oidc-provider/${provider}:sts.amazonaws.com:${subject}`,
    userName: subject,
    identityProvider: `arn:aws:iam::${account}:oidc-provider/${provider}`,
  },
});

/** A person with an assertion of the identity provider, before they have a role. */
export const samlUser = (account: string, provider: string, email: string): Identity => ({
  account,
  json: { type: 'SAMLUser', principalId: `${provider}:${email}`, userName: email, identityProvider: provider },
});

/** A person at the access portal of IAM Identity Center. */
export const portalUser = (account: string, id: string, email: string): Identity => ({
  account,
  json: {
    type: 'IdentityCenterUser',
    accountId: account,
    userName: email,
    onBehalfOf: { userId: id, identityStoreArn: `arn:aws:identitystore::${account}:identitystore/d-9067e1e1e1` },
    credentialId: id,
  },
});
