import { child, type Json, string } from '../wazuh/values.ts';

/** What a record of AWS says of who acted, whatever its shape. Parts that are empty or hidden are absent. */
export interface Actor {
  /** As logged: `IAMUser`, `AssumedRole`, `AWSService`. */
  readonly type?: string | undefined;
  /** `AIDA…`, `AROA…:session`, `123456789012:name`. */
  readonly principalId?: string | undefined;
  /** Of the user; of a session, the role's. */
  readonly name?: string | undefined;
  readonly account?: string | undefined;
  readonly arn?: string | undefined;
  /** Of the role that the session was issued for. */
  readonly issuer?: { readonly id?: string | undefined; readonly name?: string | undefined } | undefined;
  readonly invokedBy?: string | undefined;
  readonly identityProvider?: string | undefined;
  /** The user in IAM Identity Center, on whose behalf a call was made. */
  readonly identityCenterUser?: string | undefined;
}

/** What AWS writes for a name that may be a password typed into the wrong field. */
const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';

const plain = (parent: Json, key: string): string | undefined => {
  const value = string(parent, key);
  return value === hidden ? undefined : value;
};

/**
 * The actor in a CloudTrail record's userIdentity.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function actorOfIdentity(identity: Json): Actor {
  const issuer = child(child(identity, 'sessionContext'), 'sessionIssuer');
  return {
    type: string(identity, 'type'),
    principalId: plain(identity, 'principalId'),
    name: plain(identity, 'userName'),
    account: string(identity, 'accountId'),
    arn: string(identity, 'arn'),
    issuer: { id: string(issuer, 'principalId'), name: string(issuer, 'userName') },
    invokedBy: string(identity, 'invokedBy'),
    identityProvider: string(identity, 'identityProvider'),
    identityCenterUser: string(child(identity, 'onBehalfOf'), 'userId'),
  };
}

/**
 * The actor in a GuardDuty finding's accessKeyDetails (lowerCamelCase) of `account`.
 * https://docs.aws.amazon.com/guardduty/latest/APIReference/API_AccessKeyDetails.html
 */
export function actorOfKey(details: Json, account: string | undefined): Actor {
  return {
    type: string(details, 'userType'),
    principalId: plain(details, 'principalId'),
    name: plain(details, 'userName'),
    account,
  };
}

/**
 * The actor in the user of an OCSF record, or of an attack sequence's actor: `uid` is an ARN or the principal's id, and
 * `uid_alt` the id where `uid` is an ARN. https://schema.ocsf.io/1.1.0/objects/user
 */
export function actorOfUser(user: Json, account: string | undefined): Actor {
  const uid = plain(user, 'uid');
  const arn = uid?.startsWith('arn:') ? uid : undefined;
  return {
    type: string(user, 'type'),
    principalId: plain(user, 'uid_alt') ?? (arn === undefined ? uid : undefined),
    name: plain(user, 'name'),
    account: string(child(user, 'account'), 'uid') ?? account,
    arn,
  };
}
