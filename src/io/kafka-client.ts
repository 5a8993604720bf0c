import type { ConsumerOptions } from '@platformatic/kafka';
import type { KafkaPlace } from './kafka-error.ts';

export type KafkaLibrary = typeof import('@platformatic/kafka');
type ClientOptions = ConsumerOptions<Buffer, Buffer, Buffer, Buffer>;

export interface KafkaSettings extends KafkaPlace {
  /** How often a failed request is sent again. */
  readonly retries: number;
  readonly tls?: NonNullable<ClientOptions['tls']>;
  readonly sasl?: NonNullable<ClientOptions['sasl']>;
}

const longestPause = 10_000;

/** An IP address has no name to ask for in the TLS handshake. */
const isAddress = (broker: string): boolean => broker.startsWith('[') || /^[\d.]+(:\d+)?$/.test(broker);

/** What every Kafka client of ours is made with. `onFailure` hears of a request that will be sent again. */
export function clientOptions(settings: KafkaSettings, onFailure: (error: Error, attempt: number) => void) {
  const { brokers, retries, tls, sasl } = settings;
  return {
    clientId: 'scops',
    bootstrapBrokers: [...brokers],
    retries,
    retryDelay: (_client: object, _operation: string, attempt: number, _retries: number, error: Error): number => {
      onFailure(error, attempt);
      return Math.min(250 * 2 ** (attempt - 1), longestPause);
    },
    requestTimeout: 45_000, // longer than a rebalance, whose answer comes when every member has rejoined
    ...(tls ? { tls, tlsServerName: !brokers.some(isAddress) } : {}),
    ...(sasl ? { sasl } : {}),
  };
}
