import { RandomProjection } from './random-projection.ts';
import type { Row } from './rows.ts';
import { type SignatureDistance, Signatures } from './signatures.ts';
import type { Space } from './space.ts';

/** Jubatus' nearest_neighbor engines `euclid_lsh` and `lsh`: signatures, every one compared. */
export class SignatureSpace implements Space {
  private readonly signatures: Signatures;
  private readonly projection: RandomProjection;
  private readonly projected: Float32Array;
  private loaded: Row | undefined;

  constructor(bits: number, distance: SignatureDistance) {
    this.signatures = new Signatures(bits, distance);
    this.projection = new RandomProjection(bits);
    this.projected = new Float32Array(bits);
  }

  measure(row: Row, distances: Float64Array, high: number): void {
    this.load(row);
    this.signatures.measure(distances, high);
  }

  measureFrom(slot: number, distances: Float64Array, high: number): void {
    this.signatures.loadFrom(slot);
    this.signatures.measure(distances, high);
  }

  insert(slot: number, row: Row): void {
    if (row !== this.loaded) this.load(row);
    this.signatures.insert(slot);
  }

  remove(slot: number): void {
    this.signatures.remove(slot);
  }

  private load(row: Row): void {
    this.projection.project(row, this.projected);
    this.signatures.load(row, this.projected);
    this.loaded = row;
  }
}
