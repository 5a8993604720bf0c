import { type Bucket, Buckets } from './buckets.ts';
import { Fnv1 } from './fnv.ts';
import { HashSetOrder } from './hash-set-order.ts';
import { MersenneTwister } from './mersenne-twister.ts';
import type { NeighborIndex } from './neighbor-index.ts';
import { NeighborLists } from './neighbor-lists.ts';
import type { BucketEngine } from './parameters.ts';
import { PartialSort } from './partial-sort.ts';
import { probes, wholeNumber } from './probes.ts';
import { RandomProjection } from './random-projection.ts';
import { grown, type Row, type RowTable, sameRow } from './rows.ts';
import { Shortlist } from './shortlist.ts';
import { Signatures } from './signatures.ts';

/** Up to so many rows ties are as in Jubatus; with more of them, where that takes long, the older row is nearer. */
const mostWithTies = 1_536;

/**
 * Jubatus' recommender `euclid_lsh`: rows whose shifted random projections fall into the same whole numbers share a
 * bucket; candidates come from the buckets of table after table until there are enough, for a new row also from
 * buckets near its own. Distances are those of `Signatures`. Other than there, a removed row leaves its buckets.
 */
export class BucketIndex implements NeighborIndex {
  private readonly table: RowTable;
  private readonly perTable: number;
  private readonly tables: number;
  private readonly probeCount: number;
  private readonly binWidth: number;
  private readonly projection: RandomProjection;
  private readonly shift: Float32Array;
  private readonly signatures: Signatures;
  private readonly buckets: Buckets;
  /** Nearest rows in the bucket of the first table, for rows that find enough there. */
  private readonly lists: NeighborLists;
  private readonly widest: number;
  private readonly answer: Shortlist;
  private readonly picked: Shortlist;
  private readonly hash = new Fnv1();
  private seen = new Uint32Array(0);
  private round = 0;
  private candidates = 0;
  private readonly hashes: Float32Array;
  private readonly keys: Float64Array;
  /** From the loaded row to each row of the first table's bucket. */
  private distances = new Float64Array(0);
  private loaded: Row | undefined;
  /** Whether nothing changed since the row was loaded, and no other was asked about. */
  private isFresh = false;
  private isPicked = false;
  private slot = -1;
  private readonly order = new HashSetOrder();
  private taken = new Uint32Array(0);
  private placed = new Uint32Array(0);
  private measured = new Float64Array(0);

  constructor(table: RowTable, engine: BucketEngine, capacity: number, widest: number) {
    const { hashNum = 64, tableNum = 4, binWidth = 100, probeNum = 64, seed = 1091 } = engine;
    const bits = hashNum * tableNum;
    this.table = table;
    this.perTable = hashNum;
    this.tables = tableNum;
    this.buckets = new Buckets(tableNum);
    this.probeCount = probeNum;
    this.binWidth = Math.fround(binWidth);
    this.projection = new RandomProjection(bits);
    const twister = new MersenneTwister(seed);
    this.shift = Float32Array.from({ length: bits }, () => twister.double());
    this.signatures = new Signatures(bits, 'euclid');
    this.lists = new NeighborLists(table, capacity);
    this.widest = Math.max(widest, capacity);
    this.answer = new Shortlist(table, this.widest);
    this.picked = new Shortlist(table, this.widest);
    this.hashes = new Float32Array(bits);
    this.keys = new Float64Array(tableNum);
  }

  load(row: Row): void {
    // A row that was refused is asked about again.
    if (this.isFresh && sameRow(row, this.loaded!)) return;
    this.loaded = row;
    this.isFresh = true;
    this.hashRow(row);
    const first = this.buckets.get(this.keys[0]!);
    const size = first?.size ?? 0;
    this.distances = grown(this.distances, size + 1);
    for (let i = 0; i < size; i++) this.distances[i] = this.signatures.to(first!.rows[i]!);
    this.isPicked = false;
    this.slot = -1;
  }

