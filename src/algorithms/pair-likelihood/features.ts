import type { AddressList } from './address-list.ts';
import { type Family, levels, sharedLevels } from './family.ts';
import type { Landscape } from './landscape.ts';
import type { Lookup } from './lookup.ts';

const shared = sharedLevels.length;
/** Steps in the landscape to either side within which an entity's pairs are counted. */
const window = 32;

export const own = 0;
export const peers = 1;
/** To which group each number of a row belongs. */
export const groups: readonly number[] = [
  ...new Array<number>(9 + levels + 2 * (shared - 1) + 4).fill(own),
  ...new Array<number>(shared + 1).fill(peers),
];
export const features = groups.length;

/** What a combiner asks of a pair that was just looked up. */
export function rowInto(row: Float32Array, family: Family, entity: number, found: Lookup, land: Landscape): void {
  const { words } = family;
  const list = family.list(entity);
  const { pairs, distinct, before, after, key, nearest, place, counts, others } = found;
  const far = words === 1 ? 2 ** 32 : 2 ** 64;
  const left = before < 0 ? far : key - before;
  const right = after < 0 ? far : after - key;
  row[0] = pairs;
  row[1] = distinct;
  row[2] = distinct / (pairs + 1);
  row[3] = found.bits;
  row[4] = left;
  row[5] = right;
  row[6] = Math.min(left, right);
  row[7] = nearest < 0 ? 0 : list.count(nearest);
  row[8] = found.ownOdds(words);
  let at = 9;
  for (let level = 0; level < levels; level++) row[at++] = counts[level]!;
  for (let level = 0; level < shared - 1; level++) row[at++] = counts[sharedLevels[level]!]! / (pairs + 1);
  for (let level = 0; level < shared - 1; level++)
    row[at++] = pairs === 0 ? 0 : family.spread(entity, level) / (pairs + 1);
  const here = land.place(key);
  const most = land.sample.length;
  const stepsLeft = before < 0 ? most : Math.max(0, here - land.place(before, here));
  const stepsRight = after < 0 ? most : Math.max(0, land.place(after, here) - here);
  row[at++] = stepsLeft;
  row[at++] = stepsRight;
  row[at++] = Math.min(stepsLeft, stepsRight);
  const from = placeOf(list, land.before(here, window), 0, place);
  const to = placeOf(list, land.before(here, -window), place, distinct);
  row[at++] = list.until(to - 1) - list.until(from - 1);
  for (let level = 0; level < shared; level++) row[at++] = others[level]!;
  row[at] = land.width(here);
}

function placeOf(list: AddressList, key: number, from: number, to: number): number {
  const high = list.words === 1 ? key : Math.floor(key / 4_294_967_296);
  return list.place(high, list.words === 1 ? 0 : key - high * 4_294_967_296, from, to);
}
