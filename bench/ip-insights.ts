import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  type Hyperparameters,
  type IpInsights,
  type Pairs,
  Trainer,
  tutorial,
} from '../src/algorithms/ip-insights/index.ts';
import {
  type AddressRanges,
  simulateTutorial,
  type TutorialLogins,
  tutorialCase,
  tutorialSplit,
} from '../src/simulate/ip-insights.ts';
import { addressWords, formatEntityIp, parseEntityIp, wordsAddress } from '../src/text/entity-ip.ts';
import { type Bench, type BenchOptions, median, rate, time } from './support/bench.ts';
import { backOff } from './support/ip-insights/back-off.ts';
import { type Judgement, judgement } from './support/ip-insights/judged.ts';
import { readRanges } from './support/ip-insights/ranges.ts';

const users = 10_000;
const runs = 3;
/**
 * Amazon's tutorial, in the service's own default of pairs a step, with a rate that falls and less weight decay. Chosen on
 * seeds 100 to 102, see docs/decisions/005-ip-insights.md.
 */
const ours: Hyperparameters = {
  ...tutorial,
  numEntityVectors: users,
  miniBatchSize: 10_000,
  finalLearningRate: 0.01,
  weightDecay: 3e-7,
};
const amazons: Hyperparameters = { ...ours, finalLearningRate: 1, weightDecay: tutorial.weightDecay };
/** Recall of the run that Amazon published; its share of false positives was 5.04 %. */
const published = 0.9845;

const cases = [
  ['A', 'uniform', "the tutorial's own", '>= 0.986'],
  ['B', 'paired', 'attacks on the users of the ordinary logins', undefined],
  ['D', 'random', 'random octets, as discriminator_auc', '>= 0.991'],
] as const;

export const bench: Bench = {
  summary: "IP Insights on the logins of Amazon's tutorial: how well attacks are told, and how fast, on one core",
  data: 'a folder with intel/asn-ipv4_ranges.csv.gz and intel/country-ipv4_ranges.csv.gz in it',
  run: async ({ data, seed, report, note }) => {
    const ranges = readRanges(join(data, 'intel'));
    note(`${ranges.first.length} ranges of addresses`);
    const speeds: number[] = [];
    const spent: number[] = [];
    const judged: { readonly insights: Judgement; readonly peer: Judgement }[][] = [];
    for (let run = 0; run < runs; run++) {
      const logins = simulateTutorial({ seed: seed + run, users, ranges });
      const pairs = trainingPairs(logins);
      if (run === 0) await csv(pairs, report);
      const trained = train(pairs, ours, seed + run, note);
      speeds.push(...trained.speeds);
      spent.push(...trained.spent);
      const peer = backOff(users, pairs);
      judged.push(
        cases.map(([, kind]) => {
          const asked = tutorialCase(logins, kind, { seed: seed + run, ranges });
          const scores = trained.model.dotProducts(asked.users, asked.addresses);
          return { insights: judgement(asked, scores), peer: judgement(asked, peer(asked)) };
        }),
      );
      if (run > 0) continue;
      await scoring(trained.model, logins, ranges, seed, report);
      const plain = train(pairs, amazons, seed, note).model;
      for (const [name, kind, what] of cases) {
        const asked = tutorialCase(logins, kind, { seed, ranges });
        const { auc } = judgement(asked, plain.dotProducts(asked.users, asked.addresses));
        report({ case: `${name}: ${what}`, metric: "AUC with Amazon's rate and weight decay", value: auc, unit: '' });
      }
    }
    const of = (index: number, take: (judgement: Judgement) => number) => ({
      ...median(judged.map((run) => take(run[index]!.insights))),
      peer: 'hierarchical back-off',
      peerValue: median(judged.map((run) => take(run[index]!.peer))).value,
    });
    for (const [index, [name, , what, goal]] of cases.entries()) {
      const at = `${name}: ${what}`;
      report({ case: at, metric: 'AUC', ...of(index, ({ auc }) => auc), unit: '', ...(goal ? { goal } : {}) });
      const share = of(index, (each) => 100 * each.falsePositivesAt(published));
      const remark = index === 0 ? { note: "Amazon's published run: 5.04 %" } : {};
      report({ case: at, metric: `false positives at recall ${100 * published} %`, ...share, unit: '%', ...remark });
    }
    const [first] = cases;
    const flags = { case: `${first[0]}: ${first[2]}, dot product below 0`, unit: '' };
    report({ ...flags, metric: 'recall', ...of(0, ({ recall }) => recall), note: "Amazon's published run: 0.985" });
    report({
      ...flags,
      metric: 'precision',
      ...of(0, ({ precision }) => precision),
      note: "Amazon's published run: 0.951",
    });
    const training = { case: `training, ${ours.epochs} epochs`, unit: 'real pairs/s', goal: '>= 60000' };
    report({ ...training, metric: 'speed', ...median(speeds) });
    report({ ...training, metric: 'speed, CPU time', ...median(spent) });
  },
};

function trainingPairs({ users: of, addresses, times }: TutorialLogins): Pairs {
  const before = (_: number, at: number): boolean => times[at]! <= tutorialSplit;
  return { entities: of.filter(before), addresses: addresses.filter(before) };
}

function train(
  pairs: Pairs,
  hyper: Hyperparameters,
  seed: number,
  note: BenchOptions['note'],
): { readonly model: IpInsights; readonly speeds: readonly number[]; readonly spent: readonly number[] } {
  const trainer = new Trainer({ v4: pairs }, { ...hyper, batchMetricsPublishInterval: 1e9 }, seed);
  const speeds: number[] = [];
  const spent: number[] = [];
  let [began, before] = [performance.now(), process.cpuUsage()];
  for (const { epoch, of, crossEntropy, accuracy } of trainer.run()) {
    speeds.push(Math.round((1000 * of) / (performance.now() - began)));
    const { user, system } = process.cpuUsage(before);
    spent.push(Math.round((1e6 * of) / (user + system)));
    const figures = `cross entropy ${crossEntropy.toFixed(4)}, accuracy ${accuracy.toFixed(4)}`;
    note(`seed ${seed}, epoch ${epoch}: ${figures}, ${of} pairs at ${speeds.at(-1)} a second`);
    [began, before] = [performance.now(), process.cpuUsage()];
  }
  return { model: trainer.model(), speeds, spent };
}

/** Pairs to Amazon's CSV and back. */
async function csv({ entities, addresses }: Pairs, report: BenchOptions['report']): Promise<void> {
  const count = Math.min(200_000, entities.length);
  const lines = Array.from({ length: count }, (_, at) =>
    formatEntityIp({ entity: `user_${entities[at]}`, ip: wordsAddress(addresses[at]!) }),
  );
  const taken = await time(() => {
    for (const [at, line] of lines.entries()) {
      const read = parseEntityIp(line);
      assert.ok(!('reason' in read));
      assert.equal(addressWords(read.ip)?.[0], addresses[at]);
    }
  }, 3);
  report({ case: 'CSV to pairs', metric: 'speed', ...rate(taken, count), unit: 'lines/s' });
}

async function scoring(
  model: IpInsights,
  logins: TutorialLogins,
  ranges: AddressRanges,
  seed: number,
  report: BenchOptions['report'],
): Promise<void> {
  const { users: of, addresses } = tutorialCase(logins, 'uniform', { seed, ranges });
  const taken = await time(() => model.dotProducts(of, addresses));
  report({ case: 'scoring', metric: 'speed', ...rate(taken, of.length), unit: 'pairs/s', goal: '>= 200000' });
}
