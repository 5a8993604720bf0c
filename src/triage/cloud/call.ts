import { type Event, text } from '../../event/index.ts';

/** What of a call, or of a finding about one, tells which belong together. */
export interface Call {
  readonly principal: string | undefined;
  readonly session: string | undefined;
  readonly key: string | undefined;
  /** As CloudTrail names it. */
  readonly action: string | undefined;
  /** An address, or what stands in its place, such as a service's domain. */
  readonly address: string | undefined;
}

export const callOf = (event: Event): Call => ({
  principal: text(event, 'aws.principal.id'),
  session: text(event, 'aws.principal.session'),
  key: text(event, 'aws.access_key.id'),
  action: event.kind === 'login' ? 'ConsoleLogin' : text(event, 'event.action'),
  address: addressOf(event),
});

/** Whose ways a call belongs to: of a person who took on a role the session, as others take on the same role; else the principal. */
export function ownerOf(event: Event): string {
  const { principal = '', session } = callOf(event);
  const isPerson = event.fields['aws.principal.class'] === 'human' && event.fields['aws.principal.type'] === 'role';
  return isPerson && session !== undefined ? `${principal}\0${session}` : principal;
}

const addressOf = (event: Event): string | undefined => text(event, 'source.ip') ?? text(event, 'source.address');

/** All addresses that a finding names. */
export function addressesOf(finding: Event): readonly string[] {
  const listed = finding.fields['aws.finding.remote_ips'];
  if (Array.isArray(listed) && listed.length > 0) return listed;
  const one = addressOf(finding);
  return one === undefined ? [] : [one];
}

/** A finite number in a field, undefined otherwise. */
export function numberOf({ fields }: Event, field: string): number | undefined {
  const value = fields[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** GuardDuty keeps findings for 90 days; one that claims more would leave nothing to learn from. */
const longest = 90 * 86_400_000;

/** When GuardDuty saw first and last what a finding is about. */
export function seen(finding: Event): { readonly first: number; readonly last: number } {
  const first = numberOf(finding, 'aws.finding.first_seen') ?? finding.time;
  const last = numberOf(finding, 'aws.finding.last_seen') ?? finding.time;
  const latest = Math.max(first, last);
  return { first: Math.max(Math.min(first, last), latest - longest), last: latest };
}
