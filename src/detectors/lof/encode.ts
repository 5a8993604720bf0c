import type { SparseRows } from '../../algorithms/index.ts';
import { murmur3 } from '../../text/hashing.ts';

const columns = 2 ** 20;

/**
 * Texts as rows of length 1 over hashed tokens: every argument, its words, the folders above a path and its extension,
 * each weighted 1 + ln(count). What lies in the same folder, or is called with the same arguments, is near.
 */
export function encodeTexts(texts: readonly string[]): SparseRows {
  const offsets = new Uint32Array(texts.length + 1);
  const ids: number[] = [];
  const values: number[] = [];
  for (const [row, text] of texts.entries()) {
    const counts = new Map<number, number>();
    for (const token of tokens(text)) {
      const column = (murmur3(token) >>> 0) % columns;
      counts.set(column, (counts.get(column) ?? 0) + 1);
    }
    const entries = [...counts].sort(([a], [b]) => a - b).map(([column, n]) => [column, 1 + Math.log(n)] as const);
    const length = Math.sqrt(entries.reduce((sum, [, weight]) => sum + weight * weight, 0));
    for (const [column, weight] of entries) {
      ids.push(column);
      values.push(weight / length);
    }
    offsets[row + 1] = ids.length;
  }
  return { offsets, columns: Uint32Array.from(ids), values: Float64Array.from(values), rows: texts.length };
}

/** The tokens of one normalised text. */
function tokens(text: string): string[] {
  const found: string[] = [];
  for (const argument of text.split(/\s+/)) {
    if (argument === '') continue;
    found.push(argument);
    for (const word of wordsOf(argument)) found.push(`w:${word}`);
    const folders = argument.split(/[/\\]/);
    if (folders.length < 3) continue;
    let path = '';
    for (const folder of folders.slice(0, deepest)) {
      path += `${folder}/`;
      if (path !== '/') found.push(path);
    }
    const name = folders.at(-1) as string;
    const dot = name.lastIndexOf('.');
    if (dot > 0) found.push(`x:${name.slice(dot)}`);
  }
  return found;
}

/** Folders deeper than this add no token, so that a path of nothing but slashes costs linear time. */
const deepest = 32;

/** Words for people and for comparison: letters, digits, underscores and masks. */
export const wordsOf = (text: string): readonly string[] => text.match(/[\p{L}\p{N}_*]+/gu) ?? [];
