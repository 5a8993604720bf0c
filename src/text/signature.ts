import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The `X-Scops-Signature` header of a webhook body: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`.
 * The time is inside what is signed, so that an old request cannot be sent again later.
 */
export function signBody(body: string | Uint8Array, secret: string, time: number): string {
  const seconds = Math.floor(time / 1000);
  return `t=${seconds},v1=${digest(body, secret, seconds).toString('hex')}`;
}

export interface SignedRequest {
  /** The body's bytes as they came, before any parsing. */
  readonly body: string | Uint8Array;
  /** The `X-Scops-Signature` header. */
  readonly header: string | undefined;
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How old, or how far ahead, a request may be, in seconds. @default 300 */
  readonly tolerance?: number;
}

/**
 * For receivers: whether a webhook's body was signed with the secret, not long ago. Takes the same time wherever a
 * signature differs. Any one of several `v1` is enough, so that a secret can be changed without a gap.
 */
export function verifySignature(request: SignedRequest): boolean {
  const { body, header = '', secret, now, tolerance = 300 } = request;
  if (header.length > 2048 || secret === '') return false;
  const parts = header.split(',').map((part) => part.trim());
  const stamps = parts.filter((part) => part.startsWith('t='));
  const seconds =
    stamps.length === 1 && /^t=\d{1,12}$/.test(stamps[0] ?? '') ? Number(stamps[0]?.slice(2)) : Number.NaN;
  if (!(Math.abs(now / 1000 - seconds) <= tolerance)) return false;
  const expected = digest(body, secret, seconds);
  let valid = false;
  for (const part of parts) {
    if (!/^v1=[0-9a-f]{64}$/.test(part)) continue;
    if (timingSafeEqual(Buffer.from(part.slice(3), 'hex'), expected)) valid = true;
  }
  return valid;
}

function digest(body: string | Uint8Array, secret: string, seconds: number): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
}
