import { Buffer } from 'node:buffer';
import { type Context, ScopsError } from '../event/index.ts';
import { shorten, visible } from '../text/escape.ts';

export interface PostRequest {
  /** May hold a secret: it is in no message, no log and no error. */
  readonly url: URL;
  /** What the other side is called in messages, such as `Slack`. */
  readonly name: string;
  readonly body: string;
  /** Made anew for each attempt, because a signature carries its time. */
  headers(): Readonly<Record<string, string>>;
  /** Milliseconds for one attempt, the answer's body included. */
  readonly timeout: number;
  /** How often to try in all. */
  readonly attempts: number;
  /** Uniform in [0, 1), so that many senders do not come back at the same moment. */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
}

const firstWait = 2_000;
const longestBackoff = 30_000;
const longestRetryAfter = 300_000;
const mostAnswer = 16_384;

/** What one attempt came to. `wait` is what the other side asked for. */
type Attempt =
  | { readonly answer: string }
  | { readonly refusal: string; readonly again: boolean; readonly wait?: number | undefined };

/**
 * POST a body and return the answer's text (its first 16 KiB) once a 2xx status came. Network failures, timeouts, 408,
 * 429 and 5xx are tried again: after Retry-After where the answer has one (RFC 9110, 10.2.3), else after 2, 4, 8… seconds
 * of which half is random. Redirects are not followed: they could carry findings anywhere.
 * Throws ScopsError SINK_FAILED with the other side's own words.
 */
export async function post(context: Context, request: PostRequest): Promise<string> {
  const { name, attempts, signal } = request;
  for (let tried = 1; ; tried++) {
    const result = signal?.aborted ? stopped : await attempt(context, request);
    if ('answer' in result) return result.answer;
    const wait = result.wait ?? backoff(tried, request.random);
    if (!result.again || tried >= attempts || wait > longestRetryAfter || signal?.aborted) {
      const asked = wait > longestRetryAfter ? `, and asks to wait ${Math.round(wait / 1000)} s` : '';
      const often = tried > 1 ? ` (attempt ${tried} of ${attempts})` : '';
      throw new ScopsError('SINK_FAILED', `${name} ${result.refusal}${asked}${often}.`);
    }
    context.log.debug(`${name} ${result.refusal}; trying again in ${Math.round(wait)} ms.`);
    await context.sleep(wait, signal);
  }
}

const stopped: Attempt = { refusal: 'was not asked: Scops is stopping', again: false };

function backoff(tried: number, random: () => number): number {
  const most = Math.min(longestBackoff, firstWait * 2 ** (tried - 1));
  return most / 2 + (most / 2) * random();
}

async function attempt(context: Context, request: PostRequest): Promise<Attempt> {
  const timeout = AbortSignal.timeout(request.timeout);
  try {
    const response = await context.fetch(request.url, {
      method: 'POST',
      body: request.body,
      headers: { 'accept-encoding': 'identity', 'user-agent': 'scops', ...request.headers() },
      redirect: 'manual',
      signal: request.signal ? AbortSignal.any([request.signal, timeout]) : timeout,
    });
    const answer = await beginning(response);
    if (response.ok) return { answer };
    const { status } = response;
    const words = shorten(visible(answer.trim()), 300);
    const refusal = `answered ${status}${words === '' ? '' : ` "${words}"`}`;
    if (status >= 300 && status < 400) return { refusal: `${refusal}: redirects are not followed`, again: false };
    const again = status === 408 || status === 429 || status >= 500;
    return { refusal, again, wait: retryAfter(response.headers.get('retry-after'), context.now()) };
  } catch (error) {
    if (request.signal?.aborted) return { refusal: 'was interrupted: Scops is stopping', again: false };
    if (timeout.aborted) return { refusal: `did not answer within ${request.timeout} ms`, again: true };
    return { refusal: `could not be reached (${reason(error)})`, again: true };
  }
}

/** Only a code: the messages of a failed request may quote its address. */
function reason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const { code, name } = cause as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name ?? 'unknown reason');
}

/** Milliseconds to wait, from seconds or an HTTP date; undefined when the header says neither. */
function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

async function beginning(response: Response): Promise<string> {
  if (response.body === null) return '';
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body) {
    parts.push(part);
    length += part.length;
    if (length >= mostAnswer) break; // leaving the loop cancels the rest
  }
  return Buffer.concat(parts).subarray(0, mostAnswer).toString('utf8');
}

/**
 * The address of a sink, from an option or the environment. Throws ScopsError CONFIG_INVALID, without the address in it.
 * `https` only: http passes for loopback addresses, and for others when `plain` is true.
 */
export function sinkAddress(text: string | undefined, sink: string, how: string, plain = false): URL {
  if (text === undefined || text.trim() === '') {
    throw new ScopsError('CONFIG_INVALID', `Sink "${sink}" has no address: ${how}.`);
  }
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  const loopback = url !== undefined && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && (plain || loopback))) return url;
  throw new ScopsError('CONFIG_INVALID', `The address of sink "${sink}" is not an https:// URL: ${how}.`);
}
