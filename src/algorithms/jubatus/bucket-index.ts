import { Candidates } from './bucket.ts';
import { BucketKeys, settingsOf } from './bucket-keys.ts';
import { Buckets, type Strays } from './buckets.ts';
import type { NeighborIndex } from './neighbor-index.ts';
import type { BucketEngine } from './parameters.ts';
import { PartialSort } from './partial-sort.ts';
import type { RowTable } from './row-table.ts';
import { grown, type Row, sameRow } from './rows.ts';
import { Shortlist } from './shortlist.ts';
import { Signatures } from './signatures.ts';
import { Twins } from './twins.ts';

/**
 * Jubatus' recommender `euclid_lsh`: rows whose shifted random projections fall into the same whole numbers share a
 * bucket; candidates come from the buckets of table after table until there are enough, for a new row also from
 * buckets near its own. Distances are those of `Signatures`, ties are as GCC's containers decide them.
 */
export class BucketIndex implements NeighborIndex {
  private readonly table: RowTable;
  private readonly tables: number;
  private readonly hash: BucketKeys;
  private readonly buckets: Buckets;
  private readonly candidates = new Candidates();
  private readonly twins = new Twins();
  /** By kind of row. */
  private readonly signatures: Signatures;
  private readonly nearer = new PartialSort();
  /** To questions about stored rows since the last change, by kind of row and how many were asked for. */
  private readonly answers = new Map<number, Shortlist>();
  private readonly lists: Shortlist[] = [];
  private loaded: Row | undefined;
  /** By kind of row: how far from the row asked about, and which question that was. */
  private distances = new Float64Array(0);
  private rounds = new Uint32Array(0);
  private round = 0;

  constructor(table: RowTable, engine: BucketEngine) {
    const { hashNum, tableNum } = settingsOf(engine);
    this.table = table;
    this.tables = tableNum;
    this.hash = new BucketKeys(engine);
    this.buckets = new Buckets(tableNum);
    this.signatures = new Signatures(hashNum * tableNum, 'euclid');
  }

  load(row: Row): void {
    // A row that was refused is asked about again.
    if (this.loaded !== undefined && sameRow(row, this.loaded)) return;
    this.loaded = row;
    this.hash.load(row, this.signatures);
  }

  nearest(count: number): Shortlist {
    const { buckets, candidates, hash } = this;
    const { keys } = hash;
    this.signatures.ask();
    const first = buckets.get(keys[0]!);
    if (first !== undefined && first.size >= count) return this.sorted(first.inOrder(buckets.slotOf), count);
    candidates.clear();
    for (let table = 0; table < this.tables && candidates.size < count; table++)
      candidates.add(buckets.get(keys[table]!));
    if (candidates.size < count) {
      for (const key of hash.near()) {
        candidates.add(buckets.get(key));
        if (candidates.size >= count) break;
      }
    }
    return this.sorted(candidates.inOrder(buckets.slotOf), count);
  }

  nearestTo(slot: number, count: number): Shortlist {
    const kind = this.twins.of(slot);
    const question = count * 2 ** 32 + kind;
    let answer = this.answers.get(question);
    if (answer === undefined) {
      this.signatures.loadFrom(kind);
      answer = this.around(slot, count);
      this.answers.set(question, answer);
    }
    return answer;
  }

  insert(slot: number): void {
    this.know(slot);
    this.buckets.enter(slot, this.table.sequence(slot), this.hash.keys);
  }

  replace(slot: number): void {
    this.twins.leave(slot);
    this.know(slot);
    this.buckets.move(slot, this.table.sequence(slot), this.hash.keys);
  }

  restore(slot: number, row: Row): void {
    this.load(row);
    this.insert(slot);
  }

  remove(slot: number): void {
    this.answers.clear();
    this.twins.leave(slot);
    this.buckets.remove(slot, this.table.sequence(slot));
  }

  saveStrays(): Strays {
    return this.buckets.saveStrays();
  }

  restoreStrays(strays: Strays): void {
    this.buckets.restoreStrays(strays);
  }

  /** The loaded row is that of a slot now. */
  private know(slot: number): void {
    this.answers.clear();
    const { kind, isFirst } = this.twins.enter(slot, `${this.signatures.name()} ${this.hash.keys.join(' ')}`);
    if (isFirst) this.signatures.insert(kind);
  }

  private around(slot: number, count: number): Shortlist {
    const { buckets, candidates } = this;
    const first = buckets.of(slot, 0);
    if (first.size >= count) return this.sorted(first.inOrder(buckets.slotOf), count);
    candidates.clear();
    for (let table = 0; table < this.tables && candidates.size < count; table++)
      candidates.add(buckets.of(slot, table));
    return this.sorted(candidates.inOrder(buckets.slotOf), count);
  }

  /** The nearest of some rows to the one asked about. */
  private sorted(slots: Uint32Array, count: number): Shortlist {
    const { nearer, signatures, twins } = this;
    const { high } = this.table;
    this.distances = grown(this.distances, high);
    this.rounds = grown(this.rounds, high);
    this.round = (this.round + 1) >>> 0;
    const { distances, rounds, round } = this;
    nearer.reset(count);
    let { worst } = nearer;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      const kind = twins.of(slot);
      if (rounds[kind] !== round) {
        rounds[kind] = round;
        distances[kind] = signatures.within(kind, worst);
      }
      const distance = distances[kind]!;
      if (distance >= worst) continue;
      nearer.offer(slot, distance);
      worst = nearer.worst;
    }
    nearer.finish();
    const answer = this.blank(nearer.size);
    for (let i = 0; i < nearer.size; i++) answer.append(nearer.distances[i]!, nearer.slots[i]!);
    return answer;
  }

  /** A list that no answer is in. */
  private blank(capacity: number): Shortlist {
    const { lists, answers } = this;
    const list = lists[answers.size] ?? new Shortlist(this.table, capacity);
    lists[answers.size] = list;
    list.reset(capacity);
    return list;
  }
}
