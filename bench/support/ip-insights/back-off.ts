import type { TutorialCase } from '../../../src/simulate/ip-insights.ts';

/** Lengths of the prefixes that a user's addresses are counted by. */
const lengths = [0, 4, 8, 10, 12, 14, 16, 18, 20, 22, 24, 28, 32];
/** How many made-up addresses, spread evenly, each prefix is given beside the real ones. */
const evenly = 0.5;

/**
 * A peer without vectors: how much likelier an address is for its user than if all were alike, as the product over ever
 * longer prefixes of the share of the user's addresses that go on alike; where none did, all are alike.
 * After Freeman et al. (2016), https://www.ndss-symposium.org/wp-content/uploads/2017/09/who-are-you-statistical-approach-measuring-user-authenticity.pdf
 */
export function backOff(
  users: number,
  { entities, addresses }: { readonly entities: Uint32Array; readonly addresses: Uint32Array },
): (asked: TutorialCase) => Float64Array {
  const offsets = new Uint32Array(users + 1);
  for (const entity of entities) offsets[entity + 1]!++;
  for (let user = 0; user < users; user++) offsets[user + 1]! += offsets[user]!;
  const places = offsets.slice();
  const sorted = new Uint32Array(addresses.length);
  for (const [pair, entity] of entities.entries()) sorted[places[entity]!++] = addresses[pair]!;
  for (let user = 0; user < users; user++) sorted.subarray(offsets[user], offsets[user + 1]).sort();
  const before = (from: number, to: number, value: number): number => {
    let [least, most] = [from, to];
    while (least < most) {
      const middle = (least + most) >>> 1;
      if (sorted[middle]! < value) least = middle + 1;
      else most = middle;
    }
    return least;
  };
  const judge = (user: number, address: number): number => {
    let [from, to] = [offsets[user]!, offsets[user + 1]!];
    let sum = 0;
    for (let level = 1; level < lengths.length && to > from; level++) {
      const size = 2 ** (32 - lengths[level]!);
      const ways = 2 ** (lengths[level]! - lengths[level - 1]!);
      const first = Math.floor(address / size) * size;
      const above = to - from;
      [from, to] = [before(from, to, first), before(from, to, first + size)];
      sum += Math.log(((to - from + evenly / ways) / (above + evenly)) * ways);
    }
    return sum;
  };
  return (asked) => Float64Array.from(asked.users, (user, pair) => judge(user, asked.addresses[pair]!));
}
