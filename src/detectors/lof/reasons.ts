import type { Reason } from '../../event/index.ts';
import { normalise } from '../../text/normalise.ts';
import { wordsOf } from './encode.ts';
import type { Known, Ledger } from './ledger.ts';
import type { Sighting } from './sighting.ts';

/** At most this many new words are named. */
const mostWords = 5;

/** What a ledger has to say about a sighting, in words. */
export class Evidence {
  readonly #ledger: Ledger;
  readonly #times = new Map<string, number>();
  readonly #hosts: ReadonlySet<number>[];
  /** Per text: its most frequent first circumstance. */
  readonly #usual: { readonly name: number; readonly count: number }[] = [];
  readonly #words = new Set<string>();
  readonly #hostNames = new Set<string>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    const hosts = ledger.texts.map(() => new Set<number>());
    const byText = ledger.texts.map(() => new Map<number, number>());
    for (const { text, host, circumstances, count } of ledger.facts()) {
      hosts[text]?.add(host);
      this.#hostNames.add(ledger.names[host] as string);
      for (const name of circumstances) {
        const words = ledger.names[name] as string;
        this.#times.set(words, (this.#times.get(words) ?? 0) + count);
      }
      const [who] = circumstances;
      byText[text]?.set(who, (byText[text]?.get(who) ?? 0) + count);
    }
    this.#hosts = hosts;
    for (const seen of byText) {
      const [name, count] = [...seen].reduce((best, each) => (each[1] > best[1] ? each : best), [0, 0]);
      this.#usual.push({ name, count });
    }
    for (const { text } of ledger.texts) for (const word of wordsOf(text)) this.#words.add(word);
  }

  /** How often a circumstance was seen. */
  times(words: string): number {
    return this.#times.get(words) ?? 0;
  }

  seen(id: number): Reason {
    const { example, count, last } = this.#known(id);
    const hosts = this.#hostCount(id);
    return {
      code: 'seen-before',
      text: `Seen ${times(count)} on ${plural(hosts, 'host')}, last on ${date(last)}.`,
      evidence: { example, count, hosts, last: new Date(last).toISOString() },
    };
  }

  nearest(id: number, distance: number): Reason {
    const { example, count } = this.#known(id);
    const hosts = this.#hostCount(id);
    return {
      code: 'nearest-known',
      text: `Nearest known: \`${example}\` at distance ${distance.toFixed(2)}, seen ${times(count)} on ${plural(hosts, 'host')}.`,
      evidence: { example, distance, count, hosts },
    };
  }

  /** The words of a text as it came that are, numbers aside, in no training text. */
  newWords(example: string): Reason[] {
    const isNew = (word: string): boolean => !/^[0*]/.test(word) && !this.#words.has(word);
    const fresh = [...new Set(wordsOf(example))].filter((word) => wordsOf(normalise(word)).some(isNew));
    if (fresh.length === 0) return [];
    const named = fresh.slice(0, mostWords);
    const rest = fresh.length > named.length ? ` and ${fresh.length - named.length} more` : '';
    return [
      {
        code: 'new-words',
        text: `Never seen before: ${named.map((word) => `\`${word}\``).join(', ')}${rest}.`,
        evidence: { words: named.join(' '), count: fresh.length },
      },
    ];
  }

  /** Who and where, where that is unusual. */
  circumstances({ text, host, circumstances, shown }: Sighting): Reason[] {
    const reasons: Reason[] = [];
    const { total } = this.#ledger;
    for (const [i, words] of circumstances.entries()) {
      const count = this.times(words);
      if (count * 1000 > total) continue;
      reasons.push({
        code: 'unusual-circumstance',
        text: `${capital(shown[i] as string)}: ${count === 0 ? 'never seen' : `seen ${times(count)} in ${total} events`}.`,
        evidence: { circumstance: shown[i] as string, count, total },
      });
    }
    const id = this.#ledger.find(text);
    if (id === undefined) return reasons;
    const usual = this.#usual[id];
    const who = this.#ledger.names[usual?.name ?? 0];
    if (usual !== undefined && who !== undefined && who !== circumstances[0]) {
      reasons.push({
        code: 'usual-circumstance',
        text: `Usually: ${who} (${usual.count} of ${times(this.#known(id).count)}).`,
        evidence: { circumstance: who, count: usual.count },
      });
    }
    if (this.#hostNames.has(host) && !this.#hosts[id]?.has(this.#hostId(host))) {
      reasons.push({
        code: 'new-on-host',
        text: `${host} never did this; ${plural(this.#hostCount(id), 'other host')} did.`,
        evidence: { host, hosts: this.#hostCount(id) },
      });
    }
    return reasons;
  }

  #known(id: number): Known {
    return this.#ledger.texts[id] as Known;
  }

  #hostCount(id: number): number {
    return this.#hosts[id]?.size ?? 0;
  }

  #hostId(host: string): number {
    return this.#ledger.nameId(host) ?? -1;
  }
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);
const date = (time: number): string => new Date(time).toISOString().slice(0, 10);
