import type { Sighting } from '../../pipeline/inventory/sights.ts';
import type { FileAccount } from '../../pipeline/inventory.ts';

/** Files taken together: every record of them is among exactly one of the figures below `records`. */
export interface Total {
  readonly files: number;
  readonly records: number;
  readonly types: readonly Sighting[];
  readonly copies: number;
  readonly updates: number;
  readonly samples: number;
  /** `first` is where the first of them is, as FILE:NUMBER. */
  readonly rejected: readonly { readonly reason: string; readonly count: number; readonly first: string }[];
}

export function totalOf(files: readonly FileAccount[]): Total {
  const types = new Map<string, number>();
  const rejected = new Map<string, { count: number; first: string }>();
  const sum = (of: (file: FileAccount) => number): number => files.reduce((all, file) => all + of(file), 0);
  for (const file of files) {
    for (const { type, count } of file.types) types.set(type, (types.get(type) ?? 0) + count);
    for (const { reason, count, first } of file.rejected) {
      const seen = rejected.get(reason);
      if (seen === undefined) rejected.set(reason, { count, first: `${file.path}:${first}` });
      else seen.count += count;
    }
  }
  return {
    files: files.length,
    records: sum(({ records }) => records),
    types: [...types].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count),
    copies: sum(({ copies }) => copies),
    updates: sum(({ updates }) => updates),
    samples: sum(({ samples }) => samples),
    rejected: [...rejected].map(([reason, seen]) => ({ reason, ...seen })).sort((a, b) => b.count - a.count),
  };
}

/** The records that a total tells something of; all of them, or there is a fault in Scops. */
export const accountedFor = ({ types, copies, updates, samples, rejected }: Total): number =>
  [...types, ...rejected].reduce((all, { count }) => all + count, copies + updates + samples);
