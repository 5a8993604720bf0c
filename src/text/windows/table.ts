import type { Unreadable } from '../../event/index.ts';
import { splitCsv } from '../csv.ts';
import type { Json } from '../wazuh/values.ts';

const mostColumns = 1024;
/** Of a heading, and of a row over several lines. */
const longest = 65_536;
/** A heading has one of each. */
const needed = [
  ['EventID', 'EventId', 'event_id', 'Id'],
  ['TargetUserName', 'TargetAccount', 'Payload', 'EventData'],
];

/** A row's values by their columns' names, and its own text. */
export interface Row {
  readonly values: Json;
  readonly raw: string;
}

/**
 * Events as comma-separated values under a heading of names, as Azure and EvtxECmd export them. A quoted value may hold
 * line breaks: whoever chooses a user name must not begin a row with it. Linear time. RFC 4180 section 2.
 */
export class EventTable {
  #columns: readonly string[] = [];
  /** The lines so far of a row whose last value has not ended. */
  #open = '';

  /** Another file begins. */
  open(): void {
    this.#columns = [];
    this.#open = '';
  }

  /** Whether the line names columns; then those that follow are read by it. */
  begins(line: string): boolean {
    if (line.length > longest || !line.includes(',') || line.includes('<')) return false;
    const columns = splitCsv(line) ?? [];
    if (columns.length > mostColumns || !needed.every((names) => names.some((name) => columns.includes(name)))) {
      return false;
    }
    this.#columns = columns;
    return true;
  }

  get begun(): boolean {
    return this.#columns.length > 0;
  }

  /** The row that ends with the line, or what is wrong with it; undefined while it goes on. */
  read(line: string): Row | Unreadable | undefined {
    const turns = hasOddQuotes(line);
    const begun = this.#open !== '';
    const raw = begun ? `${this.#open}\n${line}` : line;
    this.#open = '';
    const values = begun && !turns ? undefined : splitCsv(raw);
    if (values === undefined && turns !== begun) {
      if (raw.length > longest) return { reason: `a row over several lines of more than ${longest} characters` };
      this.#open = raw;
      return undefined;
    }
    if (values?.length !== this.#columns.length) return { reason: 'not as many values as the heading has' };
    return { values: Object.fromEntries(this.#columns.map((name, at) => [name, values[at]])), raw };
  }

  /** At the end of the input, after which it may grow. */
  end(): Unreadable | undefined {
    const unfinished = this.#open !== '';
    this.#open = '';
    return unfinished ? { reason: 'the input ends within a row' } : undefined;
  }

  /** What is needed to go on between two lines. */
  state(): string {
    return this.begun ? JSON.stringify([this.#open, ...this.#columns]) : '';
  }

  /** Throws when `state` is none. */
  restore(state: string): void {
    const [open, ...columns] = JSON.parse(state) as unknown[];
    if (typeof open !== 'string' || columns.some((name) => typeof name !== 'string')) {
      throw new TypeError('Not a heading.');
    }
    this.#open = open;
    this.#columns = columns as string[];
  }
}

function hasOddQuotes(line: string): boolean {
  let odd = false;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
