import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Event, Source } from '../../../src/event/index.ts';
import { parseOptions } from '../../../src/pipeline/options.ts';
import { lanl } from '../../../src/sources/lanl.ts';
import { rba } from '../../../src/sources/rba.ts';
import { testContext } from '../../../test/support/context.ts';
import type { BenchOptions } from '../bench.ts';
import { folderWith } from '../folder.ts';
import { begin, firstSeen, likelihood } from './methods.ts';
import { loginQuality, type Scored } from './quality.ts';

type Create = (settings: unknown, context: unknown) => Source;

/** Files of a folder below `data`; none where there is no such folder. */
const filesIn = (data: string, folder: string, matches: RegExp): string[] => {
  const above = folderWith(data, 'login', folder);
  if (above === undefined) return [];
  const path = join(above, folder);
  return readdirSync(path)
    .filter((name) => matches.test(name))
    .sort()
    .map((name) => join(path, name));
};

interface Dataset {
  readonly name: string;
  readonly where: string;
  readonly open: (data: string) => Source | undefined;
  /** Shares of ordinary logins that may be asked again. */
  readonly rates: readonly number[];
}

const sets: readonly Dataset[] = [
  {
    name: 'RBA data set',
    where: 'rba/*.csv',
    rates: [0.001, 0.01, 0.05],
    open(data) {
      const paths = filesIn(data, 'rba', /\.csv(?:\.gz)?$/);
      return paths.length === 0 ? undefined : (rba.create as Create)(parseOptions(rba, { paths }), testContext());
    },
  },
  {
    name: 'LANL data set',
    where: 'lanl/auth.txt',
    rates: [0.001, 0.0057, 0.01],
    open(data) {
      const paths = filesIn(data, 'lanl', /^auth.*\.txt(?:\.gz)?$/);
      const [redteam] = filesIn(data, 'lanl', /^redteam.*\.txt(?:\.gz)?$/);
      if (paths.length === 0 || redteam === undefined) return undefined;
      return (lanl.create as Create)(parseOptions(lanl, { paths, redteam }), testContext());
    },
  },
];

const unitOf = ({ fields }: Event): string =>
  JSON.stringify([fields['user.name'], fields['source.ip'] ?? fields['source.address']]);

/** The detector and the first-seen rule on public data sets, as far as they are there. */
export async function datasets({ data, report, note }: BenchOptions): Promise<void> {
  for (const { name, where, open, rates } of sets) {
    const source = open(data);
    if (source === undefined) {
      note(`No ${name}: put ${where} under --data to measure on it.`);
      report({ case: name, metric: 'AUC', value: null, unit: '', note: `no ${where} under --data` });
      continue;
    }
    const model = begin();
    const scored = [likelihood(model), firstSeen()].map((method) => ({ method, list: [] as Scored[] }));
    for await (const event of source.events()) {
      const attack = event.fields['label.attack'] === true;
      for (const { method, list } of scored) {
        if (model.accepts(event)) list.push({ score: method.judge(event, attack), attack, unit: unitOf(event) });
        else method.meet?.(event);
      }
    }
    for (const { method, list } of scored) {
      const what = `${name}, ${method.name}`;
      const attacks = list.filter(({ attack }) => attack).length;
      const counted = `${attacks} attacks in ${list.length} logins`;
      if (attacks === 0 || attacks === list.length) {
        report({ case: what, metric: 'AUC', value: null, unit: '', note: counted });
        continue;
      }
      const { auc, averagePrecision, found } = loginQuality(list);
      report({ case: what, metric: 'AUC', value: auc, unit: '', note: counted });
      report({ case: what, metric: 'average precision', value: averagePrecision, unit: '' });
      for (const rate of rates)
        report({ case: what, metric: `attack logins found at ${100 * rate} % false`, value: found(rate), unit: '' });
    }
  }
}
