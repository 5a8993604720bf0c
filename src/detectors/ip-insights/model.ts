import type { IpInsights } from '../../algorithms/ip-insights/index.ts';
import { type Entity, type Event, type EventKind, type Model, type Score, text } from '../../event/index.ts';
import { encodeModelFile } from '../../io/model-file.ts';
import { shorten } from '../../text/escape.ts';
import { prefix } from '../../text/ip.ts';
import type { Entities } from './entities.ts';
import type { History } from './history.ts';
import { type Kind, type Pair, pairOf } from './pair.ts';
import { dotProductReason, nearestReason, unlearntFamily, unseen } from './reasons.ts';
import { type Saved, savedArrays } from './store.ts';

export interface Fitted {
  readonly insights: IpInsights;
  readonly entities: Entities;
  readonly histories: { readonly v4: History; readonly v6: History };
  readonly scores: Readonly<Partial<Record<Kind, Float64Array>>>;
  /** What it was fitted with, for people. */
  readonly settings: Saved['settings'];
}

/** Who is usually seen from where, as vectors; finished learning. */
export class IpInsightsModel implements Model {
  readonly detector = 'ip-insights';
  readonly kinds: readonly Kind[];
  readonly #fitted: Fitted;

  constructor(fitted: Fitted) {
    this.#fitted = fitted;
    this.kinds = Object.keys(fitted.scores) as Kind[];
  }

  accepts(event: Event): boolean {
    return this.#pair(event) !== undefined;
  }

  #pair(event: Event): Pair | undefined {
    const pair = pairOf(event);
    return pair !== undefined && this.kinds.includes(pair.kind) ? pair : undefined;
  }

  score(event: Event): Score {
    const pair = this.#pair(event);
    if (pair === undefined) return { value: 0, reasons: [] };
    const { insights, entities, histories, settings } = this.#fitted;
    const { high, low, ip } = pair;
    const group = `${pair.entity} ${prefix(ip, low === undefined ? 24 : 48)}`;
    const row = entities.row(pair.entity);
    const learnt = insights.pairsOf(row) > 0;
    const reasons = learnt ? [] : [unseen(pair)];
    if (!learnt && settings.entities === 'exact') return { value: 0, reasons, group };
    if (!insights.knows(low === undefined ? 4 : 8))
      return { value: 0, reasons: [...reasons, unlearntFamily(pair)], group };
    const dotProduct = insights.dotProduct(row, high, low);
    const nearest = (low === undefined ? histories.v4 : histories.v6).nearest(row, high, low);
    if (learnt) reasons.push(nearestReason(pair, nearest));
    reasons.push(dotProductReason(pair, dotProduct));
    return { value: 0 - dotProduct, reasons, group };
  }

  describe(event: Event): { title: string; entity: Entity } {
    const principal = text(event, 'aws.principal.id');
    const user = text(event, 'user.name') || principal || 'unknown user';
    const who = principal === undefined || principal === user ? user : `${user} (${principal})`;
    const ip = text(event, 'source.ip') ?? 'an unknown address';
    const what = event.kind === 'api' ? `${text(event, 'event.action') ?? 'API call'} by` : 'Login of';
    return {
      title: `${shorten(what, 64)} ${shorten(who, 96)} from ${shorten(ip, 64)}`,
      entity: { type: principal === undefined ? 'user' : 'principal', name: principal || user },
    };
  }

  trainingScores(kind: EventKind): Float64Array {
    return this.#fitted.scores[kind as Kind] ?? new Float64Array();
  }

  save(): Uint8Array {
    const { insights, entities, settings } = this.#fitted;
    const header: Saved = {
      settings,
      layers: insights.state.layers,
      dim: insights.state.dim,
      names: entities.names === undefined ? null : [...entities.names],
    };
    return encodeModelFile({ kind: 'ip-insights', header: { ...header }, arrays: savedArrays(this.#fitted) });
  }

  info(): Record<string, string | number> {
    const { insights, entities, settings, histories } = this.#fitted;
    const { counts } = insights.state;
    return {
      'entities learnt': counts.reduce((sum, count) => sum + Number(count > 0), 0),
      'rows of entities': entities.size,
      pairs: counts.reduce((sum, count) => sum + count, 0),
      'different pairs': histories.v4.state.high.length + histories.v6.state.high.length,
      'vector length': insights.state.dim,
      ...settings,
    };
  }
}
