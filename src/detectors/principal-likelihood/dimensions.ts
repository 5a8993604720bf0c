import type { Names } from '../../text/names.ts';
import type { Call } from './call.ts';

/** What a principal has habits of. */
export const dimensions = [
  'origin',
  'spot',
  'endpoint',
  'asn',
  'country',
  'action',
  'agent',
  'platform',
  'region',
  'assumer',
] as const;
type Dimension = (typeof dimensions)[number];
export const dimension = Object.fromEntries(dimensions.map((name, at) => [name, at])) as Readonly<
  Record<Dimension, number>
>;

/** What a dimension has where the call has nothing, and where its word was never learnt. */
export const absent = -1;
const unheard = -2;

/** How many values of each are remembered of a principal; the least used goes. */
export const most: readonly number[] = [5, 24, 12, 24, 16, 160, 16, 10, 24, 24];

/** One over how many values there are to choose from. */
export const ground: readonly number[] = [1 / 5, 1e-4, 1e-3, 2e-4, 1e-2, 1 / 4000, 1e-2, 0.1, 0.05, 1e-3];

/** Before any is seen, how often a call brings something new to a principal with some history. */
export const usual: readonly number[] = [0.001, 0.005, 0.002, 0.004, 0.002, 0.02, 0.004, 0.002, 0.003, 0.002];

/** A call by dimension. */
export type Values = number[];

const words = (
  { origin, spot, endpoint, country, action, agent, platform, region }: Call,
  assumer: string,
): readonly string[] => [origin, spot, endpoint, '', country, action, agent, platform, region, assumer];

/** `assumer` is who took on the role of the session, '' where that is not known. */
export function valuesOf(call: Call, assumer: string, names: Names): Values {
  const values: Values = [];
  const texts = words(call, assumer);
  for (let at = 0; at < texts.length; at++) {
    const text = texts[at] as string;
    if (at === dimension.asn) values.push(call.asn);
    else if (text === '') values.push(absent);
    else {
      const id = names.find(text);
      values.push(id < 0 ? unheard : id);
    }
  }
  return values;
}

/** Give every word of a call a number. */
export function hear(values: Values, call: Call, assumer: string, names: Names): void {
  if (!values.includes(unheard)) return;
  for (const [at, text] of words(call, assumer).entries()) if (values[at] === unheard) values[at] = names.add(text);
}
