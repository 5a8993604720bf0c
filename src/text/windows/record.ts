import type { Unreadable } from '../../event/index.ts';
import { timeOf } from './time.ts';
import { attributeOf, childOf, type Element } from './xml.ts';

/** An event of Windows, whichever program wrote it down. */
export interface WindowsRecord {
  /** Such as `4624`. */
  readonly code: string;
  readonly time: number | undefined;
  readonly host: string | undefined;
  /** Its number in the computer's log. */
  readonly number: string | undefined;
  readonly provider: string | undefined;
  readonly channel: string | undefined;
  /** A value of the event's own data; undefined when it is not logged: empty or `-`. */
  data(name: string): string | undefined;
}

const malformed: Unreadable = { reason: 'not well-formed Event XML' };
/** Of any record without a code. */
export const unnumbered: Unreadable = { reason: 'an event without EventID' };

/** An event's own XML, as it was read. Of `System`, `EventData` and their tags the first of a name counts. */
export function recordOfXml(event: Element | undefined): WindowsRecord | Unreadable {
  if (event?.name !== 'Event') return malformed;
  let code: string | undefined;
  let time: number | undefined;
  let [host, number, provider, channel]: (string | undefined)[] = [];
  for (const tag of childOf(event, 'System')?.children ?? []) {
    if (tag.name === 'EventID') code ??= textOf(tag);
    else if (tag.name === 'TimeCreated') time ??= timeOf(attributeOf(tag, 'SystemTime'));
    else if (tag.name === 'EventRecordID') number ??= textOf(tag);
    else if (tag.name === 'Computer') host ??= textOf(tag);
    else if (tag.name === 'Provider') provider ??= attributeOf(tag, 'Name') || undefined;
    else if (tag.name === 'Channel') channel ??= textOf(tag);
  }
  if (code === undefined) return unnumbered;
  return {
    code,
    time,
    host,
    number,
    provider,
    channel,
    data: among(childOf(event, 'EventData')?.data ?? []),
  };
}

const textOf = ({ text }: Element): string | undefined => text.trim() || undefined;

/** Of a name that comes twice the first counts: Windows writes each once. */
export const among =
  (pairs: readonly string[]) =>
  (name: string): string | undefined => {
    for (let at = 0; at < pairs.length; at += 2) if (pairs[at] === name) return logged(pairs[at + 1]);
    return undefined;
  };

/** Without the spaces around it; undefined for what stands for nothing. */
export function logged(text: string | undefined): string | undefined {
  const value = text?.trim();
  return value === '' || value === '-' ? undefined : value;
}
