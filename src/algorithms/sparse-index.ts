import type { Nearest } from './nearest.ts';
import type { Metric, NeighborIndex } from './neighbor-index.ts';
import { arrange, columnTable, extremes, groupByLength, invert } from './postings.ts';
import { checkSparseRow, rowTable, type SparseRows } from './rows.ts';

/** Copy row `row` to `columns` and `values` without zeros; for cosine at length 1. Returns how many entries it has. */
export function encodeSparse(
  rows: SparseRows,
  row: number,
  metric: Metric,
  columns: Uint32Array,
  values: Float64Array,
  at = 0,
): number {
  const end = rows.offsets[row + 1]!;
  let square = 0;
  let size = 0;
  for (let i = rows.offsets[row]!; i < end; i++) {
    const value = rows.values[i]!;
    if (value === 0) continue;
    columns[at + size] = rows.columns[i]!;
    values[at + size++] = value;
    square += value * value;
  }
  if (metric === 'cosine' && square > 0) {
    const length = Math.sqrt(square);
    for (let i = at; i < at + size; i++) values[i]! /= length;
  }
  return size;
}

// what things cost, in postings added up in the same time
const compareCost = 12; // comparing a row with the query in full
const seedFactor = 3; // rows of the best blocks that are compared first, for each neighbour wanted
const blockBits = 5;
const blockSize = 1 << blockBits;

/**
 * Exact nearest rows through an inverted index.
 *
 * Rows that share their common terms stand together in blocks. Per block and term the extreme values are known, so a
 * query first bounds every block and compares itself with the rows of the best ones: block-max pruning (Mallia, Suel
 * and Tonellotto 2024, https://doi.org/10.1145/3626772.3657906). When few other blocks can hold a nearer row, those are
 * compared too. Otherwise postings are added up term by term, the shortest list first; once the rows found are nearer
 * than any row can be that has only terms still to come, no new rows are taken up (max-score; Turtle and Flood 1995,
 * https://doi.org/10.1016/0306-4573(95)00020-H), and what can still be near is compared in full. Rows that share no
 * term with the query come from a list by length, so that they are not searched for either.
 *
 * The squared euclidean distance is |x|² - 2 x·y + |y|², as in scikit-learn, each sum in the order of the columns: so
 * equal rows are at distance 0. Ranks are squared euclidean distances or cosine distances.
 *
 * Throws RangeError for the manhattan metric.
 *
 * @param rows Unique and encoded.
 */