  nearest(count: number): Shortlist {
    const { answer, buckets, keys } = this;
    if (this.table.size <= mostWithTies) {
      const own = buckets.get(keys[0]!);
      return own !== undefined && this.isUntied(own, count) ? answer : this.nearestInOrder(count);
    }
    const first = buckets.get(keys[0]!);
    if (first !== undefined && first.size >= count && count <= this.widest) {
      this.pick(first);
      answer.take(this.picked, count);
      return answer;
    }
    this.begin(count);
    for (let table = 0; table < this.tables; table++) {
      this.gather(buckets.get(keys[table]!));
      if (this.candidates >= count) return answer;
    }
    let left = this.probeCount;
    for (const probe of probes(this.hashes, this.perTable)) {
      if (left-- === 0) break;
      this.gather(buckets.get(this.key(probe.coordinates, 0, probe.table)));
      if (this.candidates >= count) break;
    }
    return answer;
  }

  nearestTo(slot: number, count: number): Shortlist {
    const { answer, buckets, lists, tables } = this;
    this.isFresh = false;
    const first = buckets.of(slot, 0);
    if (this.table.size <= mostWithTies) {
      if (slot === this.slot ? this.isUntied(first, count) : this.isListUntied(slot, first, count)) return answer;
      this.signatures.loadFrom(slot);
      this.collect();
      for (let table = 0; table < tables && this.order.size < count; table++) this.take(buckets.of(slot, table));
      return this.sorted(count);
    }
    if (first.size >= count) {
      if (slot === this.slot && count <= this.widest) {
        this.pick(first);
        answer.take(this.picked, count);
        return answer;
      }
      if (count <= lists.capacity && lists.read(slot, count, answer)) return answer;
      this.signatures.loadFrom(slot);
      const wanted = Math.max(count, lists.capacity);
      this.begin(wanted);
      this.gather(first);
      lists.store(slot, answer, answer.size < wanted);
      answer.size = Math.min(count, answer.size);
      return answer;
    }
    this.signatures.loadFrom(slot);
    this.begin(count);
    for (let table = 0; table < tables && this.candidates < count; table++) this.gather(buckets.of(slot, table));
    return answer;
  }

  /** Whether the first bucket has enough, and no two rows vie for the last place: then they are the answer. */
  private isUntied(first: Bucket, count: number): boolean {
    const { picked, answer } = this;
    if (first.size <= count || count >= this.widest) return false;
    this.pick(first);
    if (picked.distances[count - 1] === picked.distances[count]) return false;
    answer.take(picked, count);
    return true;
  }

  private isListUntied(slot: number, first: Bucket, count: number): boolean {
    const { lists, answer } = this;
    if (first.size <= count || count >= lists.capacity) return false;
    if (!lists.read(slot, count + 1, answer)) {
      this.signatures.loadFrom(slot);
      this.begin(lists.capacity);
      this.gather(first);
      lists.store(slot, answer, answer.size < lists.capacity);
    }
    if (answer.distances[count - 1] === answer.distances[count]) return false;
    answer.size = count;
    return true;
  }

  private nearestInOrder(count: number): Shortlist {
    const { buckets, keys, perTable, order } = this;
    this.signatures.ask();
    this.collect();
    for (let table = 0; table < this.tables && order.size < count; table++) this.take(buckets.get(keys[table]!));
    if (order.size >= count) return this.sorted(count);
    let left = this.probeCount;
    for (const probe of probes(this.hashes, perTable)) {
      if (left-- === 0) break;
      this.take(buckets.get(this.key(probe.coordinates, 0, probe.table)));
      if (order.size >= count) break;
    }
    return this.sorted(count);
  }

  private collect(): void {
    this.order.reset();
    this.round = (this.round + 1) >>> 0;
  }

  /** Takes a bucket's rows for candidates, the oldest first. */
  private take(bucket: Bucket | undefined): void {
    if (bucket === undefined) return;
    const { seen, round, order, table } = this;
    const { priority } = table;
    let rows = bucket.rows.subarray(0, bucket.size);
    if (rows.some((slot, i) => i > 0 && priority[slot]! < priority[rows[i - 1]!]!)) {
      rows = rows.slice().sort((a, b) => priority[a]! - priority[b]!);
    }
    this.taken = grown(this.taken, order.size + rows.length);
    for (const slot of rows) {
      if (seen[slot] === round) continue;
      seen[slot] = round;
      this.taken[order.size] = slot;
      order.add(priority[slot]!);
    }
  }

