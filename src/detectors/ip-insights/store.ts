import * as v from 'valibot';
import { IpInsights } from '../../algorithms/ip-insights/index.ts';
import type { ModelFile, NumberArray } from '../../io/model-file.ts';
import { exactEntities, hashedEntities } from './entities.ts';
import { History, type HistoryState } from './history.ts';
import type { Fitted } from './model.ts';
import { kinds } from './pair.ts';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

export const savedHeader = v.object({
  settings: v.object({
    entities: v.picklist(['exact', 'hashed']),
    epochs: whole,
    learningRate: v.number(),
    finalLearningRate: v.number(),
    miniBatchSize: whole,
    randomNegativeSamplingRate: whole,
    shuffledNegativeSamplingRate: whole,
    weightDecay: v.number(),
    seed: whole,
  }),
  layers: v.pipe(whole, v.maxValue(100)),
  dim: v.pipe(whole, v.minValue(4), v.maxValue(4096)),
  names: v.nullable(v.array(v.string())),
});
export type Saved = v.InferOutput<typeof savedHeader>;

const families = [
  ['v4', 4],
  ['v6', 8],
] as const;

/** Model files hold no 32-bit floats: their bits are kept as whole numbers. */
const bitsOf = (floats: Float32Array): Uint32Array => new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
const floatsOf = (bits: Uint32Array): Float32Array => new Float32Array(bits.buffer, bits.byteOffset, bits.length);

export function savedArrays({ insights, histories, scores }: Fitted): Record<string, NumberArray> {
  const { counts, entities, encoders } = insights.state;
  const arrays: Record<string, NumberArray> = { counts, entities: bitsOf(entities) };
  for (const { octets, weights } of encoders) arrays[`encoder/${octets}`] = bitsOf(weights);
  for (const [family] of families)
    for (const [name, array] of Object.entries(histories[family].state)) arrays[`${family}/${name}`] = array;
  for (const [kind, values] of Object.entries(scores)) arrays[`scores/${kind}`] = values;
  return arrays;
}

/** Throws RangeError when the parts do not fit together. */
export function fittedFrom({ settings, layers, dim, names }: Saved, arrays: ModelFile['arrays']): Fitted {
  const words = (name: string): Uint32Array => part(arrays, name, Uint32Array);
  const counts = words('counts');
  const entities = names === null ? hashedEntities(counts.length) : exactEntities(names);
  if (entities.size !== counts.length || counts.length === 0) throw new RangeError('The entities are cut short.');
  const encoders = families.flatMap(([, octets]) => {
    const name = `encoder/${octets}`;
    return Object.hasOwn(arrays, name) ? [{ octets, weights: floatsOf(words(name)) }] : [];
  });
  const insights = new IpInsights({ dim, layers, counts, entities: floatsOf(words('entities')), encoders });
  const history = (family: string): History => {
    const state: HistoryState = {
      offsets: words(`${family}/offsets`),
      high: words(`${family}/high`),
      low: words(`${family}/low`),
      sums: part(arrays, `${family}/sums`, Float64Array),
    };
    if (state.offsets.length !== counts.length + 1) throw new RangeError('The addresses of entities are cut short.');
    return new History(state);
  };
  const scores = kinds.flatMap((kind) => {
    const name = `scores/${kind}`;
    return Object.hasOwn(arrays, name) ? [[kind, part(arrays, name, Float64Array)]] : [];
  });
  return {
    insights,
    entities,
    histories: { v4: history('v4'), v6: history('v6') },
    scores: Object.fromEntries(scores),
    settings,
  };
}

function part<Kind extends NumberArray>(
  arrays: ModelFile['arrays'],
  name: string,
  kind: abstract new (...given: never[]) => Kind,
): Kind {
  const array = arrays[name];
  if (array instanceof kind) return array;
  throw new RangeError(`The part "${name}" is missing.`);
}
