import type { BenchOptions } from '../bench.ts';
import { articleMethods, firstSeen, likelihood, type Method, surprisal } from './methods.ts';
import { type LoginQuality, loginQuality, type Scored } from './quality.ts';
import { referenceEvent, referenceStream, shapes } from './reference-streams.ts';

/** Streams of the quick methods; the others take the first one. */
const seeds = 3;
/** None of these was looked at when the detector's constants were chosen. */
const firstSeed = 7_000;

const quick: readonly (() => Method)[] = [() => likelihood(), () => firstSeen(), surprisal];
/** Those that do not look at providers. */
const blindToProviders: ReadonlySet<unknown> = new Set([...quick.slice(1), ...articleMethods]);

/** The share of attacks among the `most` strangest, ties shared out. */
function precision(list: readonly Scored[], most: number): number {
  const least = list.map(({ score }) => score).sort((a, b) => b - a)[most - 1] as number;
  const above = list.filter(({ score }) => score > least);
  const tied = list.filter(({ score }) => score === least);
  const attacks = (of: readonly Scored[]): number => of.filter(({ attack }) => attack).length;
  return (attacks(above) + ((most - above.length) * attacks(tied)) / tied.length) / most;
}

function judge(seed: number, shape: string, method: Method): Scored[] {
  const facts = shapes[shape] as (typeof shapes)[string];
  const judged: Scored[] = [];
  for (const [at, login] of referenceStream(seed).entries()) {
    const score = method.judge(referenceEvent(login, at, facts), login.attack);
    if (login.counted) judged.push({ score, attack: login.attack, unit: String(at) });
  }
  return judged;
}

const metrics: readonly [name: string, goal: string, of: (quality: LoginQuality, list: readonly Scored[]) => number][] =
  [
    ['AUC', '>= 0.999', ({ auc }) => auc],
    ['average precision', '', ({ averagePrecision }) => averagePrecision],
    ['precision at 200', '', (_, list) => precision(list, 200)],
    ['attack logins found at 0.1 % false', '>= 0.8', ({ found }) => found(0.001)],
    ['attack logins found at 1 % false', '>= 1', ({ found }) => found(0.01)],
  ];

/** How well methods rank the logins of streams that are not the product's own simulation, by what is known of each login. */
export function referenceStreams({ seed, report, note }: BenchOptions): void {
  for (const shape of Object.keys(shapes)) {
    note(`streams as of the article, ${shape}`);
    for (const make of [...quick, ...articleMethods]) {
      if (shape === 'places and providers' && blindToProviders.has(make)) continue;
      const runs = quick.includes(make) ? seeds : 1;
      const lists = Array.from({ length: runs }, (_, run) => judge(firstSeed + seed + run, shape, make()));
      const qualities = lists.map((list) => [loginQuality(list), list] as const);
      for (const [metric, goal, of] of metrics) {
        const values = qualities.map(([quality, list]) => of(quality, list));
        report({
          case: `streams as of the article, ${shape}, ${make().name}`,
          metric,
          value: values.reduce((sum, value) => sum + value, 0) / runs,
          spread: [Math.min(...values), Math.max(...values)],
          runs,
          unit: '',
          ...(make === quick[0] && goal !== '' && shape.includes('providers') ? { goal } : {}),
        });
      }
    }
  }
}
