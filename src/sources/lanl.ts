import * as v from 'valibot';
import { defineSource } from '../event/index.ts';
import { lineOptions } from '../io/line-options.ts';
import type { LineReader } from '../io/line-reader.ts';
import { LineSource } from '../io/line-source.ts';
import { authReader } from './lanl/auth.ts';
import { readRedTeam } from './lanl/red-team.ts';

const options = v.strictObject({
  ...lineOptions(
    "Files of authentications (auth.txt), plain or compressed, or folders of them; '-' is standard input. Of a folder, *.txt and *.csv are read, compressed or not.",
  ),
  epoch: v.optional(
    v.pipe(
      v.number(),
      v.safeInteger(),
      v.description('What second 0 of the data set is, in milliseconds since 1970: the set does not tell.'),
    ),
    0,
  ),
  redteam: v.optional(
    v.pipe(v.string(), v.description("The set's redteam.txt: the logins it names get the field label.attack.")),
  ),
});

/**
 * Authentications of the data set "Comprehensive, Multi-Source Cyber-Security Events" of Los Alamos National Laboratory.
 * Kent, A. D. (2015). https://doi.org/10.17021/1179829 https://csr.lanl.gov/data/cyber1/
 */
export const lanl = defineSource({
  name: 'lanl',
  summary: "Authentications of Los Alamos National Laboratory's data set of 2015, with its red team as labels.",
  options,
  examples: ['scops score --source lanl:auth.txt.gz', 'scops score --source lanl:auth.txt --redteam redteam.txt.gz'],
  target: (target) => ({ paths: target }),
  create(given, context) {
    const labels = new Set<string>();
    const { redteam } = given;
    const reader: LineReader = {
      ...authReader(given.epoch, labels),
      ...(redteam !== undefined && { prepare: () => readRedTeam(redteam, context, labels) }),
    };
    return new LineSource({ name: 'lanl', options: given, context, takes, reader });
  },
});

const takes = (name: string): boolean => /\.(?:txt|csv)(?:\.gz)?$/.test(name) && !name.startsWith('redteam');
