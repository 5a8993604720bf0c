import { ScopsError } from '../../event/index.ts';
import { shorten, visible } from '../../text/escape.ts';

/**
 * What went wrong at AWS, as far as it tells what to do: an object that is not there, one in an archive, one that became
 * another while it was read; a bucket or queue that is not there; no permission, none for the key that the data are
 * encrypted with; no credentials, or none that are good; a clock that is wrong; no region; too many requests; and what may pass by itself.
 */
export type AwsFault =
  | 'no-object'
  | 'archived'
  | 'changed'
  | 'no-place'
  | 'denied'
  | 'kms'
  | 'credentials'
  | 'clock'
  | 'region'
  | 'throttled'
  | 'unavailable'
  | 'other';

const byName: ReadonlyMap<string, AwsFault> = new Map<string, AwsFault>([
  ['NoSuchKey', 'no-object'],
  ['NoSuchVersion', 'no-object'],
  ['NotFound', 'no-object'],
  ['InvalidObjectState', 'archived'],
  ['PreconditionFailed', 'changed'],
  ['NoSuchBucket', 'no-place'],
  ['QueueDoesNotExist', 'no-place'],
  ['AWS.SimpleQueueService.NonExistentQueue', 'no-place'],
  ['InvalidAddress', 'no-place'],
  ['AccessDenied', 'denied'],
  ['AccessDeniedException', 'denied'],
  ['Forbidden', 'denied'],
  ['AllAccessDisabled', 'denied'],
  ['CredentialsProviderError', 'credentials'],
  ['TokenProviderError', 'credentials'],
  ['InvalidAccessKeyId', 'credentials'],
  ['InvalidClientTokenId', 'credentials'],
  ['UnrecognizedClientException', 'credentials'],
  ['InvalidSecurity', 'credentials'],
  ['SignatureDoesNotMatch', 'credentials'],
  ['ExpiredToken', 'credentials'],
  ['ExpiredTokenException', 'credentials'],
  ['InvalidToken', 'credentials'],
  ['InvalidSignatureException', 'credentials'],
  ['RequestTimeTooSkewed', 'clock'],
  ['AuthorizationHeaderMalformed', 'region'],
  ['PermanentRedirect', 'region'],
  ['SlowDown', 'throttled'],
  ['Throttling', 'throttled'],
  ['ThrottlingException', 'throttled'],
  ['RequestThrottled', 'throttled'],
  ['RequestLimitExceeded', 'throttled'],
  ['TooManyRequestsException', 'throttled'],
  ['KmsThrottled', 'throttled'],
  ['OverLimit', 'throttled'],
  ['InternalError', 'unavailable'],
  ['ServiceUnavailable', 'unavailable'],
  ['RequestTimeout', 'unavailable'],
  ['TimeoutError', 'unavailable'],
]);

/** Of connections that fail; that a name is not known is often a slip in an address, but as often no network. */
const network: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

interface ServiceError extends Error {
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/** Why a request to AWS failed; of a ScopsError that `awsError` made, why the request behind it did. */
export function faultOf(error: unknown): AwsFault {
  if (error instanceof ScopsError) return error.cause === undefined ? 'other' : faultOf(error.cause);
  if (!(error instanceof Error)) return 'other';
  const { name, message, code, $metadata } = error as ServiceError;
  if (/^Kms(?!Throttled)|^KMS\.(?!Throttling)/.test(name) || (byName.get(name) === 'denied' && /\bkms:/i.test(message)))
    return 'kms';
  const known = byName.get(name);
  if (known === 'credentials' && /^Signature (?:expired|not yet current)/.test(message)) return 'clock';
  if (known !== undefined) return known;
  if (message === 'Region is missing') return 'region';
  const status = $metadata?.httpStatusCode;
  if (status === 403) return 'denied';
  if (status === 429) return 'throttled';
  return (status ?? 0) >= 500 || network.has(code) ? 'unavailable' : 'other';
}

/** Whether the same request may go well a while later, nobody having done anything. */
export const mayPass = (fault: AwsFault): boolean => fault === 'throttled' || fault === 'unavailable';

const advice: Readonly<Record<AwsFault, string>> = {
  'no-object': 'there is no such object',
  archived: 'the object is in an archive, and must be restored first',
  changed: 'the object was replaced while it was read',
  'no-place': 'it does not exist',
  denied: 'access denied',
  kms: 'access denied to the KMS key that it is encrypted with: the reader needs kms:Decrypt on that key',
  credentials:
    'AWS takes no credentials of ours: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, sign in by "aws sso login", or run with a role',
  clock: 'the clock of this machine is minutes off, so AWS takes no request of it: set the clock',
  region: 'the region is missing or not the right one: set the option "region", or AWS_REGION',
  throttled: 'too many requests for AWS, also when sent again',
  unavailable: 'no answer that could be used',
  other: 'refused',
};

/**
 * What the SDK threw as a ScopsError: SOURCE_UNREADABLE, or CONFIG_INVALID without a region. `doing` is what was tried,
 * such as `read "s3://logs/key"`, and `permission` what that takes, such as `s3:GetObject`.
 */
export function awsError(error: unknown, doing: string, permission: string): ScopsError {
  if (error instanceof ScopsError) return error;
  const fault = faultOf(error);
  const takes = fault === 'denied' ? ` (it takes ${permission})` : '';
  const message = `Cannot ${doing}: ${advice[fault]}${takes}. ${said(error)}`.trim();
  return new ScopsError(fault === 'region' ? 'CONFIG_INVALID' : 'SOURCE_UNREADABLE', message, { cause: error });
}

/** What AWS or the network said of it. */
function said(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { name, message, code, $metadata } = error as ServiceError;
  const attempts = $metadata?.attempts ?? 1;
  const label = typeof code === 'string' && name === 'Error' ? code : name;
  const text = message === '' || message === label ? label : `${label}: ${message}`;
  return `AWS said: ${visible(shorten(text, 300))}${attempts > 1 ? ` (${attempts} attempts)` : ''}`;
}
