import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { quantile } from '../../src/algorithms/index.ts';
import { lof } from '../../src/detectors/lof.ts';
import type { Detector, Event } from '../../src/event/index.ts';
import { parseOptions } from '../../src/pipeline/options.ts';
import { readWazuh } from '../../src/text/wazuh/read.ts';
import { testContext } from '../support/context.ts';

interface Golden {
  readonly neighbors: number;
  readonly contamination: number;
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly file: Flagged;
  readonly process: Flagged;
}
interface Flagged {
  readonly learnt: number;
  readonly asked: number;
  readonly threshold: number;
  readonly flagged: readonly string[];
}

const url = (path: string): URL => new URL(`../${path}`, import.meta.url);

function events(fixture: string): Event[] {
  const lines = gunzipSync(readFileSync(url(`fixtures/${fixture}.jsonl.gz`)))
    .toString()
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const event = readWazuh(line);
    assert.ok(!('reason' in event), line);
    return event;
  });
}

async function* iterate(list: readonly Event[]): AsyncGenerator<Event> {
  yield* list;
}

const wazuhId = ({ raw }: Event): string => (JSON.parse(raw) as { id: string }).id;

for (const [data, name] of [
  ['hostbench', 'hostbench-5'],
  ['hostbench', 'hostbench-20'],
  ['hostbench', 'hostbench-lists'],
  ['simulated', 'simulated-5'],
  ['simulated', 'simulated-20'],
] as const) {
  test(`compat mimizuku flags the alerts that mimizuku flags: ${name}`, async () => {
    const golden = JSON.parse(readFileSync(url(`golden/mimizuku-${name}.json`), 'utf8')) as Golden;
    const { neighbors, contamination, lists } = golden;
    const options = parseOptions(lof, {
      compat: 'mimizuku',
      neighbors,
      ignoreUsers: lists.ignore_user_names ?? [],
      ignoreFiles: lists.ignore_files ?? [],
      abuseFiles: lists.abuse_files ?? [],
    });
    const detector = lof.create(options as Parameters<typeof lof.create>[0], testContext()) as Detector;
    const fitted = await detector.fit(iterate(events(`${data}-train`)));
    for (const model of [fitted, detector.load(fitted.save())]) {
      for (const kind of ['file', 'process'] as const) {
        const training = model.trainingScores(kind);
        const threshold = quantile(training, 1 - contamination);
        const asked = events(`${data}-test`).filter((event) => event.kind === kind && model.accepts(event));
        const flagged = asked.filter((event) => {
          const { value, always } = model.score(event);
          return always === true || value > threshold;
        });
        assert.equal(training.length, golden[kind].learnt);
        assert.equal(asked.length, golden[kind].asked);
        assert.ok(Math.abs(threshold / golden[kind].threshold - 1) < 1e-12, `${threshold}`);
        assert.deepEqual(flagged.map(wazuhId), golden[kind].flagged);
      }
    }
  });
}
