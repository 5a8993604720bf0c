import { type Event, text } from '../../event/index.ts';
import { addressWords } from '../../text/entity-ip.ts';
import { parseIp } from '../../text/ip.ts';

export const kinds = ['api', 'login'] as const;
export type Kind = (typeof kinds)[number];

/** Who used which address. */
export interface Pair {
  readonly kind: Kind;
  readonly entity: string;
  /** In canonical form. */
  readonly ip: string;
  readonly high: number;
  /** Of IPv6 alone. */
  readonly low?: number;
}

/** Longer names are cut: they are kept in the model. */
const longest = 256;
const actions: ReadonlySet<string> = new Set(['ssh', 'login', 'logon']);

/**
 * The pair of an API call, or of a login that succeeded; undefined where there is none. A failed login says where
 * somebody tried, not where the user is.
 */
export function pairOf(event: Event): Pair | undefined {
  const { kind, fields } = event;
  if (kind !== 'api' && kind !== 'login') return undefined;
  const action = text(event, 'event.action') ?? '';
  if (kind === 'login' && (fields['event.outcome'] !== 'success' || !actions.has(action))) return undefined;
  const entity = (text(event, 'aws.principal.id') || text(event, 'user.name') || '').slice(0, longest);
  const ip = parseIp(text(event, 'source.ip') ?? '');
  if (entity === '' || ip === undefined) return undefined;
  const [high, low] = addressWords(ip) ?? [];
  if (high === undefined) return undefined;
  return { kind, entity, ip, high, ...(low === undefined ? {} : { low }) };
}
