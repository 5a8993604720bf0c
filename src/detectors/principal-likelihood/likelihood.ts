import { newnessOf } from '../../algorithms/newness.ts';
import type { PairLikelihood } from '../../algorithms/pair-likelihood/index.ts';
import type { Names } from '../../text/names.ts';
import * as attack from './attack.ts';
import { type Call, networkOf } from './call.ts';
import { compare, type Known, softly } from './compare.ts';
import { absent, dimension, valuesOf } from './dimensions.ts';
import type { Fleet } from './fleet.ts';
import type { Ancestor, Lineage } from './lineage.ts';
import { networkTerm } from './network.ts';
import { ageBins, few, type Owner, sums } from './owner.ts';
import { type Sessions, sessionTerm } from './sessions.ts';
import { termAt, Verdict } from './terms.ts';

/** All that is known, of everybody. */
export interface Memory {
  readonly owners: Map<string, Owner>;
  readonly fleet: Fleet;
  readonly names: Names;
  readonly pairs: PairLikelihood;
  readonly sessions: Sessions;
  readonly lineage: Lineage;
  /** Whether `pairs` learnt how the addresses of all lie. */
  trained: boolean;
  /** Habits halve in so many milliseconds. */
  readonly halfLife: number;
}

const hour = 3_600_000;
/** As long as the hour of the week says little, this many calls at everybody's hours count too. */
const borrowedHours = 24;
/** Somebody works at any hour now and then. */
const anyHour = 0.1;
/** What weighs most in each term, in nats. */
const most = {
  action: 9,
  usedAction: 1,
  ownKey: 5,
  agent: 4.5,
  platform: 2,
  region: 4,
  error: 5,
  mfa: 5,
  age: 1.5,
  exploring: 5,
  assumer: 6,
  inherited: 6,
} as const;
/** So many new actions of late are kept, until there was a pause. */
const [mostFresh, pause] = [12, hour];
/** Calls and refusals of late count half after this. */
const recent = hour / 2;
/** One refusal follows from another: they count as so many of independent ones. */
const tempered = 0.35;
/** A principal is taken to have had so many calls, of which this share was refused. */
const [assumedCalls, assumedDenied] = [50, 0.02];

/**
 * How much likelier a call is from an intruder than from its principal, as a logarithm, feature by feature: after Freeman,
 * Jain, Dürmuth, Biggio and Giacinto, "Who Are You? A Statistical Approach to Measuring User Authenticity" (NDSS 2016).
 * The principal's ways are backed off to its group's and to everybody's.
 */
export function judge(call: Call, memory: Memory): Verdict {
  const { fleet, names, halfLife } = memory;
  const self = memory.owners.get(call.owner);
  const ancestor = memory.lineage.find(call);
  const verdict = new Verdict(valuesOf(call, ancestor?.owner ?? '', names));
  const standIn = (self?.learnt ?? 0) < few ? memory.owners.get(ancestor?.owner ?? '') : undefined;
  verdict.ancestor = ancestor;
  verdict.standIn = (standIn?.learnt ?? 0) < few ? undefined : standIn;
  const owner = verdict.standIn ?? self;
  const fade = owner === undefined ? 0 : owner.left(call.time, halfLife);
  const known: Known = { owner, fade, group: fleet.group(verdict.standIn?.group ?? call.group), fleet };
  agentTerm(verdict, call, known);
  networkTerm(verdict, call, known, memory.pairs, memory.trained ? memory.owners.size : 0);
  actionTerm(verdict, call, known);
  exploringTerm(verdict, call, owner, fleet);
  if (ancestor !== undefined) assumerTerm(verdict, ancestor, { ...known, owner: self, group: fleet.group(call.group) });
  if (verdict.values[dimension.region] !== absent) {
    const nats = compare(verdict, known, dimension.region, attack.agreeing.region, attack.regionShare);
    verdict.put(termAt.region, softly(nats, most.region));
  }
  if (owner !== undefined) hourTerm(verdict, call, owner, fade, fleet);
  if (self !== undefined) factorTerm(verdict, call, self);
  ageTerm(verdict, call, self);
  errorTerm(verdict, call, self);
  sessionTerm(verdict, call, known, self, memory.sessions);
  return verdict;
}

function actionTerm(verdict: Verdict, call: Call, known: Known): void {
  if (verdict.values[dimension.action] === absent) return;
  const nats = compare(verdict, known, dimension.action, attack.agreeing.action, attack.actionShare(call));
  const isUsed = (verdict.entries[dimension.action] as number) >= 0;
  // What a service does in somebody's name is half the service's doing.
  const ofService = call.origin === 'service' && (verdict.entries[dimension.spot] as number) >= 0;
  // Whoever takes on another role does so for what they cannot do as themselves.
  const share = nats > 0 && (ofService || verdict.standIn !== undefined) ? 0.5 : 1;
  // Keys are to be changed by those whose they are.
  const bound = isUsed ? most.usedAction : call.self ? most.ownKey : most.action;
  verdict.put(termAt.action, share * softly(nats, bound));
}

/**
 * Several actions of late that all are new to the principal, this one among them, each known by how often one is: who looks
 * around in somebody's name does so within the hour. Of each action the first call counts.
 */
function exploringTerm(verdict: Verdict, call: Call, owner: Owner | undefined, fleet: Fleet): void {
  const value = verdict.values[dimension.action] as number;
  if (owner === undefined || owner.learnt < few || value === absent || call.time - owner.countedAt > pause) return;
  if ((verdict.entries[dimension.action] as number) >= 0) return;
  const others = owner.fresh.length - Number(owner.fresh.includes(value));
  verdict.fresh = others + 1;
  if (others === 0) return;
  const bag = owner.bag(dimension.action);
  const usual = Math.min(attack.exploring, newnessOf(bag.novelty, bag.total, fleet.surprises.share(dimension.action)));
  verdict.put(termAt.exploring, softly(tempered * others * Math.log(attack.exploring / usual), most.exploring));
}