  private sorted(count: number): Shortlist {
    const { order, signatures, answer, taken } = this;
    const { size } = order;
    this.placed = grown(this.placed, size);
    this.measured = grown(this.measured, size);
    const { placed, measured } = this;
    order.list(placed);
    for (let i = 0; i < size; i++) {
      placed[i] = taken[placed[i]!]!;
      measured[i] = signatures.to(placed[i]!);
    }
    new PartialSort(placed, measured).sort(Math.min(count, size), size);
    answer.reset(count);
    for (let i = 0; i < count && i < size; i++) answer.append(measured[i]!, placed[i]!);
    return answer;
  }

  insert(slot: number): void {
    const { lists, distances, picked } = this;
    this.isFresh = false;
    this.signatures.insert(slot);
    this.enter(slot);
    const first = this.buckets.of(slot, 0);
    const { rows, size } = first;
    const { bounds } = lists;
    for (let i = 0; i < size - 1; i++) {
      const other = rows[i]!;
      if (distances[i]! <= bounds[other]!) lists.enter(other, slot, distances[i]!);
    }
    this.distances = grown(distances, size);
    this.distances[size - 1] = 0;
    if (this.isPicked) picked.offer(0, slot);
    else this.pick(first);
    lists.store(slot, picked, picked.size < this.widest);
    this.slot = slot;
  }

  restore(slot: number, row: Row): void {
    this.isFresh = false;
    this.hashRow(row);
    this.signatures.insert(slot);
    this.enter(slot);
    this.slot = -1;
  }

  remove(slot: number): void {
    const first = this.buckets.of(slot, 0);
    if (first.key === this.keys[0]) {
      this.distances[this.buckets.position(slot, 0)] = this.distances[first.size - 1]!;
    }
    this.buckets.remove(slot);
    this.signatures.remove(slot);
    this.isFresh = false;
    this.lists.drop(slot);
    this.isPicked = false;
    this.slot = -1;
  }

  /** Loads the row's signature, shifted hashes and the keys of its buckets. */
  private hashRow(row: Row): void {
    const { hashes, shift, binWidth, keys, perTable } = this;
    this.projection.project(row, hashes);
    this.signatures.load(row, hashes);
    for (let i = 0; i < hashes.length; i++) hashes[i] = Math.fround(hashes[i]! / binWidth) + shift[i]!;
    for (let table = 0; table < this.tables; table++) keys[table] = this.key(hashes, table * perTable, table);
  }

  private key(coordinates: Float32Array | Int32Array, from: number, table: number): number {
    const { hash } = this;
    hash.reset();
    for (let i = from; i < from + this.perTable; i++) hash.int32(wholeNumber(coordinates[i]!));
    hash.int32(table);
    return hash.low53;
  }

  private enter(slot: number): void {
    this.buckets.enter(slot, this.keys);
    this.seen = grown(this.seen, slot + 1);
    this.lists.grow();
  }

  private begin(count: number): void {
    this.answer.reset(count);
    this.candidates = 0;
    this.round = (this.round + 1) >>> 0;
  }

  private gather(bucket: Bucket | undefined): void {
    if (bucket === undefined) return;
    const { rows, size } = bucket;
    const { seen, round, signatures, answer } = this;
    for (let i = 0; i < size; i++) {
      const slot = rows[i]!;
      if (seen[slot] === round) continue;
      seen[slot] = round;
      this.candidates++;
      const distance = signatures.to(slot);
      if (distance <= answer.worst) answer.offer(distance, slot);
    }
  }

  private pick(first: Bucket): void {
    if (this.isPicked) return;
    const { picked, distances } = this;
    const { rows, size } = first;
    picked.reset(this.widest);
    for (let i = 0; i < size; i++) if (distances[i]! <= picked.worst) picked.offer(distances[i]!, rows[i]!);
    this.isPicked = true;
  }
}
