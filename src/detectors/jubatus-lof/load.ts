import * as v from 'valibot';
import { ScopsError } from '../../event/index.ts';
import { decodeModelFile, type NumberArray } from '../../io/model-file.ts';
import { JubatusModel } from './model.ts';
import { savedSetup } from './setup.ts';

const login = v.object({
  user: v.exactOptional(v.string()),
  address: v.exactOptional(v.string()),
  geoid: v.exactOptional(v.number()),
  lists: v.exactOptional(v.number()),
});
const header = v.object({
  config: v.unknown(),
  compat: v.picklist(['1.1.1', 'fixed']),
  settings: v.object({
    per: v.string(),
    hours: v.number(),
    partitions: v.number(),
    rows: v.number(),
    suspicious: v.number(),
    quarantineDays: v.number(),
  }),
  partitions: v.array(
    v.object({
      key: v.string(),
      learnt: v.number(),
      habits: v.object({ seen: v.array(v.string()), recent: v.array(v.tuple([v.number(), v.string()])) }),
      header: v.record(v.string(), v.unknown()),
    }),
  ),
  quarantine: v.object({
    clock: v.number(),
    latest: v.nullable(v.number()),
    held: v.array(
      v.object({
        event: v.string(),
        key: v.string(),
        login,
        surrounding: v.object({ first: v.boolean(), logins: v.number(), locations: v.number() }),
        since: v.number(),
      }),
    ),
  }),
});

/** A saved model, under the options that it was made with. Throws ScopsError MODEL_FORMAT. */
export function loadModel(bytes: Uint8Array): JubatusModel {
  const file = decodeModelFile(bytes, 'jubatus-lof');
  const read = v.safeParse(header, file.header);
  if (!read.success) {
    throw new ScopsError(
      'MODEL_FORMAT',
      `This model file's header is not one of "jubatus-lof": ${read.issues[0].message}.`,
    );
  }
  const { config, compat, settings, partitions, quarantine } = read.output;
  const arrays = partitions.map((): [string, NumberArray][] => []);
  for (const [name, array] of Object.entries(file.arrays)) {
    const slash = name.indexOf('/');
    if (slash > 0) arrays[Number(name.slice(0, slash))]?.push([name.slice(slash + 1), array]);
  }
  return new JubatusModel(savedSetup(config, { compat, mostRows: settings.rows }), settings, {
    partitions: partitions.map((each, index) => ({ ...each, arrays: Object.fromEntries(arrays[index] ?? []) })),
    quarantine,
    scores: file.arrays.scores ?? [],
  });
}
