import {
  type Entity,
  type Event,
  type EventKind,
  type Mergeable,
  type Model,
  type Projectable,
  type Reason,
  ScopsError,
  type Score,
  text,
} from '../../event/index.ts';
import { encodeModelFile, type NumberArray } from '../../io/model-file.ts';
import { shorten } from '../../text/escape.ts';
import type { Ledger } from './ledger.ts';
import { abuse, isIgnored, type Lists } from './lists.ts';
import { mimizukuText } from './mimizuku.ts';
import { createParityRanker } from './parity.ts';
import { createRanker, type Ranker, type RankerState } from './ranker.ts';
import { type Group, groups, type Sighting, sight, subject } from './sighting.ts';

export interface Settings extends Lists {
  readonly neighbors: number;
  readonly duplicates: 'keep' | 'collapse';
  readonly compat: 'none' | 'mimizuku';
}

/** What the detector compares of an event, or undefined when it does not look at it. */
export function sightingOf(event: Event, settings: Settings): Sighting | undefined {
  const sighting = sight(event);
  if (sighting === undefined) return undefined;
  if (settings.compat === 'none') return isIgnored(event, settings) ? undefined : sighting;
  const compared = mimizukuText(event, settings);
  return compared === undefined ? undefined : { ...sighting, text: compared };
}

export class LofModel implements Model, Mergeable, Projectable {
  readonly detector = 'lof';
  readonly kinds: readonly EventKind[];
  readonly unfolded: boolean;
  readonly contamination?: number;
  readonly #ledgers: ReadonlyMap<Group, Ledger>;
  readonly #rankers: ReadonlyMap<string, Ranker>;
  readonly #settings: Settings;
  /** An event is asked about twice in a row, by `accepts` and by `score`. */
  #latest: { readonly event: Event; readonly sighting: Sighting | undefined } | undefined;

  /** Ledgers without a sighting are left out. */
  constructor(
    ledgers: ReadonlyMap<Group, Ledger>,
    settings: Settings,
    states: ReadonlyMap<Group, RankerState> = new Map(),
  ) {
    const learnt = groups.flatMap((group): [Group, Ledger][] => {
      const ledger = ledgers.get(group);
      return ledger === undefined || ledger.total === 0 ? [] : [[group, ledger]];
    });
    this.#settings = settings;
    this.unfolded = settings.compat === 'mimizuku';
    if (settings.compat === 'mimizuku') this.contamination = 0.05;
    this.#ledgers = new Map(learnt);
    this.#rankers = new Map(
      learnt.map(([group, ledger]) => [
        group,
        settings.compat === 'mimizuku'
          ? createParityRanker(ledger, settings.neighbors, states.get(group))
          : createRanker(ledger, settings, states.get(group)),
      ]),
    );
    this.kinds = learnt.map(([group]) => group);
  }

  accepts(event: Event): boolean {
    return this.#rankers.has(event.kind) && this.#sight(event) !== undefined;
  }

  score(event: Event): Score {
    const sighting = this.#sight(event);
    const ranker = this.#rankers.get(event.kind);
    if (sighting === undefined || ranker === undefined) return { value: 0, reasons: [] };
    const score = ranker.score(sighting);
    const matched = abuse(event, this.#settings);
    if (matched === undefined) return score;
    return { ...score, always: true, reasons: [abuseReason(matched), ...score.reasons] };
  }

  #sight(event: Event): Sighting | undefined {
    if (this.#latest?.event !== event) this.#latest = { event, sighting: sightingOf(event, this.#settings) };
    return this.#latest.sighting;
  }

  describe(event: Event): { title: string; entity: Entity } {
    const host = text(event, 'host.name') ?? text(event, 'host.id') ?? 'unknown host';
    const what = shorten(subject(event) ?? 'unknown', 120);
    return { title: `${headline(event)} on ${host}: ${what}`, entity: { type: 'host', name: host } };
  }

  trainingScores(kind: EventKind): Float64Array {
    return this.#rankers.get(kind)?.trainingScores() ?? new Float64Array();
  }

  project(kind: EventKind, events: readonly Event[]): ReturnType<Projectable['project']> {
    const ranker = this.#rankers.get(kind);
    const none = new Float64Array();
    if (ranker === undefined) return { training: none, counts: none, events: new Float64Array(2 * events.length) };
    return ranker.project(events.map((event) => sightingOf(event, this.#settings)?.text ?? ''));
  }

  merge(other: Model): LofModel {
    if (!(other instanceof LofModel)) {
      throw new ScopsError('MODEL_MISMATCH', `A "lof" model cannot be merged with a "${other.detector}" model.`);
    }
    const [mine, theirs] = [fitted(this.#settings), fitted(other.#settings)];
    if (mine !== theirs) {
      throw new ScopsError('MODEL_MISMATCH', `These models were fitted with other options: ${mine} and ${theirs}.`);
    }
    const merged = new Map<Group, Ledger>();
    for (const group of groups) {
      const [left, right] = [this.#ledgers.get(group), other.#ledgers.get(group)];
      const ledger = (left ?? right)?.copy();
      if (ledger === undefined) continue;
      if (left !== undefined && right !== undefined) ledger.addAll(right);
      merged.set(group, ledger);
    }
    return new LofModel(merged, this.#settings);
  }

  save(): Uint8Array {
    const arrays: Record<string, NumberArray> = {};
    for (const [group, ledger] of this.#ledgers) {
      Object.assign(arrays, ledger.save(`${group}/`));
      for (const [name, array] of Object.entries(this.#rankers.get(group)?.state ?? {})) {
        arrays[`${group}/state/${name}`] = array;
      }
    }
    return encodeModelFile({ kind: 'lof', header: { ...this.#settings, groups: this.kinds }, arrays });
  }

  info(): Record<string, string | number> {
    const { neighbors, duplicates, compat } = this.#settings;
    const info: Record<string, string | number> = { neighbors, duplicates, compat };
    for (const [group, ledger] of this.#ledgers) {
      const noun = group === 'file' ? 'paths' : 'commands';
      info[`${group} events`] = ledger.total;
      info[`distinct ${noun}`] = ledger.texts.length;
      info[`${group} hosts`] = new Set([...ledger.facts()].map(({ host }) => host)).size;
    }
    return info;
  }
}

/** What must agree before two models become one. */
const fitted = ({ neighbors, duplicates, compat }: Settings): string =>
  JSON.stringify({ neighbors, duplicates, compat });

const abuseReason = (pattern: string): Reason => ({
  code: 'abuse-file',
  text: `The path matches \`${pattern}\` in abuseFiles.`,
  evidence: { pattern },
});

function headline(event: Event): string {
  if (event.kind === 'process') return 'Command';
  const noun = text(event, 'registry.path') === undefined ? 'File' : 'Registry key';
  return `${noun} ${text(event, 'event.action') ?? 'changed'}`;
}
