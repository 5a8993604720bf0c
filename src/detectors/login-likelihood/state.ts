import { Names } from '../../text/names.ts';
import { Fleet } from './fleet.ts';
import type { Login } from './login.ts';
import type { User } from './user.ts';

/** What the options come to. */
export interface Settings {
  readonly halfLifeDays: number;
  readonly quarantineAbove: number;
  readonly quarantineDays: number;
  readonly sharedBy: number;
  readonly maxUsers: number;
  readonly newCountries: boolean;
}

/** What a model has learnt. */
export interface State {
  readonly users: Map<string, User>;
  readonly fleet: Fleet;
  readonly names: Names;
  readonly held: readonly Login[];
  readonly scores: Float64Array;
  /** The latest time met, and how many events were learnt from. */
  readonly clock: number;
  readonly events: number;
}

/** Of a model that has learnt nothing. */
export const empty = (): State => ({
  users: new Map(),
  fleet: new Fleet(),
  names: new Names(),
  held: [],
  scores: new Float64Array(),
  clock: 0,
  events: 0,
});