export function createSparseIndex(rows: SparseRows, metric: Metric): NeighborIndex<SparseRows> {
  if (metric === 'manhattan') throw new RangeError('Sparse rows know the metrics euclidean and cosine.');
  const euclidean = metric === 'euclidean';
  const vocabulary = columnTable(rows);
  const arrangement = arrange(rows, vocabulary);
  const { rowAt, offsets, terms, values } = arrangement;
  const { starts, places, values: posted } = invert(arrangement, vocabulary.size);
  const byBlock = extremes({ starts, places, values: posted }, blockBits);
  const overall = extremes({ starts, places, values: posted }, 31);
  const { squares, groups, groupStarts, groupPlaces, least, largest } = groupByLength(arrangement);
  const placeOf = new Uint32Array(rows.rows);
  for (const [place, row] of rowAt.entries()) placeOf[row] = place;
  const table = rowTable(rows);
  const everyPlace = rowAt.map((_, place) => place);
  const blockCount = Math.ceil(rows.rows / blockSize);
  const leastOfBlock = new Float64Array(blockCount).fill(Number.POSITIVE_INFINITY);
  for (let place = 0; place < rows.rows; place++) {
    const block = place >>> blockBits;
    leastOfBlock[block] = Math.min(leastOfBlock[block]!, squares[place]!);
  }

  // the query
  let queryRows = { offsets: new Uint32Array(2), columns: new Uint32Array(16), values: new Float64Array(16), rows: 1 };
  let queryTerms = new Uint32Array(16);
  let size = 0; // of its terms that the vocabulary knows
  let square = 0; // of its length
  const weights = new Float64Array(vocabulary.size); // by term; 0 outside the query
  // a row's rank is about base + its shift - factor * its dot product with the query
  const factor = euclidean ? 2 : 1;
  let base = 1;
  const shifts = euclidean ? squares : new Float64Array(rows.rows);

  // room for a search
  let keys = new Float64Array(16);
  let queue = new Uint32Array(16); // terms
  let restDot = new Float64Array(17);
  let restSquare = new Float64Array(17);
  const bounds = new Float64Array(blockCount);
  const dots = new Float64Array(rows.rows);
  const marks = new Uint32Array(rows.rows);
  let mark = 0;
  const candidates = new Uint32Array(rows.rows);

  const makeRoom = (entries: number): void => {
    if (entries <= queryTerms.length) return;
    const room = 2 * entries;
    const columns = new Uint32Array(room);
    queryRows = { offsets: new Uint32Array(2), columns, values: new Float64Array(room), rows: 1 };
    const carried = new Uint32Array(room);
    carried.set(queryTerms);
    queryTerms = carried;
    keys = new Float64Array(room);
    queue = new Uint32Array(room);
    restDot = new Float64Array(room + 1);
    restSquare = new Float64Array(room + 1);
  };
  const clear = (): void => {
    for (let i = 0; i < size; i++) weights[queryTerms[i]!] = 0;
    size = 0;
    square = 0;
  };
  const load = (from: SparseRows, row: number): void => {
    checkSparseRow(from, row);
    makeRoom(from.offsets[row + 1]! - from.offsets[row]!);
    clear();
    const entries = encodeSparse(from, row, metric, queryRows.columns, queryRows.values);
    queryRows.offsets[1] = entries;
    for (let i = 0; i < entries; i++) {
      const value = queryRows.values[i]!;
      square += value * value;
      const term = vocabulary.find(queryRows.columns[i]!);
      if (term < 0) continue;
      queryTerms[size++] = term;
      weights[term] = value;
    }
  };
  const loadFitted = (row: number): void => {
    const place = placeOf[row]!;
    const start = offsets[place]!;
    const end = offsets[place + 1]!;
    makeRoom(end - start);
    clear();
    for (let i = start; i < end; i++) {
      queryTerms[size++] = terms[i]!;
      weights[terms[i]!] = values[i]!;
    }
    square = squares[place]!;
  };

  const rankOf = (dot: number, other: number): number => {
    if (euclidean) return Math.max(0, square - 2 * dot + other);
    if (square === 0 || other === 0) return square === other ? 0 : 1;
    return Math.min(2, Math.max(0, 1 - dot / Math.sqrt(square * other)));
  };
  const compare = (place: number): number => {
    const end = offsets[place + 1]!;
    let dot = 0;
    for (let i = offsets[place]!; i < end; i++) dot += weights[terms[i]!]! * values[i]!;
    return rankOf(dot, squares[place]!);
  };
  const lengthOf = (position: number): number => starts[queue[position]! + 1]! - starts[queue[position]!]!;

  /** Put the query's terms in `queue`, the shortest list first, and bound what the lists from each place can add. */
  const enqueue = (): void => {
    for (let i = 0; i < size; i++) {
      const term = queryTerms[i]!;
      keys[i] = (starts[term + 1]! - starts[term]!) * size + i;
    }
    keys.subarray(0, size).sort();
    restDot[size] = 0;
    restSquare[size] = 0;
    for (let i = size - 1; i >= 0; i--) {
      const term = queryTerms[keys[i]! % size]!;
      const weight = weights[term]!;
      queue[i] = term;
      restDot[i] = restDot[i + 1]! + weight * (weight > 0 ? overall.highest[term]! : overall.lowest[term]!);
      restSquare[i] = restSquare[i + 1]! + weight * weight;
    }
  };

  /** The least rank of a row all of whose shared terms are among those from `position` in the queue. */
  const leastRank = (position: number): number => {
    const dot = restDot[position]!;
    const rest = restSquare[position]!;
    if (!euclidean) return 1 - Math.min(dot, Math.sqrt(rest));
    const closest = Math.min(largest, Math.max(least, rest));
    return square + Math.max(least - 2 * dot, closest - 2 * Math.sqrt(rest * closest));
  };

  /** Put the least rank that a row of each block can have in `bounds`. */
  const boundBlocks = (): void => {
    for (let block = 0; block < blockCount; block++) bounds[block] = base + (euclidean ? leastOfBlock[block]! : 0);
    for (let i = 0; i < size; i++) {
      const term = queryTerms[i]!;
      const weight = weights[term]! * factor;
      const extreme = weight > 0 ? byBlock.highest : byBlock.lowest;
      const end = byBlock.starts[term + 1]!;
      for (let j = byBlock.starts[term]!; j < end; j++) bounds[byBlock.blocks[j]!]! -= weight * extreme[j]!;
    }
  };

  const offerBlock = (block: number, nearest: Nearest): void => {
    const end = Math.min(rows.rows, (block + 1) << blockBits);
    for (let place = block << blockBits; place < end; place++) {
      marks[place] = mark;
      const rank = compare(place);
      if (rank <= nearest.worst) nearest.offer(rank, rowAt[place]!);
    }
    bounds[block] = Number.POSITIVE_INFINITY;
  };

  /** Offer the rows of the best blocks. Returns how many other blocks may hold a nearer row. */
  const offerBest = (nearest: Nearest, slack: number): number => {
    for (let offered = 0; offered < seedFactor * nearest.wanted; offered += blockSize) {
      let best = 0;
      for (let block = 1; block < blockCount; block++) if (bounds[block]! < bounds[best]!) best = block;
      if (bounds[best]! - slack > nearest.worst || bounds[best]! === Number.POSITIVE_INFINITY) return 0;
      offerBlock(best, nearest);
    }
    let left = 0;
    for (let block = 0; block < blockCount; block++) if (bounds[block]! - slack <= nearest.worst) left++;
    return left;
  };

  /** Offer what else may be near by adding up postings. */
  const offerByTerm = (nearest: Nearest, slack: number): void => {
    const limit = nearest.worst + slack;
    let position = 0;
    let met = 0;
    const accumulate = (): void => {
      const term = queue[position++]!;
      const weight = weights[term]!;
      const end = starts[term + 1]!;
      for (let i = starts[term]!; i < end; i++) dots[places[i]!]! += weight * posted[i]!;
    };
    // what the lists to come can add
    const rest = (): number => Math.min(restDot[position]!, Math.sqrt(restSquare[position]! * largest));
    while (position < size && leastRank(position) <= limit) {
      met += lengthOf(position);
      accumulate();
    }
    const all = met > rows.rows / 2; // then a walk over all places is the shorter one, and others do no harm
    let bar = (base + (euclidean ? least : 0) - limit) / factor - rest();
    let found = 0;
    for (let list = 0; list < (all ? 1 : position); list++) {
      const from = all ? everyPlace : places;
      const end = all ? rows.rows : starts[queue[list]! + 1]!;
      for (let i = all ? 0 : starts[queue[list]!]!; i < end; i++) {
        const place = from[i]!;
        if (dots[place]! >= bar && marks[place] !== mark) {
          marks[place] = mark;
          candidates[found++] = place;
        }
      }
    }
    while (position < size && found * compareCost > lengthOf(position)) {
      accumulate();
      bar = (base + (euclidean ? least : 0) - limit) / factor - rest();
      let kept = 0;
      for (let i = 0; i < found; i++) {
        const place = candidates[i]!;
        if (dots[place]! >= bar) candidates[kept++] = place;
      }
      found = kept;
    }
    const gain = base - slack - factor * rest();
    for (let i = 0; i < found; i++) {
      const place = candidates[i]!;
      if (gain + shifts[place]! - factor * dots[place]! <= nearest.worst) nearest.offer(compare(place), rowAt[place]!);
    }
    if (met > rows.rows / 4) dots.fill(0);
    else
      for (let list = 0; list < position; list++) {
        for (let i = starts[queue[list]!]!; i < starts[queue[list]! + 1]!; i++) dots[places[i]!] = 0;
      }
  };

  /** Offer rows that share no term with the query, nearest first. */
  const offerUnrelated = (nearest: Nearest): void => {
    for (let group = 0; group < groups.length; group++) {
      const rank = rankOf(0, groups[group]!);
      if (rank > nearest.worst) break;
      for (let i = groupStarts[group]!; i < groupStarts[group + 1]!; i++) {
        const place = groupPlaces[i]!;
        if (marks[place] === mark) continue;
        const exact = compare(place); // not just `rank`: a row that was ruled out above may share terms
        if (!nearest.offer(exact, rowAt[place]!) && exact === rank) break;
      }
    }
  };

  const search = (nearest: Nearest): void => {
    if (++mark === 2 ** 32) {
      marks.fill(0);
      mark = 1;
    }
    base = euclidean ? square : 1;
    const slack = 1e-15 * (size + 8) * (euclidean ? square + largest : 1); // above the rounding of any way to add up
    boundBlocks();
    const left = offerBest(nearest, slack);
    if (left > 0) {
      enqueue();
      let postings = 0;
      for (let position = 0; position < size; position++) postings += lengthOf(position);
      if (left * blockSize * compareCost > postings) offerByTerm(nearest, slack);
      else
        for (let block = 0; block < blockCount; block++) {
          if (bounds[block]! - slack <= nearest.worst) offerBlock(block, nearest);
        }
    }
    offerUnrelated(nearest);
  };

  return {
    rows,
    order: rowAt,
    load,
    find: () => table.find(queryRows, 0),
    search,
    searchRow: (row, nearest) => {
      loadFitted(row);
      search(nearest);
    },
    distance: euclidean ? Math.sqrt : (value) => value,
  };
}
