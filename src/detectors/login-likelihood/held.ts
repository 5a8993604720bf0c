import * as v from 'valibot';
import { parseUserAgent } from '../../text/user-agent.ts';
import type { Login } from './login.ts';
import { levels } from './network.ts';

const figure = v.nullable(v.pipe(v.number(), v.finite()));

/** A login in quarantine as a model file's header holds it: JSON has no NaN. */
export const loginSchema = v.object({
  id: v.string(),
  time: v.pipe(v.number(), v.finite()),
  user: v.string(),
  from: v.string(),
  levels: v.pipe(v.array(v.pipe(v.number(), v.finite())), v.length(levels.length)),
  country: v.string(),
  region: v.string(),
  city: v.string(),
  latitude: figure,
  longitude: figure,
  accuracy: v.pipe(v.number(), v.finite()),
  provider: v.string(),
  method: v.string(),
  key: v.string(),
  host: v.string(),
  agent: v.optional(v.string(), ''),
  reputation: figure,
  known: v.string(),
});

export type HeldLogin = v.InferOutput<typeof loginSchema>;

const orNull = (number: number): number | null => (Number.isNaN(number) ? null : number);

export const heldFrom = ({ client: _, ...login }: Login): HeldLogin => ({
  ...login,
  levels: [...login.levels],
  latitude: orNull(login.latitude),
  longitude: orNull(login.longitude),
  reputation: orNull(login.reputation),
});

export const loginFrom = (held: HeldLogin): Login => ({
  ...held,
  client: parseUserAgent(held.agent),
  latitude: held.latitude ?? Number.NaN,
  longitude: held.longitude ?? Number.NaN,
  reputation: held.reputation ?? Number.NaN,
});
