import { type Context, type Event, ScopsError } from '../event/index.ts';
import { readFiles } from '../io/files.ts';
import { readJsonFiles } from '../io/json-files.ts';
import { keptBytes } from '../io/lines.ts';
import { type InputFile, listFiles } from '../io/list.ts';
import { type AwsRecord, awsRecords } from '../text/aws/any.ts';
import { Recent } from '../text/aws/recent.ts';
import { Tally } from '../text/aws/tally.ts';
import { type Form, formOf } from './inventory/form.ts';
import { readHead } from './sniff.ts';

/** What became of the records of a file, each of them counted once. */
export interface FileAccount {
  readonly path: string;
  readonly form: Form;
  /** Of JSON the records; of CSV the rows, its heading among them; of anything else 0. */
  readonly records: number;
  /** Records by `cloudtrail/TYPE` and `guardduty/SHAPE`: what the sources of these names make events of, or pass over as digests. */
  readonly types: ReturnType<Tally['tally']>;
  /** Records that came before, here or in an earlier file, no more than 50,000 records ago: CloudTrail's copies, and GuardDuty's updates of a finding. */
  readonly copies: number;
  readonly updates: number;
  /** Findings that GuardDuty made up on request, which are left out. */
  readonly samples: number;
  readonly rejected: readonly { readonly reason: string; readonly count: number; readonly first: number }[];
  /** Why there may be more that nobody has read: the file is damaged or may not be read. */
  readonly lost?: string;
}

export interface InventoryOptions {
  readonly context: Context;
  readonly signal?: AbortSignal | undefined;
  /** Hears every event, but not copies and samples. */
  readonly onEvent: (event: Event) => void;
}

const lists: ReadonlySet<string> = new Set(['Records', 'Events', 'Findings', 'findings']);
const maxRecordBytes = 1_048_576;
/** What a file ends with that holds more than can be read. */
const lost = /^(?:cut short$|gzip data )/;

/**
 * What is in files, or in folders of them, whatever they are called: an account of each file, every record of CloudTrail
 * and every finding of GuardDuty by its content. What is rejected goes to the context too. A file that cannot be read is
 * said to be `lost`. Throws ScopsError SOURCE_UNREADABLE for a path that is not there.
 */
export async function* inventory(paths: readonly string[], options: InventoryOptions): AsyncGenerator<FileAccount> {
  const { context, signal } = options;
  const onSkip = (path: string): void => context.log.warn(`"${path}" cannot be read and was left out.`);
  const met = new Recent();
  for (const file of await listFiles(paths, { takes: () => true, onSkip })) {
    if (signal?.aborted) return;
    const account = new Account(file, met, options);
    await account.read();
    yield account.close();
  }
}

class Account {
  readonly #file: InputFile;
  readonly #met: Recent;
  readonly #options: InventoryOptions;
  readonly #types = new Tally();
  readonly #rejected = new Map<string, { count: number; first: number }>();
  #form: Form = 'json';
  #records = 0;
  #copies = 0;
  #updates = 0;
  #samples = 0;
  #lost: string | undefined;

  constructor(file: InputFile, met: Recent, options: InventoryOptions) {
    this.#file = file;
    this.#met = met;
    this.#options = options;
  }

  close(): FileAccount {
    return {
      path: this.#file.path,
      form: this.#form,
      records: this.#records,
      types: this.#types.tally(),
      copies: this.#copies,
      updates: this.#updates,
      samples: this.#samples,
      rejected: [...this.#rejected].map(([reason, seen]) => ({ reason, ...seen })),
      ...(this.#lost === undefined ? {} : { lost: this.#lost }),
    };
  }

  async read(): Promise<void> {
    const { path, inode } = this.#file;
    try {
      if (inode !== '') this.#form = formOf(await readHead(path));
      // What is damaged from its beginning looks empty.
      if (this.#form === 'json' || this.#form === 'empty') await this.#json();
      else if (this.#form === 'csv') await this.#csv();
    } catch (error) {
      if (!(error instanceof ScopsError)) throw error;
      this.#lost = error.message;
    }
  }

  async #json(): Promise<void> {
    const { context, signal } = this.#options;
    let ending: string | undefined;
    for await (const { records } of readJsonFiles([this.#file], { maxRecordBytes, lists, context, signal })) {
      for (const { text, number, fault } of records) {
        const parts = fault === undefined ? awsRecords(text) : [{ reason: fault }];
        for (const part of parts) {
          this.#records++;
          if ('reason' in part) this.#reject(part.reason, number, text);
          else this.#take(part);
        }
        ending = fault;
      }
    }
    if (ending !== undefined && lost.test(ending)) this.#lost = ending;
  }

  /** Neither source reads tables; so many rows are missed. */
  async #csv(): Promise<void> {
    const { context, signal } = this.#options;
    for await (const { lines } of readFiles([this.#file], { maxLineBytes: maxRecordBytes, context, signal })) {
      for (const { text, number, fault } of lines) {
        this.#records++;
        this.#reject(fault ?? 'a line of CSV, where JSON is read', number, text);
        if (fault !== undefined && lost.test(fault)) this.#lost = fault;
      }
    }
  }

  #take(record: AwsRecord): void {
    if (record.of === 'guardduty' && record.sample) {
      this.#samples++;
      return;
    }
    const key = record.of === 'cloudtrail' ? record.copy : record.event.id;
    if (key !== undefined && !this.#met.isNew(key)) {
      if (record.of === 'cloudtrail') this.#copies++;
      else this.#updates++;
      return;
    }
    this.#types.add(`${record.of}/${record.type}`);
    if (record.event !== undefined) this.#options.onEvent(record.event);
  }

  #reject(reason: string, line: number, text: string): void {
    const seen = this.#rejected.get(reason);
    if (seen !== undefined) seen.count++;
    else this.#rejected.set(reason, { count: 1, first: line });
    const { path: file } = this.#file;
    this.#options.context.reject({ source: 'cloud', file, line, reason, raw: text.slice(0, keptBytes) });
  }
}
