import type { Event, Finding, Learner } from '../../event/index.ts';
import { text } from '../../event/index.ts';
import { Activity } from './activity.ts';
import { Actors } from './actors.ts';
import { Baseline } from './baseline.ts';
import { Blinding } from './blinding.ts';
import { callOf } from './call.ts';
import { steadyClock } from './clock.ts';
import { asFinding } from './finding.ts';
import { History } from './history.ts';
import type { Case, Incident } from './incident.ts';
import { tempered } from './tempered.ts';
import { ownersOf, type Weighed, weigh } from './weigh.ts';

const hour = 3_600_000;

export interface RankOptions {
  /** It judges every call, and the findings' own fields, and learns the calls as it goes. */
  readonly model: Learner;
  /** Of GuardDuty, each once. */
  readonly findings: readonly Event[];
  /** Of CloudTrail, in the order of time. */
  readonly trail: AsyncIterable<Event>;
  readonly signal?: AbortSignal | undefined;
  /** So many milliseconds before and after what a finding is about, its actor's calls are judged, but not learnt. An hour. */
  readonly margin?: number;
  /** A pause of so many milliseconds between findings about one actor parts two incidents. A day. */
  readonly pause?: number;
  /** Learn the calls of findings as well, as a product would that trains on what it is to judge. For comparison. */
  readonly contaminated?: boolean;
  /** What ordinary days of actors scored in runs before, ascending: of a model that goes on. */
  readonly before?: Float64Array;
}

/** What came of one finding of the input. */
interface FindingScore {
  /** In nats; its incident's is higher where other findings of it, or blinding, add to it. */
  readonly score: number;
  /** The part of it that rests on the model; absent when there was nothing to judge. */
  readonly behaviour?: number;
  /** How many calls in the trail are behind it. */
  readonly calls: number;
  /** The rank of its incident, from 1. */
  readonly rank: number;
}

export interface Ranking {
  /** One for each incident, strangest first. */
  readonly findings: readonly Finding[];
  /** By id of the finding's event. */
  readonly scores: ReadonlyMap<string, FindingScore>;
  /** What each call outside the findings' times scored, judged before it was learnt; of over a million a sample. */
  readonly baseline: Float64Array;
  /** The same of ordinary days of actors, ascending: what the p-values compare with. */
  readonly ordinary: Float64Array;
  readonly trail: {
    readonly events: number;
    /** How many of them the model judged. */
    readonly judged: number;
    /** How many of them lie in the time of a finding about their actor. */
    readonly joined: number;
    /** Epoch milliseconds; Infinity and -Infinity when there was no event. */
    readonly from: number;
    readonly to: number;
  };
}

/**
 * Rank findings by how unlike their actors' ways they are. The trail is read once. Every call is judged by what came
 * before it, then learnt, unless it lies in the time of a finding about its actor: what may be an intruder's must not become
 * ordinary. So what comes after a finding never changes what its behaviour scored. Findings about one actor that follow
 * each other are one incident. Same input, same output.
 */
export async function rankFindings(options: RankOptions): Promise<Ranking> {
  const { model, findings, trail, signal, contaminated = false, before = new Float64Array() } = options;
  const actors = new Actors(findings, { margin: options.margin ?? hour, pause: options.pause ?? 24 * hour });
  const history = new History(findings);
  const [baseline, blinding, activity] = [new Baseline(), new Blinding(), new Activity()];
  const waiting = new Waiting(actors.incidents, model, history);
  const read = { events: 0, judged: 0, joined: 0, from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  const clock = steadyClock();
  for await (const event of trail) {
    if (signal?.aborted) break;
    if (event.kind === 'finding') continue; // a bucket may hold both
    waiting.until(clock(event.time));
    read.events++;
    read.from = Math.min(read.from, event.time);
    read.to = Math.max(read.to, event.time);
    activity.add(event);
    blinding.add(event);
    const incidents = actors.at(callOf(event), event.time);
    if (incidents.length > 0) read.joined++;
    if (model.accepts(event)) {
      read.judged++;
      const score = tempered(model.score(event));

      for (const incident of incidents) incident.join(event, score, () => history.nearest(event));
      if (incidents.length === 0) baseline.add(event, score);
    }
    const kept = incidents.length === 0 || contaminated;
    model.learn(event, !kept);
    // What is flagged is learnt when it is old enough, which would be within the time of some findings: drop it.
    if (kept) history.add(event);
    else model.settle(event.id, 'malicious');
  }
  waiting.until(Number.POSITIVE_INFINITY);

  const ordinary = Float64Array.from([...before, ...baseline.days(before.length === 0)]).sort();
  const ranked = actors.incidents
    .map((incident) => {
      const weighed = weigh(incident) as [Weighed, ...Weighed[]];
      const { about, finding } = weighed[0];
      const [from, to] = [Math.min(incident.from, about.from), Math.max(incident.to, about.to)];
      const found = asFinding(
        incident,
        weighed,
        {
          ordinary,
          whereabouts: {
            outside: about.to < read.from ? 'before' : about.from > read.to ? 'after' : undefined,
            known: history.knows(finding),
          },
          blinding: blinding.reason(ownersOf(weighed), weighed[0].behaviour?.judged.event, from, to),
          silence: activity.silence(text(finding, 'cloud.account.id'), from, to),
        },
        model.detector,
      );
      return { found, weighed };
    })
    .sort((a, b) => b.found.score - a.found.score || a.found.time - b.found.time || (a.found.id < b.found.id ? -1 : 1));

  const scores = new Map<string, FindingScore>();
  for (const [index, { weighed }] of ranked.entries()) {
    for (const { finding, about, behaviour, score } of weighed) {
      const judged = behaviour === undefined ? {} : { behaviour: behaviour.value };
      scores.set(finding.id, { score, ...judged, calls: about.calls, rank: index + 1 });
    }
  }
  const all = ranked.map(({ found }, index) => ({ ...found, rank: index + 1 }));
  return { findings: all, scores, baseline: baseline.calls(), ordinary, trail: read };
}

/** Findings whose own fields wait to be judged, at the time when what they are about began. */
class Waiting {
  readonly #cases: readonly Case[];
  readonly #model: Learner;
  readonly #history: History;
  #next = 0;

  constructor(incidents: readonly Incident[], model: Learner, history: History) {
    this.#cases = incidents.flatMap(({ cases }) => [...cases.values()]).sort((a, b) => a.from - b.from);
    this.#model = model;
    this.#history = history;
  }

  until(time: number): void {
    for (; this.#next < this.#cases.length; this.#next++) {
      const about = this.#cases[this.#next] as Case;
      if (about.from > time) return;
      const [finding] = about.findings;
      if (finding === undefined || callOf(finding).principal === undefined) continue;
      const event = asCall(finding, about.from);
      if (!this.#model.accepts(event)) continue;
      about.own = { event, score: tempered(this.#model.score(event)), nearest: this.#history.nearest(event) };
    }
  }
}

/** A finding as if it were the call. That somebody signed in is no act by itself, as in the trail, where it is no call. */
function asCall(finding: Event, time: number): Event {
  if (text(finding, 'event.action') !== 'ConsoleLogin') return { ...finding, time };
  const { 'event.action': _, ...fields } = finding.fields;
  return { ...finding, time, fields };
}
