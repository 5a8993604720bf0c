import type { Reason } from '../../event/index.ts';
import { wordsAddress } from '../../text/entity-ip.ts';
import { shorten } from '../../text/escape.ts';
import { capital, duration, grouped, moment, plural, times, weekMoment } from '../../text/words.ts';
import type { Call } from './call.ts';
import { dimension } from './dimensions.ts';
import type { Memory } from './likelihood.ts';
import { addressWords, networkWords } from './network-words.ts';
import { few, type Owner, sums } from './owner.ts';
import { tacticOf } from './sensitive.ts';
import { type Term, termAt, terms, type Verdict } from './terms.ts';

/** A term that adds or takes less is not worth a sentence of its own, in nats. */
const noticeable = 0.5;

export type Evidence = Record<string, string | number>;
type Said = readonly [text: string, evidence?: Evidence];

const nouns: ReadonlyMap<string, string> = new Map([
  ['role', 'this role'],
  ['user', 'this user'],
  ['root', 'the root user'],
  ['service', 'this service'],
  ['account', 'this account'],
]);

const rounded = (nats: number): number => Math.round(nats * 100) / 100;

/** Why a call got its verdict, in words; the nats of all reasons add up to its value. */
export class Words {
  readonly call: Call;
  /** Whose habits the call was compared with. */
  readonly owner: Owner | undefined;
  readonly #self: Owner | undefined;
  readonly #own: string;
  readonly verdict: Verdict;
  readonly memory: Memory;
  /** `this role`, `this user`. */
  readonly who: string;
  /** `in 412 calls`. */
  readonly history: string;
  readonly learnt: number;

  constructor(call: Call, self: Owner | undefined, verdict: Verdict, memory: Memory) {
    this.call = call;
    this.#self = self;
    this.owner = verdict.standIn ?? self;
    this.verdict = verdict;
    this.memory = memory;
    const own = call.owner === call.principal ? (nouns.get(call.type) ?? 'this principal') : 'this person';
    this.who = verdict.standIn === undefined ? own : 'who took on this role';
    this.#own = own;
    this.learnt = this.owner?.learnt ?? 0;
    this.history = this.learnt === 0 ? 'before' : `in ${plural(this.learnt, 'call')}`;
  }

  /** What speaks for an intruder, strongest first, then for the principal, then what else there is to know. */
  reasons(): Reason[] {
    const { parts, value } = this.verdict;
    const said = terms
      .map((term) => ({ term, nats: rounded(parts[termAt[term]] as number) }))
      .filter(({ nats }) => Math.abs(nats) >= noticeable)
      .sort((a, b) => b.nats - a.nats);
    let rest = value;
    const reasons: Reason[] = [];
    for (const { term, nats } of said) {
      const [text, evidence] = this.#say[term](nats > 0);
      reasons.push({ code: term, text, evidence: { ...evidence, nats } });
      rest -= nats;
    }
    const text =
      said.length === 0 ? 'Nothing stands out about this call.' : 'Everything else about the call says little.';
    if (said.length === 0 || Math.abs(rest) > 1e-9) reasons.push({ code: 'rest', text, evidence: { nats: rest } });
    return [...reasons, ...this.learning(), ...this.#nearest()];
  }

  readonly #say: Readonly<Record<Term, (strange: boolean) => Said>> = {
    network: (strange) => networkWords(this, strange),
    action: (strange) => this.#action(strange),
    service: (strange) => this.#service(strange),
    agent: (strange) => this.#agent(strange),
    region: (strange) => this.#region(strange),
    hour: (strange) => [
      `${weekMoment(this.call.time)} is ${strange ? 'an unusual' : 'a usual'} hour for ${this.who}.`,
      { time: moment(this.call.time) },
    ],
    error: () => this.#error(),
    mfa: (strange) => this.#factor(strange),
    'session-age': (strange) => {
      const age = duration(Math.max(0, this.verdict.age) * 60_000);
      const text = strange ? `an unusual age of a session of ${this.who}` : 'as usual';
      return [`The session was ${age} old, ${text}.`, { minutes: Math.round(this.verdict.age) }];
    },
    'session-networks': (strange) => this.#session(strange),
    'assumed-by': () => this.#assumer(),
    exploring: () => this.#exploring(),
  };

