import type { Event, Reason, Score } from '../../event/index.ts';
import { text } from '../../event/index.ts';
import { addressesOf, type Call, callOf, seen } from './call.ts';
import { groupOf, Strangest } from './strangest.ts';

/** An event with what the model said of it when it came, and what was most like it until then. */
export interface Judged {
  readonly event: Event;
  readonly score: Score;
  readonly nearest: Reason | undefined;
}

/** Different things that findings of one incident are about are told apart up to this many. */
const mostCases = 256;
const mostActions = 64;

/** Findings of one type about one call from one place, and the calls in the trail that are behind them. */
export class Case {
  readonly findings: Event[] = [];
  readonly action: string | undefined;
  readonly addresses: ReadonlySet<string>;
  readonly strangest = new Strangest();
  readonly actions = new Map<string, number>();
  from = Number.POSITIVE_INFINITY;
  to = Number.NEGATIVE_INFINITY;
  calls = 0;
  /** The strangest of the calls behind it. */
  best: Judged | undefined;
  /** The finding's own fields, judged as if they were the call. */
  own: Judged | undefined;

  constructor(action: string | undefined, addresses: readonly string[]) {
    this.action = action;
    this.addresses = new Set(addresses);
  }

  isBehind({ action, address }: Call, time: number, margin: number): boolean {
    if (time < this.from - margin || time > this.to + margin) return false;
    if (this.action !== undefined && action !== this.action) return false;
    return this.addresses.size === 0 || (address !== undefined && this.addresses.has(address));
  }

  add(finding: Event): void {
    const { first, last } = seen(finding);
    this.findings.push(finding);
    this.from = Math.min(this.from, first);
    this.to = Math.max(this.to, last);
  }
}

/** Findings about one actor that follow each other, and all that the actor called in that time. */
export class Incident {
  readonly cases = new Map<string, Case>();
  readonly strangest = new Strangest();
  calls = 0;
  best: Judged | undefined;
  /** Of the findings that name who acted; without such a finding no call belongs to it. */
  from = Number.POSITIVE_INFINITY;
  to = Number.NEGATIVE_INFINITY;
  readonly #margin: number;

  constructor(margin: number) {
    this.#margin = margin;
  }

  add(finding: Event): void {
    const { first, last } = seen(finding);
    const { principal, key } = callOf(finding);
    if (principal !== undefined || key !== undefined) {
      this.from = Math.min(this.from, first - this.#margin);
      this.to = Math.max(this.to, last + this.#margin);
    }
    const type = text(finding, 'rule.name');
    const { action } = callOf(finding);
    const addresses = addressesOf(finding);
    const about = JSON.stringify([type, action, ...addresses.toSorted()]);
    const name = this.cases.has(about) || this.cases.size < mostCases ? about : '';
    let found = this.cases.get(name);
    if (found === undefined) {
      found = name === '' ? new Case(undefined, []) : new Case(action, addresses);
      this.cases.set(name, found);
    }
    found.add(finding);
  }

  /** Take in a call of the actor in the incident's time. `nearest` is asked only for one stranger than all before. */
  join(event: Event, score: Score, nearest: () => Reason | undefined): void {
    const call = callOf(event);
    const group = groupOf(event, score);
    let judged: Judged | undefined;
    const stranger = (best: Judged | undefined): Judged | undefined => {
      if (best !== undefined && best.score.value >= score.value) return best;
      judged ??= { event, score, nearest: nearest() };
      return judged;
    };
    this.calls++;
    this.strangest.add(group, score.value);
    this.best = stranger(this.best);
    for (const each of this.cases.values()) {
      if (!each.isBehind(call, event.time, this.#margin)) continue;
      each.calls++;
      each.strangest.add(group, score.value);
      each.best = stranger(each.best);
      const action = call.action ?? 'unknown';
      const known = each.actions.get(action);
      if (known !== undefined || each.actions.size < mostActions) each.actions.set(action, (known ?? 0) + 1);
    }
  }
}
