import * as v from 'valibot';
import { type Context, defineSource, type Event, type Resumable, ScopsError, type Source } from '../event/index.ts';
import { type Batch, readFiles } from '../io/files.ts';
import { keptBytes, type Line } from '../io/lines.ts';
import { listFiles } from '../io/list.ts';
import { beginning, locate, type Place } from '../io/place.ts';
import { tail } from '../io/tail.ts';
import { readWazuh } from '../text/wazuh/read.ts';

const options = v.strictObject({
  paths: v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform((paths) => (typeof paths === 'string' ? [paths] : paths)),
    v.minLength(1, 'Name at least one'),
    v.description(
      "Files, plain or gzip, or folders of them such as Wazuh's logs/alerts; '-' is standard input. Of a folder, *.json, *.jsonl and *.ndjson are read, with or without .gz, by date.",
    ),
  ),
  follow: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Read the last path, a file, on and on as it grows, through its rotations; the paths before it first.',
      ),
    ),
    false,
  ),
  from: v.optional(
    v.pipe(
      v.picklist(['start', 'end']),
      v.description('Where a followed file is read from the first time; later, from where reading stopped.'),
    ),
    'start',
  ),
  archives: v.optional(
    v.pipe(
      v.string(),
      v.description("Folder with a followed file's earlier parts by year. Default: the folder that the file is in."),
    ),
  ),
  maxLineBytes: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.description('Longer lines are rejected, not read.')),
    1_048_576,
  ),
});

type Options = v.InferOutput<typeof options>;

/**
 * Alerts of Wazuh 4 and findings of Wazuh 5, from files.
 * https://documentation.wazuh.com/current/user-manual/manager/alert-management.html
 */
export const wazuh = defineSource({
  name: 'wazuh',
  summary:
    'Alerts of Wazuh 4 and findings of Wazuh 5: files, folders of archives, standard input, or a file that grows.',
  options,
  examples: [
    'scops fit --source wazuh:/var/ossec/logs/alerts',
    'scops score --source wazuh:alerts.json.gz',
    'zcat alerts.json.gz | scops score --source wazuh:-',
  ],
  target: (target) => ({ paths: target }),
  create: (given, context) => new WazuhFiles(given, context),
});

const takes = (name: string): boolean => /\.(?:json|jsonl|ndjson)(?:\.gz)?$/.test(name);

const placeSchema = v.strictObject({
  version: v.literal(1),
  path: v.string(),
  inode: v.string(),
  print: v.string(),
  offset: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  line: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

class WazuhFiles implements Source, Resumable {
  readonly name = 'wazuh';
  readonly live: boolean;
  readonly #options: Options;
  readonly #context: Context;
  #place: Place | undefined;

  constructor(given: Options, context: Context) {
    this.#options = given;
    this.#context = context;
    this.live = given.follow;
  }

  checkpoint(): string {
    return this.#place === undefined ? '' : JSON.stringify({ version: 1, ...this.#place });
  }

  resume(from: string): void {
    if (from === '') return;
    try {
      const { version: _, ...place } = v.parse(placeSchema, JSON.parse(from));
      this.#place = place;
    } catch (cause) {
      throw new ScopsError('INPUT_INVALID', `Not a checkpoint of source "wazuh": ${from.slice(0, 200)}`, { cause });
    }
  }

  async *events(signal?: AbortSignal): AsyncGenerator<Event> {
    for await (const { lines, ...file } of this.#batches(signal)) {
      for (const line of lines) {
        if (signal?.aborted) return;
        const read = line.fault === undefined ? readWazuh(line.text) : { reason: line.fault };
        if ('reason' in read) this.#reject(file.path, line, read.reason);
        else yield read;
        // A last line without an end may be whole the next time.
        if (line.complete || !('reason' in read)) this.#place = { ...file, offset: line.end, line: line.number };
      }
    }
  }

  async *#batches(signal: AbortSignal | undefined): AsyncGenerator<Batch> {
    const { paths, follow, maxLineBytes, from: start, archives } = this.#options;
    const onSkip = (path: string): void => this.#context.log.warn(`"${path}" cannot be read and was left out.`);
    const shared = { maxLineBytes, context: this.#context, signal };
    const from = this.#place;
    const followed = paths.at(-1);
    if (!follow || followed === undefined || followed === '-') {
      yield* readFiles(await listFiles(paths, { takes, onSkip }), { ...shared, ...(from && { from }) });
      return;
    }
    const before = await listFiles([followed, ...paths.slice(0, -1)], { takes, onSkip });
    const history = before.slice(1);
    const resumed = from !== undefined && (await locate(history, from)) < 0;
    const rotating = { ...shared, takes, start, archives };
    if (history.length === 0 || resumed) {
      yield* tail(followed, { ...rotating, ...(from && { from }) });
      return;
    }
    const begin = await beginning(followed);
    yield* readFiles(history, { ...shared, ...(from && { from }) });
    yield* tail(followed, { ...rotating, from: begin });
  }

  #reject(file: string, line: Line, reason: string): void {
    this.#context.reject({ source: this.name, file, line: line.number, reason, raw: line.text.slice(0, keptBytes) });
  }
}
