import type { Random } from '../random.ts';
import type { Encoder } from './encoder.ts';
import { madeUp } from './negatives.ts';
import type { Pairs } from './pairs.ts';

interface Filling {
  readonly encoder: Encoder;
  readonly pairs: Pairs;
  /** The place of an entity's vector in the batch. */
  readonly slotOf: Int32Array;
  /** Random addresses for each real pair. */
  readonly made: number;
  readonly random: Random;
}

/**
 * Put a block of a batch, from one of its pairs to another, into the encoder: after each real pair those with its
 * address and another entity, then those with its entity and a random address. `batch` is followed by shuffled ones.
 */
export function fill(
  { encoder, pairs, slotOf, made, random }: Filling,
  [batch, ...others]: readonly [batch: Uint32Array, ...others: Uint32Array[]],
  from: number,
  to: number,
): void {
  const { octets, rows, slots, rowBytes } = encoder;
  const length = encoder.shape.octets;
  const words = length / 4;
  const slot = (pair: number): number => slotOf[pairs.entities[pair]!]! * rowBytes;
  let [address, sample] = [0, 0];
  for (let index = from; index < to; index++) {
    const pair = batch[index]!;
    const own = slot(pair);
    for (let word = 0; word < words; word++)
      write(pairs.addresses[pair * words + word]!, octets, address * length + 4 * word);
    rows[sample] = address * rowBytes;
    slots[sample++] = own;
    for (const other of others) {
      rows[sample] = address * rowBytes;
      slots[sample++] = slot(other[index]!);
    }
    address++;
    for (let i = 0; i < made; i++) {
      madeUp(length, random, octets, address * length);
      rows[sample] = address++ * rowBytes;
      slots[sample++] = own;
    }
  }
}

function write(word: number, octets: Uint8Array, at: number): void {
  octets[at] = word >>> 24;
  octets[at + 1] = word >>> 16;
  octets[at + 2] = word >>> 8;
  octets[at + 3] = word;
}