/**
 * Who took on the role of the session: whether they usually do, and what was strange when they did. Of a role that is
 * hardly known, that somebody is the first says half as much.
 */
function assumerTerm(verdict: Verdict, ancestor: Ancestor, known: Known): void {
  const isNew = (known.owner?.bag(dimension.assumer).total ?? 0) < few;
  const share = isNew ? (verdict.standIn === undefined ? 0 : 0.5) : 1;
  const nats = share * compare(verdict, known, dimension.assumer, attack.agreeing.assumer, attack.assumerShare);
  verdict.put(termAt['assumed-by'], bounded(nats, 1, most.assumer) + softly(ancestor.nats, most.inherited));
}

const bounded = (nats: number, least: number, greatest: number): number =>
  nats < 0 ? -softly(-nats, least) : softly(nats, greatest);

function agentTerm(verdict: Verdict, call: Call, known: Known): void {
  if (call.agent !== '') {
    const nats = compare(verdict, known, dimension.agent, attack.agreeing.agent, attack.agentShare(call.agent));
    verdict.put(termAt.agent, softly(nats, attack.isTool(call.agent) ? 1.5 * most.agent : most.agent));
  }
  if (call.platform === '') return;
  const share = attack.platformShare(call.platform);
  const nats = compare(verdict, known, dimension.platform, attack.agreeing.platform, share);
  verdict.put(termAt.agent, softly(nats / 2, attack.isTool(call.platform) ? 1.5 * most.platform : most.platform));
}

function hourTerm(verdict: Verdict, { time }: Call, owner: Owner, fade: number, fleet: Fleet): void {
  const density = owner.rhythm.density(time, borrowedHours / Math.max(fade, 1e-6), fleet.rhythm);
  const strangers = 1 - attack.usualHours + attack.usualHours * density;
  const calls = owner.sum(sums.calls) * fade;
  verdict.put(termAt.hour, Math.log(strangers / (anyHour + (1 - anyHour) * density)) * (calls / (calls + 20)));
}

/**
 * Whether there is a second factor says something where the principal ever had one. Who signs in elsewhere, as with SSO,
 * never has one that AWS knows of.
 */
function factorTerm(verdict: Verdict, { mfa }: Call, owner: Owner): void {
  const [factor, none] = [owner.sum(sums.factor), owner.sum(sums.noFactor)];
  if (mfa < 0 || factor < 1) return;
  const without = (none + 0.5) / (factor + none + 1);
  const nats =
    mfa === 0
      ? Math.max(0, Math.log(attack.withoutFactor / without))
      : Math.log((1 - attack.withoutFactor) / Math.max(1 - without, 1 - attack.withoutFactor));
  verdict.put(termAt.mfa, softly(nats, most.mfa));
}

export const ageBin = (minutes: number): number => Math.min(ageBins - 1, Math.floor(Math.log2(minutes + 1)));

/** How long after its beginning a session is used, against when the principal's usually are. */
function ageTerm(verdict: Verdict, { time, created }: Call, owner: Owner | undefined): void {
  if (created < 0 || created > time) return;
  verdict.age = (time - created) / 60_000;
  if (owner === undefined) return;
  let all = 0;
  for (const count of owner.spans) all += count;
  const even = 1 / ageBins;
  const share = ((owner.spans[ageBin(verdict.age)] as number) + 12 * even) / (all + 12);
  verdict.put(termAt['session-age'], softly(Math.log(0.5 + (0.5 * even) / share) * (all / (all + 30)), most.age));
}

/**
 * Calls refused of late, this one included: those who try out stolen credentials are refused often. Said of a call that was
 * refused itself, or that comes from where the last refused one came from.
 */
function errorTerm(verdict: Verdict, call: Call, owner: Owner | undefined): void {
  const left = owner === undefined ? 0 : 2 ** (-Math.max(0, call.time - owner.countedAt) / recent);
  verdict.calls = (owner?.calls ?? 0) * left + 1;
  verdict.refused = (owner?.refused ?? 0) * left + Number(call.denied);
  if (owner === undefined || verdict.refused < 0.1) return;
  if (!call.denied && (owner.refusedFrom < 0 || owner.refusedFrom !== networkOf(call))) return;
  const usual = (owner.sum(sums.denied) + assumedCalls * assumedDenied) / (owner.sum(sums.calls) + assumedCalls);
  if (usual >= attack.denied) return;
  const refused = verdict.refused * Math.log(attack.denied / usual);
  const granted = (verdict.calls - verdict.refused) * Math.log((1 - attack.denied) / (1 - usual));
  verdict.put(termAt.error, softly(Math.max(0, tempered * (refused + granted)), most.error));
}

/** Keep what is counted of late; whoever it was, it came from these credentials. */
export function countCall(owner: Owner, call: Call, verdict: Verdict): void {
  if (call.time - owner.countedAt > pause) owner.fresh.length = 0;
  const action = verdict.values[dimension.action] as number;
  const isFresh = action >= 0 && owner.bag(dimension.action).find(action) < 0 && owner.learnt >= few;
  if (isFresh && owner.fresh.length < mostFresh && !owner.fresh.includes(action)) owner.fresh.push(action);
  owner.calls = verdict.calls;
  owner.refused = verdict.refused;
  owner.countedAt = Math.max(call.time, call.time < owner.countedAt - 2 * 24 * hour ? call.time : owner.countedAt);
  if (call.denied) owner.refusedFrom = networkOf(call);
}
