import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { quantile } from '../src/algorithms/index.ts';
import { lof } from '../src/detectors/lof.ts';
import type { Detector, Event } from '../src/event/index.ts';
import { parseOptions } from '../src/pipeline/options.ts';
import { testContext } from '../test/support/context.ts';
import type { Bench } from './support/bench.ts';
import { eventOf, linesOf } from './support/detection.ts';
import { openHostbench } from './support/hostbench.ts';
import { python } from './support/python.ts';

const script = join(import.meta.dirname, '../scripts/golden/mimizuku.py');
/** numpy's code for every processor; the others choose other rows among ties. */
const portable = 'X86_V4 X86_V3 AVX512_ICL AVX512_SPR';
const peer = "mimizuku's method, scikit-learn";

interface Expected {
  readonly file: { readonly flagged: readonly string[] };
  readonly process: { readonly flagged: readonly string[] };
}

export const bench: Bench = {
  summary: 'alerts that `lof --compat mimizuku` and mimizuku flag differently (the peer takes minutes)',
  data: 'a folder like wazuh/hostbench',
  async run({ data, report, note }) {
    const { training, test } = openHostbench(data);
    const [train, asked] = [training.flatMap(read), test.flatMap(read)];
    for (const [neighbors, contamination] of [
      [5, 0.001],
      [20, 0.05],
    ] as const) {
      const create = lof.create as (settings: unknown, context: unknown) => Detector;
      const detector = create(parseOptions(lof, { compat: 'mimizuku', neighbors }), testContext());
      const model = await detector.fit(
        (async function* () {
          yield* train;
        })(),
      );
      note(`n=${neighbors}: fitted; now ${peer}`);
      const expected = ask(training, test, neighbors, contamination);
      for (const kind of ['file', 'process'] as const) {
        const threshold = quantile(model.trainingScores(kind), 1 - contamination);
        const events = asked.filter((event) => event.kind === kind && model.accepts(event));
        const flagged = new Set(events.filter((event) => model.score(event).value > threshold).map(wazuhId));
        const theirs = expected && new Set(expected[kind].flagged);
        const name = `${kind} events, n=${neighbors}, contamination ${contamination}`;
        report({
          case: name,
          metric: 'flagged',
          value: flagged.size,
          unit: 'alerts',
          peer,
          peerValue: theirs?.size ?? null,
        });
        report({
          case: name,
          metric: 'flagged by one alone',
          value: theirs ? flagged.symmetricDifference(theirs).size : null,
          unit: 'alerts',
          goal: '<= 0',
        });
      }
    }
  },
};

const read = (path: string): Event[] => linesOf(path).map(eventOf);

const wazuhId = ({ raw }: Event): string => (JSON.parse(raw) as { id: string }).id;

/** Undefined where Python or scikit-learn is not installed. */
function ask(
  train: readonly string[],
  test: readonly string[],
  neighbors: number,
  contamination: number,
): Expected | undefined {
  const { status, stdout } = spawnSync(
    python,
    ['-W', 'ignore', script, train.join(','), test.join(','), String(neighbors), String(contamination)],
    { encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, NPY_DISABLE_CPU_FEATURES: portable } },
  );
  return status === 0 ? (JSON.parse(stdout) as Expected) : undefined;
}
