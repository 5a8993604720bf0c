import * as v from 'valibot';
import { defineDetector, type Event, type Model, ScopsError } from '../event/index.ts';
import { decodeModelFile, type ModelFile } from '../io/model-file.ts';
import { Ledger } from './lof/ledger.ts';
import { LofModel, type Settings, sightingOf } from './lof/model.ts';
import type { RankerState } from './lof/ranker.ts';
import { type Group, groups } from './lof/sighting.ts';

const list = (description: string) => v.optional(v.pipe(v.array(v.string()), v.description(description)), []);

const options = v.strictObject({
  neighbors: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(1000),
      v.description('How many neighbours define a density.'),
    ),
    20,
  ),
  duplicates: v.optional(
    v.pipe(
      v.picklist(['collapse', 'keep']),
      v.description('Whether what occurs again counts once (its count kept as evidence) or makes its place denser.'),
    ),
    'collapse',
  ),
  compat: v.optional(
    v.pipe(
      v.picklist(['none', 'mimizuku']),
      v.description("With 'mimizuku', its text, its lists and its scores, so that the same alerts are flagged."),
    ),
    'none',
  ),
  ignoreUsers: list('Events of users with these names are not looked at.'),
  ignoreUserIds: list('Events of users with these ids are not looked at.'),
  ignoreFiles: list('Files whose paths begin with one of these are not looked at.'),
  abuseFiles: list(
    'Files whose paths contain one of these are always findings. `*` is any text, `^` the beginning, `$` the end.',
  ),
});

/** Local outlier factor over the texts of commands and paths, with who did it and how often it was seen. */
export const lof = defineDetector({
  name: 'lof',
  summary: 'Commands and file changes unlike those seen before, by local outlier factor.',
  options,
  examples: [
    'scops fit --model model.scops alerts.json',
    'scops fit --model model.scops --compat mimizuku alerts.json',
  ],
  create: (settings) => ({
    name: 'lof',
    kinds: groups,
    ...(settings.compat === 'mimizuku' ? { readsRaw: true } : {}),
    fit: (events) => fit(events, settings),
    load: (bytes) => load(bytes, settings),
  }),
});

async function fit(events: AsyncIterable<Event>, settings: Settings): Promise<Model> {
  const ledgers = new Map(groups.map((group) => [group, new Ledger(settings.compat === 'mimizuku')]));
  let learnt = 0;
  for await (const event of events) {
    const ledger = ledgers.get(event.kind as Group);
    const sighting = ledger && sightingOf(event, settings);
    if (sighting === undefined) continue;
    ledger?.add(sighting);
    learnt++;
  }
  if (learnt === 0) {
    throw new ScopsError(
      'NOTHING_LEARNT',
      'No command and no file event to learn from: Wazuh rules 80792 (auditd execve), 550, 553, 554 or the registry ones.',
    );
  }
  return new LofModel(ledgers, settings);
}

const header = v.object({
  neighbors: options.entries.neighbors.wrapped,
  duplicates: options.entries.duplicates.wrapped,
  compat: options.entries.compat.wrapped,
  ignoreUsers: v.array(v.string()),
  ignoreUserIds: v.array(v.string()),
  ignoreFiles: v.array(v.string()),
  abuseFiles: v.array(v.string()),
  groups: v.array(v.picklist(groups)),
});

/** Lists that the detector was created with count instead of those saved; how it was fitted does not change. */
function load(bytes: Uint8Array, settings: Settings): LofModel {
  const file = decodeModelFile(bytes, 'lof');
  const parsed = v.safeParse(header, file.header);
  if (!parsed.success) {
    throw new ScopsError('MODEL_FORMAT', `This model file's header is not one of "lof": ${parsed.issues[0].message}.`);
  }
  const { groups: saved, ...fitted } = parsed.output;
  const asked = Object.entries(settings).filter(([, value]) => Array.isArray(value) && value.length > 0);
  const ordered = fitted.compat === 'mimizuku';
  const ledgers = new Map(saved.map((group) => [group, Ledger.load(`${group}/`, file.arrays, ordered)]));
  const states = new Map(saved.map((group) => [group, stateOf(group, file.arrays)]));
  try {
    return new LofModel(ledgers, { ...fitted, ...Object.fromEntries(asked) }, states);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ScopsError('MODEL_FORMAT', `The parts of this model file do not fit together: ${cause.message}`, {
      cause,
    });
  }
}

function stateOf(group: Group, arrays: ModelFile['arrays']): RankerState {
  const prefix = `${group}/state/`;
  return Object.fromEntries(
    Object.entries(arrays).flatMap(([name, array]) =>
      name.startsWith(prefix) && !(array instanceof Uint8Array) ? [[name.slice(prefix.length), array] as const] : [],
    ),
  );
}
