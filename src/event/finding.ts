import type { Event } from './event.ts';

/** Who or what a finding belongs to: a host, a user, an address, a role. */
export interface Entity {
  readonly type: string;
  readonly name: string;
}

/** One reason in words, with the values that it rests on. */
export interface Reason {
  /** Short stable name, such as `nearest-known`. */
  readonly code: string;
  /** One sentence for a person. Holds log text: escape it for wherever it goes. */
  readonly text: string;
  readonly evidence: Readonly<Record<string, string | number>>;
}

/** What a model says of one event. Higher is stranger; `value` is always finite. */
export interface Score {
  readonly value: number;
  readonly reasons: readonly Reason[];
  /** Events with the same group look the same to the detector; triage may fold them. */
  readonly group?: string;
  /** A list of the user's own asks for this event: it becomes a finding whatever the threshold. */
  readonly always?: boolean;
}

/** Another event above the threshold that a finding stands for. */
export interface Related {
  /** The event's id. */
  readonly event: string;
  readonly score: number;
  readonly title: string;
}

/** An event that passed a threshold, or a run of them, with its reasons. */
export interface Finding {
  /** Stable across replays: detector plus event id. */
  readonly id: string;
  readonly time: number;
  readonly detector: string;
  readonly title: string;
  readonly score: number;
  readonly threshold: number;
  /** Conformal p-value: the share of held-back ordinary events at least this strange. Absent without calibration. */
  readonly pValue?: number;
  /** Of 0 to 1, that it is an intruder's, where a ranking says so: then it stands in the place of a threshold. */
  readonly probability?: number;
  /** 1 is the strangest of its batch. */
  readonly rank: number;
  readonly entity: Entity;
  readonly reasons: readonly Reason[];
  /** How many events this finding stands for; 1 unless triage folded alike ones. */
  readonly count: number;
  /** When the earliest and the latest of them happened; absent when there is one. */
  readonly first?: number;
  readonly last?: number;
  /** The strangest of the other events it stands for, at most 20. */
  readonly related?: readonly Related[];
  readonly event: Event;
}
