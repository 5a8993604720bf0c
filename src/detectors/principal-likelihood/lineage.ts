import type { Call } from './call.ts';
import type { Verdict } from './terms.ts';
import { termAt } from './terms.ts';

/** So many sessions wait for their first call to be met; the oldest go. */
const mostIssued = 8192;
/** CloudTrail tells the beginning of a session in whole seconds, and may be one off. */
const off = [0, 1, -1];

/** Who took on the role of a session, and how strange that was. */
export interface Ancestor {
  /** The habits' name of who called AssumeRole. */
  readonly owner: string;
  /** What was strange of it, in nats, beside what shows in the session's own calls. */
  readonly nats: number;
  /** Whether this is the record in the role's account of somebody of another. */
  readonly copy: boolean;
}

/** What a session shows by itself: to count these of the call that issued it too would be to count them twice. */
const own: ReadonlySet<number> = new Set([termAt.network, termAt.agent, termAt.hour, termAt['session-age']]);

/**
 * Which call of AssumeRole issued which session: by the access key where the record tells it, else by the role and the
 * second. An intruder who goes from role to role is so no stranger to the ways of whom they came as.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
export class Lineage {
  readonly #issued: Map<string, Ancestor>;

  constructor(issued: Iterable<readonly [string, Ancestor]> = []) {
    this.#issued = new Map(issued);
  }

  /** Take note of a call that issued a session. */
  add({ assumed, issued, time, owner, type }: Call, { parts }: Verdict): void {
    if (assumed === '') return;
    let nats = 0;
    for (const [term, part] of parts.entries()) if (!own.has(term)) nats += part;
    const ancestor = { owner, nats: Math.max(0, nats), copy: type === 'account' };
    this.#put(`${assumed} ${Math.floor(time / 1000)}`, ancestor);
    if (issued !== '') this.#put(issued, ancestor);
  }

  /** The call that issued the session of a call; undefined when none was met. */
  find({ key, role, created }: Call): Ancestor | undefined {
    if (this.#issued.size === 0 || role === '' || created < 0) return undefined;
    const known = this.#issued.get(key);
    if (known !== undefined) return known;
    const second = Math.floor(created / 1000);
    for (const by of off) {
      const found = this.#issued.get(`${role} ${second + by}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  all(): [string, Ancestor][] {
    return [...this.#issued];
  }

  #put(name: string, ancestor: Ancestor): void {
    // Two accounts have a record of one call; that of the account of who called knows them better.
    const isKnown = this.#issued.has(name);
    if (isKnown && ancestor.copy) return;
    this.#issued.delete(name);
    if (this.#issued.size >= mostIssued) this.#issued.delete(this.#issued.keys().next().value as string);
    this.#issued.set(name, ancestor);
  }
}
