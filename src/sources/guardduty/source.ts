import type { Context, Coverage, Covering, Event, Source, Unreadable } from '../../event/index.ts';
import { readJsonFiles } from '../../io/json-files.ts';
import { jsonFiles } from '../../io/json-source.ts';
import { keptBytes } from '../../io/lines.ts';
import { guardDutyFindings } from '../../text/aws/guardduty/finding.ts';
import { FindingMerge } from '../../text/aws/guardduty/merge.ts';
import { Tally, type Tallying } from '../../text/aws/tally.ts';
import { CoverageCount } from '../../text/shape.ts';
import { isObject } from '../../text/wazuh/values.ts';

interface Options {
  readonly paths: readonly string[];
  readonly maxRecordBytes: number;
  readonly samples: boolean;
}

const lists: ReadonlySet<string> = new Set(['Findings', 'findings', 'Records']);

const takes = (name: string): boolean => /\.(?:json|jsonl|ndjson)(?:\.gz)?$/.test(name);

/** Findings of files, each once, when the whole input is read: a later file may hold an update of an earlier finding. */
export class GuardDutySource implements Source, Covering, Tallying {
  readonly name = 'guardduty';
  readonly #options: Options;
  readonly #context: Context;
  readonly #count = new CoverageCount();
  readonly #tally = new Tally();

  constructor(options: Options, context: Context) {
    this.#options = options;
    this.#context = context;
  }

  async *events(signal?: AbortSignal): AsyncGenerator<Event, void> {
    const merge = new FindingMerge();
    const { maxRecordBytes } = this.#options;
    const context = this.#context;
    const files = await jsonFiles({ options: this.#options, context, takes });
    for await (const { path, records } of readJsonFiles(files, { maxRecordBytes, lists, context, signal })) {
      for (const { text, number, fault } of records) {
        for (const read of fault === undefined ? this.#read(text) : [{ reason: fault }]) {
          if ('reason' in read) {
            const raw = text.slice(0, keptBytes);
            context.reject({ source: this.name, file: path, line: number, reason: read.reason, raw });
            continue;
          }
          const oldest = merge.add(read);
          if (oldest !== undefined) yield oldest;
        }
      }
    }
    if (!signal?.aborted) yield* merge.end();
  }

  coverage(): Coverage {
    return this.#count.coverage();
  }

  /** Records by FindingShape, and `sample` for those left out. Updates are among them, each a record. */
  tally(): ReturnType<Tally['tally']> {
    return this.#tally.tally();
  }

  #read(text: string): readonly (Event | Unreadable)[] {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return [this.#refuse('not JSON')];
    }
    if (!isObject(value)) return [this.#refuse('not a JSON object')];
    const read: (Event | Unreadable)[] = [];
    for (const finding of guardDutyFindings(value, text)) {
      if ('reason' in finding) {
        read.push(this.#refuse(finding.reason));
        continue;
      }
      const { shape, sample, event } = finding;
      this.#count.understood();
      const leftOut = sample && !this.#options.samples;
      this.#tally.add(leftOut ? 'sample' : shape);
      if (!leftOut) read.push(event);
    }
    return read;
  }

  #refuse(reason: string): Unreadable {
    this.#count.unknown(reason);
    return { reason };
  }
}
