import { ScopsError } from '../event/index.ts';
import { shorten, visible } from '../text/escape.ts';

/** Who was asked for what, for the messages. Holds no secret. */
export interface KafkaPlace {
  readonly brokers: readonly string[];
  readonly topics: readonly string[];
  readonly group: string;
  readonly account?: string;
}

interface Linked extends Error {
  readonly code?: unknown;
  readonly apiId?: unknown;
  readonly errors?: readonly unknown[];
}

/** An error and everything it was caused by; the client nests both ways. */
function* chain(error: unknown, depth = 0): Generator<Linked> {
  if (!(error instanceof Error) || depth > 12) return;
  const linked = error as Linked;
  yield linked;
  for (const inner of linked.errors ?? []) yield* chain(inner, depth + 1);
  yield* chain(linked.cause, depth + 1);
}

export function isRefusedLogin(error: unknown): boolean {
  for (const { code, apiId } of chain(error)) {
    if (code === 'PLT_KFK_AUTHENTICATION' || apiId === 'SASL_AUTHENTICATION_FAILED') return true;
  }
  return false;
}

/** The innermost reasons, each once: the outer ones say "failed 6 times". */
function reasons(error: unknown): string {
  const found = new Set<string>();
  for (const inner of chain(error)) {
    const leaf = inner.cause === undefined && (inner.errors ?? []).length === 0;
    if (leaf && inner.message !== '') found.add(visible(shorten(inner.message, 200)));
    if (found.size === 3) break;
  }
  return [...found].join(' ');
}

function unknownTopic(error: unknown): boolean {
  for (const { message, apiId } of chain(error)) {
    if (message.startsWith('Unknown topic ') || apiId === 'UNKNOWN_TOPIC_OR_PARTITION') return true;
  }
  return false;
}

/** What the Kafka client threw, as a ScopsError SOURCE_UNREADABLE that names the brokers, the topic or the account. */
export function kafkaError(error: unknown, place: KafkaPlace): ScopsError {
  if (error instanceof ScopsError) return error;
  const at = place.brokers.join(', ');
  const topics = place.topics.map((topic) => `"${topic}"`).join(', ');
  const fail = (message: string) => new ScopsError('SOURCE_UNREADABLE', message, { cause: error });
  if (isRefusedLogin(error)) {
    const account = place.account === undefined ? '' : ` "${place.account}"`;
    return fail(`Kafka at ${at} refused the account${account}: ${reasons(error)}`);
  }
  if (unknownTopic(error)) return fail(`Kafka at ${at} has no topic ${topics}, or this account may not see it.`);
  return fail(`Cannot read topic ${topics} from Kafka at ${at} (group "${place.group}"): ${reasons(error)}`);
}

export { reasons as kafkaReasons };
