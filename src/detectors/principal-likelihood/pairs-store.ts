import { PairLikelihood, type PairState } from '../../algorithms/pair-likelihood/index.ts';
import type { NumberArray } from '../../io/model-file.ts';

type Arrays = Readonly<Record<string, NumberArray>>;
type Combiner = NonNullable<PairState['combiner4']>;

const families = ['v4', 'v6'] as const;
const combiners = ['combiner4', 'combiner6'] as const;

/** What pairs of principals and addresses are known, as parts of a model file. */
export function encodePairs(pairs: PairLikelihood): Record<string, NumberArray> {
  const state = pairs.state();
  const arrays: Record<string, NumberArray> = {
    'pairs/bounds': Float64Array.of(state.mostAddressesPerEntity, state.mostPrefixes),
  };
  for (const family of families)
    for (const [name, array] of Object.entries(state[family])) arrays[`pairs/${family}/${name}`] = array;
  for (const name of combiners) {
    const combiner = state[name];
    if (combiner === undefined) continue;
    const { depth, features, groups, splits, thresholds, leaves } = combiner.trees;
    arrays[`pairs/${name}/sample`] = combiner.sample;
    arrays[`pairs/${name}/shape`] = Float64Array.of(depth, features, groups);
    arrays[`pairs/${name}/splits`] = splits;
    arrays[`pairs/${name}/thresholds`] = Float64Array.from(thresholds);
    arrays[`pairs/${name}/leaves`] = Float64Array.from(leaves);
  }
  return arrays;
}

/** Throws RangeError when the parts are not what `encodePairs` gave. */
export function decodePairs(arrays: Arrays): PairLikelihood {
  const [mostAddressesPerEntity = 0, mostPrefixes = 0] = floats(arrays, 'pairs/bounds', 2);
  const [v4, v6] = families.map((family) => ({
    sizes: words(arrays, `pairs/${family}/sizes`),
    highs: words(arrays, `pairs/${family}/highs`),
    lows: words(arrays, `pairs/${family}/lows`),
    counts: words(arrays, `pairs/${family}/counts`),
  })) as [PairState['v4'], PairState['v6']];
  const [combiner4, combiner6] = combiners.map((name) => combinerOf(arrays, `pairs/${name}`));
  return PairLikelihood.restore({
    mostAddressesPerEntity,
    mostPrefixes,
    v4,
    v6,
    ...(combiner4 === undefined ? {} : { combiner4 }),
    ...(combiner6 === undefined ? {} : { combiner6 }),
  });
}

function combinerOf(arrays: Arrays, name: string): Combiner | undefined {
  if (arrays[`${name}/sample`] === undefined) return undefined;
  const [depth = 0, features = 0, groups = 0] = floats(arrays, `${name}/shape`, 3);
  const splits = arrays[`${name}/splits`];
  if (!(splits instanceof Uint8Array)) throw new RangeError(`The part "${name}/splits" is missing.`);
  const thresholds = Float32Array.from(floats(arrays, `${name}/thresholds`));
  const leaves = Float32Array.from(floats(arrays, `${name}/leaves`));
  return { sample: floats(arrays, `${name}/sample`), trees: { depth, features, groups, splits, thresholds, leaves } };
}

/** A part of floating-point numbers. Throws RangeError when it is missing or of another length. */
export function floats(arrays: Arrays, name: string, length?: number): Float64Array {
  const array = arrays[name];
  if (!(array instanceof Float64Array) || (length !== undefined && array.length !== length))
    throw new RangeError(`The part "${name}" is missing or cut short.`);
  return array;
}

function words(arrays: Arrays, name: string): Uint32Array {
  const array = arrays[name];
  if (!(array instanceof Uint32Array)) throw new RangeError(`The part "${name}" is missing.`);
  return array;
}
