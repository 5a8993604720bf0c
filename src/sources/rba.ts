import * as v from 'valibot';
import { defineSource } from '../event/index.ts';
import { lineOptions } from '../io/line-options.ts';
import { LineSource } from '../io/line-source.ts';
import { rbaReader } from './rba/reader.ts';

const options = v.strictObject({
  ...lineOptions(
    "Files of the data set (rba-dataset.csv), plain or compressed, or folders of them; '-' is standard input. Of a folder, *.csv is read, compressed or not.",
  ),
});

/**
 * Logins of the "Login Data Set for Risk-Based Authentication". Wiefling, Jørgensen, Thunem and Lo Iacono (2022), ACM
 * Transactions on Privacy and Security. https://doi.org/10.1145/3546069 https://github.com/das-group/rba-dataset
 * Its authors warn: values are artificial; do not train what shall watch real logins on it.
 */
export const rba = defineSource({
  name: 'rba',
  summary: 'Logins of the data set for risk-based authentication (31 million, artificial), with takeovers as labels.',
  options,
  examples: ['scops score --source rba:rba-dataset.csv'],
  target: (target) => ({ paths: target }),
  create: (given, context) => new LineSource({ name: 'rba', options: given, context, takes, reader: rbaReader() }),
});

const takes = (name: string): boolean => /\.csv(?:\.gz)?$/.test(name);
