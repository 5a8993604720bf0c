import { splitCsv } from '../csv.ts';
import type { Json } from '../wazuh/values.ts';

const mostColumns = 1024;
/** A heading has one of each. */
const needed = [
  ['EventID', 'EventId', 'event_id', 'Id'],
  ['TargetUserName', 'TargetAccount', 'Payload', 'EventData'],
];

/** Events as comma-separated values, a line each, under a heading of names, as Azure and EvtxECmd export them. */
export class EventTable {
  #columns: readonly string[] = [];

  /** Another file begins. */
  open(): void {
    this.#columns = [];
  }

  /** Whether the line names columns; then those that follow are read by it. */
  begins(line: string): boolean {
    if (line.length > 65_536 || !line.includes(',') || line.includes('<')) return false;
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

  /** The line's values by their columns' names; undefined when they are not as many. */
  read(line: string): Json | undefined {
    const values = splitCsv(line);
    if (values?.length !== this.#columns.length) return undefined;
    return Object.fromEntries(this.#columns.map((name, at) => [name, values[at]]));
  }

  state(): string {
    return this.begun ? JSON.stringify(this.#columns) : '';
  }

  /** Throws when `state` is none. */
  restore(state: string): void {
    const columns: unknown = JSON.parse(state);
    if (!Array.isArray(columns) || columns.some((name) => typeof name !== 'string'))
      throw new TypeError('Not a heading.');
    this.#columns = columns;
  }
}
