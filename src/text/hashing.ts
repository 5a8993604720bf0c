/** One row of a sparse matrix: ascending column numbers and their values. */
export interface HashedRow {
  readonly columns: Uint32Array;
  readonly values: Float64Array;
}

const utf8 = new TextEncoder();
const scratch = new Uint8Array(1024);

/** The text's UTF-8, in a buffer that the next call may use again where it is short and ASCII, as most tokens are. */
function bytesOf(text: string): Uint8Array {
  if (text.length > scratch.length) return utf8.encode(text);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return utf8.encode(text);
    scratch[i] = code;
  }
  return scratch;
}

/**
 * MurmurHash3, 32 bits, x86 variant, as a signed number. Austin Appleby (2011, public domain).
 * https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 */
export function murmur3(text: string, seed = 0): number {
  const bytes = bytesOf(text);
  const length = bytes === scratch ? text.length : bytes.length;
  const blocks = length & ~3;
  let hash = seed;
  for (let i = 0; i < blocks; i += 4) {
    const word =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    hash ^= scramble(word);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = length - 1; i >= blocks; i--) tail = (tail << 8) | (bytes[i] as number);
  if (length > blocks) hash ^= scramble(tail);
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function scramble(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

/**
 * Count tokens in `features` columns by the signed hashing trick and scale the row to length 1, with the numbers of
 * scikit-learn's `HashingVectorizer(n_features=features)` to the last bit. No token gives an empty row.
 * Weinberger et al. (2009), https://doi.org/10.1145/1553374.1553516
 */
export function hashTokens(tokens: Iterable<string>, features = 2 ** 20): HashedRow {
  const sums = new Map<number, number>();
  for (const token of tokens) {
    const hash = murmur3(token);
    const column = Math.abs(hash) % features;
    sums.set(column, (sums.get(column) ?? 0) + (hash >= 0 ? 1 : -1));
  }
  const columns = Uint32Array.from(sums.keys()).sort();
  const values = Float64Array.from(columns, (column) => sums.get(column) as number);
  let squares = 0;
  for (const value of values) squares += value * value;
  if (squares > 0) {
    const length = Math.sqrt(squares);
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) / length;
  }
  return { columns, values };
}
