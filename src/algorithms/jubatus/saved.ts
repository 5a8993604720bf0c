import type { Strays } from './buckets.ts';
import type { LofParameters } from './parameters.ts';
import type { Row } from './rows.ts';

/** A model as plain data: a header for JSON and flat arrays. */
export interface SavedAnomaly {
  readonly header: Record<string, unknown>;
  readonly arrays: Record<string, Float64Array | Uint32Array | Uint8Array>;
}

interface SavedRow {
  readonly id: string;
  readonly row: Row;
  /** Its number among all rows ever added. */
  readonly sequence: number;
  readonly kDistance: number;
  readonly density: number;
}

/** What a model knows, the oldest row first. */
export interface AnomalyState {
  readonly rows: readonly SavedRow[];
  /** Every feature there is, oldest first. */
  readonly keys: readonly string[];
  /** How many rows were ever added. */
  readonly added: number;
  /** The numbers of rows that are gone, for when they come again. */
  readonly gone: readonly (readonly [id: string, sequence: number])[];
  /** Of the unlearner. */
  readonly unlearnable: readonly string[];
  readonly random?: Uint32Array;
  /** Of the buckets of `euclid_lsh`. */
  readonly strays?: Strays;
}

const format = 'jubatus-anomaly 1';

export function saveState(parameters: LofParameters, state: AnomalyState): SavedAnomaly {
  const { rows, keys, added, gone, unlearnable, random, strays } = state;
  const columnOf = new Map(keys.map((key, column) => [key, column]));
  const offsets = new Uint32Array(rows.length + 1);
  for (const [i, { row }] of rows.entries()) offsets[i + 1] = offsets[i]! + row.keys.length;
  const columns = new Uint32Array(offsets[rows.length]!);
  const values = new Float64Array(columns.length);
  for (const [i, { row }] of rows.entries()) {
    for (const [j, key] of row.keys.entries()) columns[offsets[i]! + j] = columnOf.get(key)!;
    values.set(row.values, offsets[i]);
  }
  return {
    header: {
      format,
      parameters: canonical(parameters),
      added,
      ids: rows.map(({ id }) => id),
      keys,
      gone,
      unlearnable,
    },
    arrays: {
      offsets,
      columns,
      values,
      sequences: Float64Array.from(rows, ({ sequence }) => sequence),
      kDistances: Float64Array.from(rows, ({ kDistance }) => kDistance),
      densities: Float64Array.from(rows, ({ density }) => density),
      ...(random && { random }),
      ...(strays && { strayNumbers: strays.numbers, strayKeys: strays.keys }),
    },
  };
}

/** @throws Error when this is no saved model, a damaged one, or was made with other parameters. */
export function readState(parameters: LofParameters, { header, arrays }: SavedAnomaly): AnomalyState {
  if (header.format !== format) throw new Error('This is no saved Jubatus model of this version.');
  if (header.parameters !== canonical(parameters)) {
    throw new Error('The saved model was made with other parameters.');
  }
  const { added } = header;
  const ids = texts(header.ids, 'ids');
  const keys = texts(header.keys, 'keys');
  const unlearnable = texts(header.unlearnable, 'unlearnable');
  const { offsets, columns, values, sequences, kDistances, densities, random } = arrays;
  const { strayNumbers: numbers = new Float64Array(0), strayKeys = new Float64Array(0) } = arrays;
  const count = ids.length;
  require(typeof added === 'number' && Number.isSafeInteger(added) && added >= count, 'added');
  require(offsets instanceof Uint32Array && offsets.length === count + 1 && offsets[0] === 0, 'offsets');
  require(columns instanceof Uint32Array && columns.length === offsets[count], 'columns');
  require(columns.every((column) => column < keys.length), 'columns');
  require(values instanceof Float64Array && values.length === columns.length, 'values');
  require(values.every((value) => value !== 0 && Math.abs(value) <= 1e70), 'values');
  require(sequences instanceof Float64Array && sequences.length === count, 'sequences');
  require(kDistances instanceof Float64Array && kDistances.length === count, 'kDistances');
  require(kDistances.every((distance) => distance >= 0), 'kDistances');
  require(densities instanceof Float64Array && densities.length === count, 'densities');
  require(densities.every((density) => density >= 0), 'densities');
  require(random === undefined || random instanceof Uint32Array, 'random');
  require(numbers instanceof Float64Array && strayKeys instanceof Float64Array, 'strays');
  require(numbers.length === strayKeys.length && numbers.every((number) => number >= 0 && number < added), 'strays');
  require(numbers.every(Number.isSafeInteger) && strayKeys.every(Number.isSafeInteger), 'strays');
  const { gone = [] } = header;
  require(Array.isArray(gone) && gone.every(isNumbered) && gone.every(([, sequence]) => sequence < added), 'gone');
  const hasCopies = parameters.method === 'light_lof' && parameters.compat === '1.1.1';
  const rows = ids.map((id, i): SavedRow => {
    const [from, to, sequence] = [offsets[i]!, offsets[i + 1]!, sequences[i]!];
    require(from <= to, 'offsets');
    require(sequence > (i === 0 ? -1 : sequences[i - 1]!) && sequence < added, 'sequences');
    const own = [...columns.subarray(from, to)];
    require(hasCopies || new Set(own).size === own.length, 'columns');
    const row = { keys: own.map((column) => keys[column]!), values: [...values.subarray(from, to)] };
    return { id, row, sequence, kDistance: kDistances[i]!, density: densities[i]! };
  });
  return { rows, keys, added, gone, unlearnable, ...(random && { random }), strays: { numbers, keys: strayKeys } };
}

function require(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`The saved Jubatus model is damaged: its ${what} do not fit.`);
}

function isNumbered(pair: unknown): pair is [string, number] {
  return Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string' && Number.isSafeInteger(pair[1]);
}

/** A list of texts, each once. */
function texts(value: unknown, what: string): string[] {
  require(Array.isArray(value) && value.every((text) => typeof text === 'string'), what);
  require(new Set(value).size === value.length, what);
  return value;
}

/** The same text for the same parameters, however they were put together. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null ? Object.fromEntries(Object.entries(part).sort()) : part,
  );
}
