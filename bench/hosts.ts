import { join } from 'node:path';
import { createRandom } from '../src/algorithms/index.ts';
import { simulateHosts } from '../src/simulate/hosts.ts';
import type { Bench } from './support/bench.ts';
import { eventOf, fitted, judge, type Labelled, linesOf, ofKind, readDays } from './support/detection.ts';
import { openHostbench } from './support/hostbench.ts';

const methods = [
  { method: 'lof', options: {} },
  { method: 'lof --compat mimizuku, n=5', options: { compat: 'mimizuku', neighbors: 5 } },
  { method: 'lof --compat mimizuku', options: { compat: 'mimizuku' } },
] as const;

export const bench: Bench = {
  summary: 'how well the detectors rank labelled attacks on hosts (hostbench, Atomic Red Team, simulator)',
  data: 'a folder with wazuh/hostbench and wazuh/commands in it',
  async run({ data, report, note }) {
    const days = openHostbench(join(data, 'wazuh/hostbench'));
    const [train, test] = [readDays(days.training, days.labels), readDays(days.test, days.labels)];
    const testDays = days.test.length;
    const atomic = [...ofKind(test, 'process').filter(({ attack }) => !attack), ...atomicTests(data, test)];
    const simulated = [11, 12, 13].map((seed) => simulation(seed));
    for (const { method, options } of methods) {
      const model = await fitted(train, options);
      note(`${method}: fitted on hostbench`);
      judge(report, `B1 commands, ${method}`, model, test, 'process', testDays);
      judge(report, `B2 Atomic Linux, ${method}`, model, atomic, 'process', testDays);
      judge(report, `B3 files, ${method}`, model, test, 'file', testDays);
      for (const { seed, learn, ask } of simulated) {
        const other = await fitted(learn, options);
        judge(report, `simulated commands, seed ${seed}, ${method}`, other, ask, 'process', 3);
        judge(report, `simulated files, seed ${seed}, ${method}`, other, ask, 'file', 3);
      }
    }
  },
};

/** Atomic Red Team's Linux commands, a line each, by users and on hosts of ordinary commands drawn by chance. */
function atomicTests(data: string, ordinary: readonly Labelled[]): Labelled[] {
  const random = createRandom(1);
  const around = ofKind(ordinary, 'process').filter(({ attack }) => !attack);
  const lines = linesOf(join(data, 'wazuh/commands/atomic_linux.jsonl.gz'));
  return lines.flatMap((line) => {
    const { guid, command } = JSON.parse(line) as { guid: string; command: string };
    const { event: base } = random.pick(around);
    return command
      .split('\n')
      .filter((part) => part.trim() !== '')
      .map((part, index): Labelled => {
        const args = part.trim().split(/\s+/);
        const alert = { ...(JSON.parse(base.raw) as Record<string, unknown>) };
        alert.data = {
          audit: { execve: { argc: String(args.length), ...Object.fromEntries(args.map((arg, i) => [`a${i}`, arg])) } },
        };
        const [program = ''] = args;
        const fields = {
          ...base.fields,
          'process.args': args,
          'process.command_line': args.join(' '),
          'process.executable': program.startsWith('/') ? program : `/usr/bin/${program}`,
        };
        const changed = { ...base, id: `${guid}-${index}`, fields, raw: JSON.stringify(alert) };
        return { event: changed, attack: true, session: guid, activity: 'attack' };
      });
  });
}

function simulation(seed: number): { seed: number; learn: Labelled[]; ask: Labelled[] } {
  const all = [...simulateHosts({ seed, days: 9 })].map(
    ({ line, label }): Labelled => ({ event: eventOf(line), ...label }),
  );
  const cut = (all[0]?.event.time ?? 0) + 6 * 86_400_000;
  return {
    seed,
    learn: all.filter(({ event: { time }, attack }) => time < cut && !attack),
    ask: all.filter(({ event: { time } }) => time >= cut),
  };
}
