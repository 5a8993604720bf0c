import * as v from 'valibot';
import type { Event, Reason, Score } from '../event/index.ts';
import { shorten } from '../text/escape.ts';

/** So many calls are remembered; of each no more reasons than these, no longer than that. */
const most = 512;
const mostReasons = 8;
const longestText = 300;
/** A finding is about calls within its own times, give or take what clocks and delivery differ by. */
const slack = 3_600_000;

const first = v.object({
  key: v.string(),
  time: v.number(),
  value: v.number(),
  reasons: v.array(
    v.object({ code: v.string(), text: v.string(), evidence: v.record(v.string(), v.union([v.string(), v.number()])) }),
  ),
});
type First = v.InferOutput<typeof first>;

/**
 * GuardDuty tells of a call minutes or hours after the trail did, and by then the model has learnt the call: the finding
 * would be judged by a model that knows the intruder. So strange calls are remembered as they were judged before they
 * were learnt, the strangest of each principal and address, and a finding is as strange as the call that it is about.
 */
export class Firsts {
  /** The latest at the end. */
  readonly #calls = new Map<string, First>();

  /** What `save` gave; anything else is nothing. */
  static load(saved: unknown): Firsts {
    const firsts = new Firsts();
    const read = v.safeParse(v.array(first), saved);
    if (read.success) for (const call of read.output.slice(-most)) firsts.#calls.set(call.key, call);
    return firsts;
  }

  save(): readonly unknown[] {
    return [...this.#calls.values()];
  }

  /** A call was judged, and is not learnt yet. */
  note({ kind, fields, time }: Event, { value, reasons }: Score): void {
    const [address] = addressesOf(fields);
    const principal = fields['aws.principal.id'];
    if (kind === 'finding' || value <= 0 || typeof principal !== 'string' || address === undefined) return;
    const key = keyOf(principal, address);
    const known = this.#calls.get(key);
    const recent = known !== undefined && Math.abs(time - known.time) <= slack;
    if (recent && known.value >= value) return;
    this.#calls.delete(key);
    const kept = reasons
      .slice(0, mostReasons)
      .map(({ text, ...rest }) => ({ ...rest, text: shorten(text, longestText) }));
    this.#calls.set(key, { key, time, value, reasons: kept });
    for (const oldest of this.#calls.keys()) {
      if (this.#calls.size <= most) break;
      this.#calls.delete(oldest);
    }
  }

  /** The score of a finding, or that of the call behind it where that was stranger before it was learnt. */
  before({ fields, time }: Event, score: Score): Score {
    const principal = fields['aws.principal.id'];
    if (typeof principal !== 'string') return score;
    const from = Number(fields['aws.finding.first_seen'] ?? time) - slack;
    const to = Math.max(time, Number(fields['aws.finding.last_seen'] ?? time)) + slack;
    let call: First | undefined;
    for (const address of addressesOf(fields)) {
      const known = this.#calls.get(keyOf(principal, address));
      if (known === undefined || known.time < from || known.time > to) continue;
      if (known.value > (call?.value ?? score.value)) call = known;
    }
    if (call === undefined) return score;
    const since: Reason = {
      code: 'before-learnt',
      text: `Judged as its call at ${new Date(call.time).toISOString()} was, before the model learnt that.`,
      evidence: { time: call.time, 'since learnt': score.value },
    };
    return { ...score, value: call.value, reasons: [...call.reasons, since] };
  }
}

function addressesOf(fields: Event['fields']): string[] {
  const all = [fields['source.ip'] ?? fields['source.address'], fields['aws.finding.remote_ips']].flat();
  return all.filter((address) => typeof address === 'string').slice(0, 16);
}

const keyOf = (principal: string, address: string): string => `${shorten(principal, 256)} ${shorten(address, 64)}`;