  /** How often the value of a dimension came before; 0 for a new one. */
  count(of: number): number {
    const entry = this.verdict.entries[of] as number;
    return entry < 0 ? 0 : (this.owner?.bag(of).count(entry) ?? 0);
  }

  /** How many others of the group there are. */
  get peers(): number {
    const members = this.memory.fleet.group(this.call.group)?.members ?? 0;
    return Math.max(0, members - (this.owner === undefined ? 0 : 1));
  }

  /** `, nor by any of its 14 peers`, or how many of them do. */
  #nor(of: number, none: string, some: string): string {
    const { peers } = this;
    const having = Math.min(peers, Math.round(this.verdict.peers[of] as number));
    if (peers === 0) return '';
    return having === 0
      ? `, ${none} any of its ${plural(peers, 'peer')}`
      : `, but ${some}${grouped(having)} of its ${plural(peers, 'peer')}`;
  }

  /** `; this role has used boto3 412 times` of the most usual word of a dimension. */
  #mostly(of: number): string {
    const bag = this.owner?.bag(of);
    const entry = bag?.heaviest() ?? -1;
    const word = bag === undefined || entry < 0 ? undefined : this.memory.names.word(bag.value(entry));
    if (bag === undefined || word === undefined) return '';
    return `; ${this.who} has used ${shorten(word, 80)} ${times(bag.count(entry))}`;
  }

  #action(strange: boolean): Said {
    const { action } = this.call;
    const api = shorten(action.slice(action.indexOf(':') + 1), 80);
    const calls = this.count(dimension.action);
    const tactic = strange ? tacticOf(action) : undefined;
    const peers = this.verdict.peers[dimension.action] as number;
    const evidence: Evidence = { action: shorten(action, 160), calls, peers, 'of peers': this.peers };
    if (tactic !== undefined) evidence.tactic = tactic;
    const use = tactic === undefined ? '' : `; intruders use it for ${tactic}`;
    if (calls > 0) {
      const often = `${grouped(calls)} of ${plural(this.learnt, 'call')}`;
      return [`${api} is ${strange ? 'a rare' : 'a usual'} call of ${this.who}: ${often}${use}.`, evidence];
    }
    if (!strange)
      return [`${api} is new for ${this.who}${this.#nor(dimension.action, 'nor known to', 'called by ')}.`, evidence];
    const nor = this.#nor(dimension.action, 'nor by', 'by ');
    if (this.learnt === 0) return [`${api} is the first call of ${this.who}${nor}${use}.`, evidence];
    return [`${api} was never called by ${this.who} ${this.history}${nor}${use}.`, evidence];
  }

  #service(strange: boolean): Said {
    const { from } = this.call;
    const calls = this.count(dimension.spot);
    const through = shorten(from, 80);
    const evidence: Evidence = { service: through, calls };
    if (calls === 0) {
      const nor = this.#nor(dimension.spot, 'nor', '');
      return [`Came through ${through}, which ${this.who} never used ${this.history}${nor}.`, evidence];
    }
    return [`Came through ${through}, as ${times(calls)} before${strange ? ', which is seldom' : ''}.`, evidence];
  }

  #agent(strange: boolean): Said {
    const { agent, platform } = this.call;
    const what = platform === '' ? agent : `${agent || 'a program'} on ${platform}`;
    const calls = this.count(dimension.agent);
    const evidence: Evidence = { agent, calls, ...(platform === '' ? {} : { platform }) };
    if (!strange) return [`Sent by ${what}${calls > 0 ? `, as ${times(calls)} before` : ', as by others'}.`, evidence];
    const isKnown = calls > 0;
    const of = isKnown && this.count(dimension.platform) === 0 ? dimension.platform : dimension.agent;
    return [`Sent by ${what}, which is ${isKnown ? 'rare' : 'new'} here${this.#mostly(of)}.`, evidence];
  }

  #region(strange: boolean): Said {
    const region = shorten(this.call.region, 40);
    const calls = this.count(dimension.region);
    const evidence: Evidence = { region, calls };
    if (!strange) return [`${region} is a usual region of ${this.who}.`, evidence];
    const seldom = calls > 0 ? `seldom uses ${region}` : `never used ${region} before`;
    return [`${capital(this.who)} ${seldom}${this.#mostly(dimension.region)}.`, evidence];
  }

  #error(): Said {
    const { refused, calls } = this.verdict;
    const usual = (this.owner?.sum(sums.denied) ?? 0) / Math.max(1, this.owner?.sum(sums.calls) ?? 0);
    const some = `${grouped(Math.max(1, refused))} of ${plural(Math.max(1, Math.round(calls)), 'call')}`;
    return [
      `About ${some} of late were refused; usual for ${this.who} is ${(100 * usual).toFixed(1)} %.`,
      { refused: rounded(refused), calls: rounded(calls), 'usual share': rounded(usual) },
    ];
  }

  #factor(strange: boolean): Said {
    const had = Math.round(this.owner?.sum(sums.factor) ?? 0);
    const all = had + Math.round(this.owner?.sum(sums.noFactor) ?? 0);
    const text = strange
      ? `Without a second factor, which ${this.who} had in ${grouped(had)} of ${plural(all, 'call')}.`
      : `With a second factor, as is usual for ${this.who}.`;
    return [text, { with: had, of: all }];
  }

  #assumer(): Said {
    const { ancestor } = this.verdict;
    const owner = ancestor?.owner ?? '';
    // Of a person who shares a role, the name says more than the role's id before it.
    const name = shorten(owner.slice(owner.indexOf(' ') + 1), 100);
    const entry = this.verdict.entries[dimension.assumer] as number;
    const calls = entry < 0 ? 0 : (this.#self?.bag(dimension.assumer).count(entry) ?? 0);
    const before = calls > 0 ? `, as in ${plural(calls, 'call')} before` : ', who never did before';
    const nats = rounded(ancestor?.nats ?? 0);
    const strange = nats >= noticeable ? '; the call that took it on was strange by itself' : '';
    return [`The role was taken on by ${name}${before}${strange}.`, { assumer: name, calls, inherited: nats }];
  }

  #exploring(): Said {
    const { fresh } = this.verdict;
    return [`It is one of ${grouped(fresh)} actions of late that all are new to ${this.who}.`, { actions: fresh }];
  }

  #session(strange: boolean): Said {
    const { through } = this.verdict;
    if (through !== undefined) {
      const where = shorten(through.from, 64);
      return [
        `The session that calls through the service was used from ${where} just before, which is strange.`,
        { from: where },
      ];
    }
    const first = this.verdict.sessionFrom;
    if (first === undefined) return ['The session is used from where it began.'];
    const [, asn = -1, high = 0] = first;
    const from = `${wordsAddress(high)}${asn < 0 ? '' : ` (AS${asn})`}`;
    const danger = strange && this.call.class !== 'human' ? ': its credentials may be stolen' : '';
    return [
      `The session began at ${from} and is now used from ${shorten(this.call.from, 64)} as well${danger}.`,
      { first: wordsAddress(high), now: shorten(this.call.from, 64), ...(asn < 0 ? {} : { 'first asn': asn }) },
    ];
  }

  /** That little of the principal is known yet, where that is so. */
  learning(): Reason[] {
    const learnt = this.#self?.learnt ?? 0;
    if (learnt >= few) return [];
    const others = this.verdict.standIn === undefined ? 'others' : 'who took on the role';
    const text =
      learnt === 0
        ? `Still learning: no call of ${this.#own} was seen before, so it is compared with those of ${others}.`
        : `Still learning: ${this.#own} has ${plural(learnt, 'call')} so far, so little is unusual yet.`;
    return [{ code: 'learning', text, evidence: { calls: learnt } }];
  }

  /** The last call that was learnt, and the nearest address. */
  #nearest(): Reason[] {
    const { owner } = this;
    const nearest = this.verdict.pair?.nearest;
    if (owner === undefined || this.learnt === 0) return [];
    const evidence: Evidence = { calls: this.learnt, last: new Date(owner.learntAt).toISOString() };
    const asn = owner.lastAsn < 0 ? '' : ` (AS${owner.lastAsn})`;
    const last =
      owner.lastHigh < 0
        ? ''
        : ` from ${addressWords(owner.lastHigh, owner.lastLow < 0 ? undefined : owner.lastLow)}${asn}`;
    if (nearest !== undefined) evidence.nearest = addressWords(nearest[0] as number, nearest[1]);
    const known = nearest === undefined ? '' : ` Its nearest known address is ${evidence.nearest}.`;
    const text = `${capital(this.who)} was last seen on ${moment(owner.learntAt)}${last}.${known}`;
    return [{ code: 'nearest-known', text, evidence }];
  }
}
