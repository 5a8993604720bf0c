import { join } from 'node:path';
import type { Event } from '../../../src/event/index.ts';
import { simulateTutorial, tutorialCase, tutorialSplit } from '../../../src/simulate/ip-insights.ts';
import { wordsAddress } from '../../../src/text/entity-ip.ts';
import type { BenchOptions } from '../bench.ts';
import { judgement } from '../ip-insights/judged.ts';
import { readRanges } from '../ip-insights/ranges.ts';
import { cpu } from '../jubatus-cost.ts';
import { begin } from './peers/ours.ts';

const users = 10_000;
const published = 0.9845;

const cases = [
  { name: "A: the tutorial's own", kind: 'uniform', goal: '>= 0.988' },
  { name: 'B: attacks on the users of the ordinary logins', kind: 'paired', goal: '>= 0.989' },
  { name: 'D: random octets, as discriminator_auc', kind: 'random', goal: '>= 0.997' },
] as const;

function login(user: number, address: number, seconds: number, id: number): Event {
  const fields = {
    'event.action': 'login',
    'event.outcome': 'success',
    'user.name': `user_${user}`,
    'source.ip': wordsAddress(address),
  };
  return { id: String(id), time: seconds * 1000, source: 'tutorial', kind: 'login', raw: '', fields };
}

/**
 * The same logins through the detector itself, as events: judged, put on probation, quarantined and learnt one by one in
 * the order of time, with every other term that a login has. One seed.
 */
export function tutorialDetector({ data, seed, report }: BenchOptions): void {
  const ranges = readRanges(join(data, 'intel'));
  const { users: of, addresses, times } = simulateTutorial({ seed, users, ranges });
  const order = Uint32Array.from(of.keys())
    .filter((at) => times[at]! <= tutorialSplit)
    .sort((a, b) => times[a]! - times[b]!);
  const model = begin();
  const learning = cpu(() => {
    for (const at of order) model.learn(login(of[at]!, addresses[at]!, times[at]!, at), false);
  });
  const speed = Math.round((order.length / learning) * 1000);
  report({
    case: `${order.length} logins of ${users} users`,
    metric: 'judged and learnt',
    value: speed,
    unit: 'events/s',
  });
  for (const [index, { name, kind, goal }] of cases.entries()) {
    const asked = tutorialCase({ users: of, addresses, times }, kind, { seed, ranges });
    const later = tutorialSplit + 86_400;
    const scores = Float64Array.from(
      asked.users,
      (user, at) => -model.score(login(user, asked.addresses[at]!, later, at)).value,
    );
    const { auc, falsePositivesAt } = judgement(asked, scores);
    report({ case: name, metric: 'AUC', value: auc, unit: '', goal });
    const share = {
      metric: `false positives at recall ${100 * published} %`,
      value: 100 * falsePositivesAt(published),
    };
    report({ case: name, ...share, unit: '%', ...(index === 0 ? { goal: '<= 3.1' } : {}) });
  }
}
