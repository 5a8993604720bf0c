import { isObject, type Json } from '../../wazuh/values.ts';

/** CloudTrail's names that are read, by their lower case: tables of Athena and Glue know no other. */
const names: ReadonlyMap<string, string> = new Map(
  [
    'accessKeyId accountId additionalEventData awsRegion creationDate errorCode errorMessage eventCategory eventID',
    'eventName eventSource eventTime eventType identityProvider insightDetails invokedBy mfaAuthenticated onBehalfOf',
    'principalId readOnly recipientAccountId responseElements sessionContext sessionCredentialFromConsole',
    'sessionIssuer sharedEventID sourceIPAddress userAgent userId userIdentity userName vpcEndpointId',
  ]
    .join(' ')
    .split(' ')
    .map((name) => [name.toLowerCase(), name]),
);

const maxDepth = 4;

/** The record with CloudTrail's own names where it has them in lower case. Other properties are kept as they are. */
export function camelNames(record: Json, depth = 0): Json {
  const named: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(record)) {
    const value = record[key];
    named[names.get(key) ?? key] = isObject(value) && depth < maxDepth ? camelNames(value, depth + 1) : value;
  }
  return named;
}
