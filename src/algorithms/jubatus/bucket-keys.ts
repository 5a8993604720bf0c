import { Fnv1 } from './fnv.ts';
import { MersenneTwister } from './mersenne-twister.ts';
import type { BucketEngine } from './parameters.ts';
import { probes, wholeNumber } from './probes.ts';
import { RandomProjection } from './random-projection.ts';
import type { Row } from './rows.ts';
import type { Signatures } from './signatures.ts';

/** The settings of `euclid_lsh`, none left to a default. */
export function settingsOf(engine: BucketEngine) {
  const { hashNum = 64, tableNum = 4, binWidth = 100, probeNum = 64, seed = 1091 } = engine;
  return { hashNum, tableNum, binWidth: Math.fround(binWidth), probeNum, seed };
}

/** Hashes a row for the tables of `euclid_lsh`: projections in units of the bin width, moved by a random part of one. */
export class BucketKeys {
  /** Of the row hashed last, a key for each table. */
  readonly keys: Float64Array;
  private readonly settings: ReturnType<typeof settingsOf>;
  private readonly projection: RandomProjection;
  private readonly shift: Float32Array;
  private readonly hashes: Float32Array;
  private readonly fnv = new Fnv1();

  constructor(engine: BucketEngine) {
    this.settings = settingsOf(engine);
    const { hashNum, tableNum, seed } = this.settings;
    this.projection = new RandomProjection(hashNum * tableNum);
    const twister = new MersenneTwister(seed);
    this.shift = Float32Array.from({ length: hashNum * tableNum }, () => twister.double());
    this.hashes = new Float32Array(hashNum * tableNum);
    this.keys = new Float64Array(tableNum);
  }

  /** The signature is made of the projections as they are. */
  load(row: Row, signatures: Signatures): void {
    const { hashes, shift, keys } = this;
    const { binWidth, hashNum } = this.settings;
    this.projection.project(row, hashes);
    signatures.load(row, hashes);
    for (let i = 0; i < hashes.length; i++) hashes[i] = Math.fround(hashes[i]! / binWidth) + shift[i]!;
    for (let table = 0; table < keys.length; table++) keys[table] = this.key(hashes, table * hashNum, table);
  }

  /** Of the buckets near those of the row hashed last, the nearest first. */
  *near(): Generator<number> {
    let left = this.settings.probeNum;
    for (const { coordinates, table } of probes(this.hashes, this.settings.hashNum)) {
      if (left-- === 0) return;
      yield this.key(coordinates, 0, table);
    }
  }

  private key(coordinates: Float32Array | Int32Array, from: number, table: number): number {
    const { fnv } = this;
    fnv.reset();
    for (let i = from; i < from + this.settings.hashNum; i++) fnv.int32(wholeNumber(coordinates[i]!));
    fnv.int32(table);
    return fnv.low53;
  }
}
