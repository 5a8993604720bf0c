import { among, type WindowsRecord } from './record.ts';
import { timeOf } from './time.ts';

/** A value between quotes, with no character written in another way. */
const value = `["']([^"'<&\\t\\n\\r]*)["']`;
const unread = value.replace('(', '(?:');
const tag = (name: string, content: string): string => `(?:<${name}>${content}</${name}>)?`;

/** All up to the first value of the event's own data, in the order and the spelling of Windows. */
const head = new RegExp(
  [
    `<Event xmlns=${unread}><System><Provider Name=${value}(?: Guid=${unread})? ?/>`,
    `<EventID(?: Qualifiers=${unread})?>(\\d{1,5})</EventID>`,
    ...['Version', 'Level', 'Task', 'Opcode'].map((name) => tag(name, '\\d{0,10}')),
    `${tag('Keywords', '[0-9A-Fa-fx]{0,20}')}<TimeCreated SystemTime=${value} ?/>`,
    `<EventRecordID>(\\d{1,20})</EventRecordID>(?:<Correlation(?: ActivityID=${unread})? ?/>)?`,
    `(?:<Execution ProcessID=${unread} ThreadID=${unread} ?/>)?<Channel>([^<&\\r]*)</Channel>`,
    `<Computer>([^<&\\r]+)</Computer>(?:<Security(?: UserID=${unread})? ?/>)?</System><EventData>`,
  ].join(''),
  'y',
);
const data = new RegExp(`<Data Name=${value}>([^<&\\r]*)</Data>`, 'y');
const tail = '</EventData></Event>';

/**
 * The event at `at` where it is spelt just as Windows itself spells it, on one line, and just after it; undefined where
 * the general reader must look, which takes three times as long. Linear time.
 */
export function readPlainEvent(xml: string, at: number): { record: WindowsRecord; end: number } | undefined {
  head.lastIndex = at;
  const found = head.exec(xml);
  if (found === null) return undefined;
  let end = head.lastIndex;
  const pairs: string[] = [];
  for (data.lastIndex = end; ; end = data.lastIndex) {
    const pair = data.exec(xml);
    if (pair === null) break;
    pairs.push(pair[1] as string, pair[2] as string);
  }
  if (xml.slice(end, end + tail.length) !== tail) return undefined;
  const record = {
    code: found[2] as string,
    time: timeOf(found[3]),
    host: found[6]?.trim() || undefined,
    number: found[4],
    provider: found[1] || undefined,
    channel: found[5]?.trim() || undefined,
    data: among(pairs),
  };
  return { record, end: end + tail.length };
}
