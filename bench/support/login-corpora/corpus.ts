import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Coverage, Event } from '../../../src/event/index.ts';
import { type LoginLine, readLoginLine } from '../../../src/text/login/read.ts';
import { CoverageCount } from '../../../src/text/shape.ts';
import { createYearClock } from '../../../src/text/syslog/clock.ts';
import type { BenchOptions } from '../bench.ts';

/** The lines of a file, plain or gzip; undefined when there is no such file. */
export function linesOf(folder: string, name: string): string[] | undefined {
  const path = [join(folder, name), join(folder, `${name}.gz`)].find(existsSync);
  if (path === undefined) return undefined;
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return text.split('\n').filter((line) => line !== '');
}

/** A line with what was read from it. */
export interface Read {
  readonly line: string;
  readonly event: Event | undefined;
  readonly login: LoginLine | undefined;
}

/** Reads lines in order as one file that ended at `end`, epoch milliseconds. */
export function readAll(lines: readonly string[], end: number): Read[] {
  const options = { yearClock: createYearClock({ end }) };
  return lines.map((line) => {
    const login = readLoginLine(line, options);
    return 'reason' in login ? { line, event: undefined, login: undefined } : { line, event: login.events[0], login };
  });
}

/** What a corpus says of its lines, compared with what was read. */
export class Tally {
  readonly #corpus: string;
  readonly #coverage = new CoverageCount();
  readonly #reasons = new Map<string, number>();
  #lines = 0;
  #labels = 0;
  #agreed = 0;
  #explained = 0;

  constructor(corpus: string) {
    this.#corpus = corpus;
  }

  line({ login }: Read): void {
    this.#lines++;
    if (login?.program === undefined) return;
    if (login.understood) this.#coverage.understood();
    else this.#coverage.unknown(login.message ?? '');
  }

  /** Records of a reader that counts by itself. */
  add({ records, understood }: Coverage): void {
    this.#lines += records;
    for (let record = 0; record < records; record++) {
      if (record < understood) this.#coverage.understood();
      else this.#coverage.unknown('');
    }
  }

  /** One label: agreed, different for a `reason`, or wrong. */
  label(agreed: boolean, reason: string | undefined, describe: () => string, note: BenchOptions['note']): void {
    this.#labels++;
    if (agreed) this.#agreed++;
    else if (reason !== undefined) {
      this.#explained++;
      this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    } else note(`${this.#corpus}: ${describe()}`);
  }

  report({ report, note }: BenchOptions): void {
    const { records, understood, unknown } = this.#coverage.coverage();
    const what = this.#corpus;
    report({ case: what, metric: 'lines', value: this.#lines, unit: 'lines' });
    report({
      case: what,
      metric: 'understood',
      value: understood,
      unit: 'lines',
      goal: `= ${records}`,
      note: `of ${records} of programs that log logins`,
    });
    for (const { shape, count } of unknown) note(`${what}: not understood, ${count} times: ${shape}`);
    if (this.#labels === 0) return;
    report({
      case: what,
      metric: 'labels agreed',
      value: this.#agreed,
      unit: 'labels',
      goal: `= ${this.#labels - this.#explained}`,
      note: `of ${this.#labels}, ${this.#explained} differ for a stated reason`,
    });
    if (this.#explained === 0) return;
    report({ case: what, metric: 'labels that differ for a reason', value: this.#explained, unit: 'labels' });
    for (const [reason, count] of this.#reasons) note(`${what}: ${count} differ: ${reason}`);
  }
}

/** The peer as it was read: an address or a name. */
export const peerOf = (event: Event | undefined): string | undefined => {
  const peer = event?.fields['source.ip'] ?? event?.fields['source.address'];
  return peer === undefined ? undefined : String(peer);
};

/** `login ssh failure`, `log disconnect`. */
export const verdictOf = (event: Event | undefined): string =>
  [event?.kind, event?.fields['event.action'], event?.fields['event.outcome']]
    .filter((part) => part !== undefined)
    .join(' ');
