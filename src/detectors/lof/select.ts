/** Values and the rows they came from, moved together. */
interface Pairs {
  readonly values: Float64Array;
  readonly rows: Uint32Array;
}

/**
 * The rows of the `kth + 1` least of `values`, in numpy's order of ties: introselect (Musser 1997) with a median of
 * three, or of fives when that goes badly.
 */
export function argpartition(values: Float64Array, kth: number): Uint32Array {
  const pairs = { values: values.slice(), rows: new Uint32Array(values.length) };
  for (let i = 0; i < values.length; i++) pairs.rows[i] = i;
  select(pairs, 0, values.length, kth);
  return pairs.rows.slice(0, kth + 1);
}

/** Partition the `length` pairs at `from` around the `kth` of them. */
function select(pairs: Pairs, from: number, length: number, kth: number): void {
  const { values } = pairs;
  const target = from + kth;
  const end = from + length;
  if (kth < 3) {
    for (let i = from; i <= target; i++) {
      let least = i;
      for (let j = i + 1; j < end; j++) if ((values[j] as number) < (values[least] as number)) least = j;
      swap(pairs, i, least);
    }
    return;
  }
  if (target === end - 1) {
    let greatest = from;
    for (let i = from + 1; i < end; i++) if ((values[i] as number) >= (values[greatest] as number)) greatest = i;
    swap(pairs, target, greatest);
    return;
  }
  let low = from;
  let high = end - 1;
  let depth = 2 * Math.floor(Math.log2(length));
  while (low + 1 < high) {
    let left = low + 1;
    let right = high;
    if (depth > 0 || right - left < 5) medianOfThree(pairs, low, high);
    else {
      swap(pairs, left + medianOfFives(pairs, left, right - left), low);
      left--;
      right++;
    }
    depth--;
    const pivot = values[low] as number;
    for (;;) {
      do left++;
      while ((values[left] as number) < pivot);
      do right--;
      while (pivot < (values[right] as number));
      if (right < left) break;
      swap(pairs, left, right);
    }
    swap(pairs, low, right);
    if (right >= target) high = right - 1;
    if (right <= target) low = left;
  }
  if (high === low + 1) order(pairs, low, high);
}

/** The median of the first, the middle and the last to `low`, the least of them beside it. */
function medianOfThree(pairs: Pairs, low: number, high: number): void {
  const middle = low + ((high - low) >> 1);
  order(pairs, middle, high);
  order(pairs, low, high);
  order(pairs, middle, low);
  swap(pairs, middle, low + 1);
}

function medianOfFives(pairs: Pairs, from: number, length: number): number {
  const groups = Math.floor(length / 5);
  for (let group = 0; group < groups; group++) {
    const start = from + 5 * group;
    swap(pairs, start + medianOfFive(pairs, start), from + group);
  }
  const middle = groups >> 1;
  if (groups > 2) select(pairs, from, groups, middle);
  return middle;
}

function medianOfFive(pairs: Pairs, from: number): number {
  order(pairs, from, from + 1);
  order(pairs, from + 3, from + 4);
  order(pairs, from, from + 3);
  order(pairs, from + 1, from + 4);
  order(pairs, from + 1, from + 2);
  const at = (i: number): number => pairs.values[from + i] as number;
  if (at(3) < at(2)) return at(3) < at(1) ? 1 : 3;
  return 2;
}

/** Let the lesser of two stand at `a`; equal ones stay. */
function order(pairs: Pairs, a: number, b: number): void {
  if ((pairs.values[b] as number) < (pairs.values[a] as number)) swap(pairs, a, b);
}

function swap({ values, rows }: Pairs, a: number, b: number): void {
  const value = values[a] as number;
  values[a] = values[b] as number;
  values[b] = value;
  const row = rows[a] as number;
  rows[a] = rows[b] as number;
  rows[b] = row;
}

/** `order` sorted by its values as numpy's quicksort leaves them: unstable, so the order of ties is its order. */
export function argsort(values: Float64Array, order: Uint32Array): Uint32Array {
  const at = (i: number): number => values[order[i] as number] as number;
  const parts: (readonly [number, number])[] = [[0, order.length - 1]];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    let [low, high] = part;
    while (high - low > 16) {
      const middle = low + ((high - low) >> 1);
      if (at(middle) < at(low)) swapAt(order, middle, low);
      if (at(high) < at(middle)) swapAt(order, high, middle);
      if (at(middle) < at(low)) swapAt(order, middle, low);
      const pivot = at(middle);
      let left = low;
      let right = high - 1;
      swapAt(order, middle, right);
      for (;;) {
        do left++;
        while (at(left) < pivot);
        do right--;
        while (pivot < at(right));
        if (left >= right) break;
        swapAt(order, left, right);
      }
      swapAt(order, left, high - 1);
      parts.push([low, left - 1]);
      low = left + 1;
    }
    for (let i = low + 1; i <= high; i++) {
      const row = order[i] as number;
      const value = values[row] as number;
      let j = i;
      for (; j > low && value < at(j - 1); j--) order[j] = order[j - 1] as number;
      order[j] = row;
    }
  }
  return order;
}

function swapAt(order: Uint32Array, a: number, b: number): void {
  const kept = order[a] as number;
  order[a] = order[b] as number;
  order[b] = kept;
}
