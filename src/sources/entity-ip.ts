import * as v from 'valibot';
import { defineSource, type Event, type Unreadable } from '../event/index.ts';
import { lineOptions } from '../io/line-options.ts';
import type { LineReader, OpenedFile } from '../io/line-reader.ts';
import { LineSource } from '../io/line-source.ts';
import { oldestFirst } from '../io/rotated.ts';
import { parseEntityIp } from '../text/entity-ip.ts';
import { fingerprint } from '../text/login/identity.ts';

const options = v.strictObject(
  lineOptions(
    "Files, plain or compressed, or folders of them; '-' is standard input. Of a folder, *.csv is read, compressed or not. Rotated files are read oldest first.",
  ),
);

/**
 * Pairs of who and from where, as Amazon SageMaker's IP Insights is trained on and asked about: `entity,ip` without a
 * heading. A third field may say when; otherwise an event is as old as its file.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/ip-insights-training-data-formats.html
 */
export const entityIp = defineSource({
  name: 'entity-ip',
  summary: 'Pairs of entity and address, as Amazon\'s IP Insights reads them: "alice,192.0.2.7", each as a login.',
  options,
  examples: [
    'scops fit --detector ip-insights --source entity-ip:train.csv --model pairs.scops',
    'scops score --model pairs.scops --source entity-ip:infer.csv --budget 1000000/day --fold 0 --sink jsonl:dot-products.jsonl',
  ],
  target: (target) => ({ paths: target }),
  create: (given, context) =>
    new LineSource({
      name: 'entity-ip',
      options: given,
      context,
      takes: (name) => /\.csv(?:\.gz|[-.]\d{1,14}(?:\.gz)?)?$/.test(name),
      order: oldestFirst,
      reader: new EntityIpReader(() => context.now()),
    }),
});

/** Lines are numbered over all files, as those of a pair are equal to each other. */
class EntityIpReader implements LineReader {
  readonly #now: () => number;
  #time = 0;
  #line = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  open({ modified }: OpenedFile): void {
    this.#time = Math.round(modified ?? this.#now());
  }

  reopen(file: OpenedFile): void {
    this.open(file);
  }

  state(): string {
    return String(this.#line);
  }

  restore(state: string): void {
    if (!/^\d{1,15}$/.test(state)) throw new RangeError('not a number of lines');
    this.#line = Number(state);
  }

  read(line: string): readonly Event[] | Unreadable {
    this.#line++;
    const pair = parseEntityIp(line);
    if ('reason' in pair) return pair;
    const { entity, ip, time = this.#time } = pair;
    const fields = {
      'event.action': 'login',
      'event.outcome': 'success',
      'user.name': entity,
      'source.ip': ip,
    };
    const id = `entity-ip/${this.#line}/${fingerprint(line)}`;
    return [{ id, time, source: 'entity-ip', kind: 'login', fields, raw: line }];
  }
}
