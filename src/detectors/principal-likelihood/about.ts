import type { Entity, Event, Reason, Score } from '../../event/index.ts';
import { shorten } from '../../text/escape.ts';
import { type Call, networkOf } from './call.ts';

/** Of an event that is not judged. */
export const nothing: Score = { value: 0, reasons: [] };
/** Of a finding that names no principal. */
export const ofNobody: Score = {
  value: 0,
  reasons: [
    {
      code: 'nobody',
      text: 'The finding names no principal, so nothing is known of whom it is about.',
      evidence: { nats: 0 },
    },
  ],
  always: true,
};

/** Of a call that is not worth a sentence. */
export const asUsual = (nats: number): Reason => ({
  code: 'as-usual',
  text: 'Nothing about this call is unusual for its principal.',
  evidence: { nats },
});

/** What a principal does from one network is alike. */
export function groupOf(call: Call): string {
  if (call.asn >= 0) return `${call.owner} AS${call.asn}`;
  const network = networkOf(call);
  return `${call.owner} ${network >= 0 ? network : call.spot || call.from}`;
}

/** The title of a call, and whom it is about. */
export function aboutOf({ fields }: Pick<Event, 'fields'>, call: Call): { title: string; entity: Entity } {
  const of = String(fields['user.name'] ?? call.principal) || 'unknown principal';
  const name = call.session === '' || of === call.session ? of : `${of} (${call.session})`;
  const what = call.action === '' ? 'Activity' : call.action.slice(call.action.indexOf(':') + 1);
  const from = call.from === '' ? '' : ` from ${shorten(call.from, 64)}`;
  const type = call.type === '' ? 'user' : call.type;
  return {
    title: `${shorten(what, 80)} by ${shorten(name, 100)}${from}`,
    entity: { type, name: call.principal || 'unknown principal' },
  };
}
