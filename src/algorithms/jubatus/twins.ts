import { grown } from './rows.ts';

/** Which rows are the same to an index: each kind of row has a number, used again after its last row is gone. */
export class Twins {
  private readonly kinds = new Map<string, number>();
  private readonly names: string[] = [];
  private readonly counts: number[] = [];
  private readonly free: number[] = [];
  private kindOf = new Uint32Array(0);

  /** The kind of a row. */
  of(slot: number): number {
    return this.kindOf[slot]!;
  }

  /** @returns The kind, and whether the row is its first. */
  enter(slot: number, name: string): { kind: number; isFirst: boolean } {
    const known = this.kinds.get(name);
    const kind = known ?? this.free.pop() ?? this.names.length;
    this.kinds.set(name, kind);
    this.names[kind] = name;
    this.counts[kind] = (known === undefined ? 0 : this.counts[kind]!) + 1;
    this.kindOf = grown(this.kindOf, slot + 1);
    this.kindOf[slot] = kind;
    return { kind, isFirst: known === undefined };
  }

  leave(slot: number): void {
    const kind = this.of(slot);
    if (--this.counts[kind]! > 0) return;
    this.kinds.delete(this.names[kind]!);
    this.free.push(kind);
  }
}
