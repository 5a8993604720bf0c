import type { Event } from '../../event/index.ts';
import { text } from '../../event/index.ts';
import { type Call, callOf, seen } from './call.ts';
import { Incident } from './incident.ts';

export interface Grouping {
  /** Milliseconds before and after what a finding is about, in which the actor's calls belong to it. */
  readonly margin: number;
  /** A pause of so many milliseconds between findings about one actor parts two incidents. */
  readonly pause: number;
}

/** The incidents of one actor in which somebody acted, in the order of time; they do not overlap. */
type Actor = readonly Incident[];

/** Incidents by who acted: a principal, a session of one, or who holds an access key. */
export class Actors {
  readonly incidents: readonly Incident[];
  readonly #byName = new Map<string, Actor>();

  constructor(findings: readonly Event[], grouping: Grouping) {
    const all: Incident[] = [];
    const instances = new Set(findings.map((finding) => callOf(finding).session ?? '').filter(isInstance));
    for (const [name, own] of Map.groupBy(findings, (finding) => nameOf(finding, instances))) {
      const incidents = incidentsOf(own, grouping);
      for (const incident of incidents) all.push(incident);
      const actor = incidents.filter(({ from, to }) => from <= to);
      this.#byName.set(name, actor);
      for (const key of keysOf(own)) if (!this.#byName.has(key)) this.#byName.set(key, actor);
    }
    this.incidents = all;
  }

  /** The incidents in whose time the actor of a call made it: of its session, of its whole principal, of its key. */
  at({ principal, session, key }: Call, time: number): readonly Incident[] {
    const names = [
      session === undefined ? '' : sessionName(principal, session),
      principal === undefined ? '' : `principal ${principal}`,
      key === undefined ? '' : `key ${key}`,
    ];
    const open = names.map((name) => during(this.#byName.get(name), time)).filter((found) => found !== undefined);
    return open.length < 2 ? open : [...new Set(open)];
  }
}

function sessionName(principal: string | undefined, session: string): string {
  return isInstance(session) ? `instance ${session}` : `session ${principal ?? ''}\0${session}`;
}

/** The session of a machine's own role is the machine's id, which no other machine has. */
const isInstance = (session: string): boolean => /^i-[0-9a-f]{8,17}$/.test(session);

/** Of a role whose session is not named, the key names it: those of sessions begin so. A user is one, by whatever key. */
const isSession = (finding: Event, key: string): boolean =>
  key.startsWith('ASIA') && finding.fields['aws.principal.type'] === 'role';

function nameOf(finding: Event, instances: ReadonlySet<string>): string {
  const { principal, session, key } = callOf(finding);
  if (session !== undefined) return sessionName(principal, session);
  if (key !== undefined && (principal === undefined || isSession(finding, key))) return `key ${key}`;
  if (principal !== undefined) return `principal ${principal}`;
  const instance = text(finding, 'cloud.instance.id');
  if (instance === undefined) return `finding ${finding.id}`;
  return instances.has(instance) ? `instance ${instance}` : `unnamed ${instance}`;
}

/** The keys under which the actor's calls may be found as well: not a user's, whose principal is looked for anyway. */
const keysOf = (findings: readonly Event[]): ReadonlySet<string> =>
  new Set(
    findings.flatMap((finding) => {
      const { key, session } = callOf(finding);
      return key !== undefined && session !== undefined ? [`key ${key}`] : [];
    }),
  );

function incidentsOf(findings: readonly Event[], { margin, pause }: Grouping): Incident[] {
  const incidents: Incident[] = [];
  let until = Number.NEGATIVE_INFINITY;
  let incident: Incident | undefined;
  const inOrder = findings
    .map((finding) => ({ finding, ...seen(finding) }))
    .sort((a, b) => a.first - b.first || (a.finding.id < b.finding.id ? -1 : 1));
  for (const { finding, first, last } of inOrder) {
    if (incident === undefined || first - until > Math.max(pause, 2 * margin)) {
      incident = new Incident(margin);
      incidents.push(incident);
    }
    incident.add(finding);
    until = Math.max(until, last);
  }
  return incidents;
}

/** By bisection, as there may be thousands. */
function during(actor: Actor | undefined, time: number): Incident | undefined {
  if (actor === undefined) return undefined;
  let [low, high] = [0, actor.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((actor[middle] as Incident).to < time) low = middle + 1;
    else high = middle;
  }
  const found = actor[low];
  return found !== undefined && found.from <= time && time <= found.to ? found : undefined;
}
