/** What an event is about; decides which detectors look at it. */
export const eventKinds = ['file', 'process', 'login', 'api', 'finding', 'indicator', 'log'] as const;
export type EventKind = (typeof eventKinds)[number];

export type FieldValue = string | number | boolean | readonly string[];

/**
 * Flat fields under Elastic Common Schema names, such as `host.name` or `process.command_line`.
 * A field that is not known is absent: missing is not zero and not ''.
 * https://www.elastic.co/docs/reference/ecs
 */
export type Fields = Readonly<Record<string, FieldValue>>;

/** One normalised record of something that happened. */
export interface Event {
  /** Stable across replays of the same input, so that findings are idempotent. */
  readonly id: string;
  /** Epoch milliseconds, UTC. */
  readonly time: number;
  /** Name of the source component. */
  readonly source: string;
  readonly kind: EventKind;
  readonly fields: Fields;
  /** The record as it came. Never trusted: escape it for wherever it goes. */
  readonly raw: string;
}

/** Why a record is no event. */
export interface Unreadable {
  readonly reason: string;
}

/** The field as text, or undefined when it is absent. A list is joined by spaces. */
export function text(event: Event, field: string): string | undefined {
  const value = event.fields[field];
  if (value === undefined) return undefined;
  return typeof value === 'object' ? value.join(' ') : String(value);
}
