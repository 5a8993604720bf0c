/**
 * Positions of `values` such that the one at `kth` is where sorting would put it and smaller values stand before it,
 * in numpy's order of ties: introselect (Musser 1997) with a median of three, or of fives when that goes badly.
 */
export function argpartition(values: Float64Array, kth: number): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  select(values, order, 0, order.length, kth);
  return order;
}

/** `order[from … from + length)` partitioned around its `kth`. */
function select(values: Float64Array, order: Uint32Array, from: number, length: number, kth: number): void {
  const at = (i: number): number => values[order[from + i] as number] as number;
  const swap = (a: number, b: number): void => swapAt(order, from + a, from + b);
  let low = 0;
  let high = length - 1;
  if (kth < 3) {
    for (let i = 0; i <= kth; i++) {
      let least = i;
      for (let j = i + 1; j < length; j++) if (at(j) < at(least)) least = j;
      swap(i, least);
    }
    return;
  }
  if (kth === length - 1) {
    let greatest = 0;
    for (let i = 1; i < length; i++) if (at(i) >= at(greatest)) greatest = i;
    swap(kth, greatest);
    return;
  }
  let depth = 2 * Math.floor(Math.log2(length));
  while (low + 1 < high) {
    let left = low + 1;
    let right = high;
    if (depth > 0 || right - left < 5) {
      const middle = low + ((high - low) >> 1);
      if (at(high) < at(middle)) swap(high, middle);
      if (at(high) < at(low)) swap(high, low);
      if (at(low) < at(middle)) swap(low, middle);
      swap(middle, low + 1);
    } else {
      swap(left + medianOfFives(values, order, from + left, right - left), low);
      left--;
      right++;
    }
    depth--;
    const pivot = at(low);
    for (;;) {
      do left++;
      while (at(left) < pivot);
      do right--;
      while (pivot < at(right));
      if (right < left) break;
      swap(left, right);
    }
    swap(low, right);
    if (right >= kth) high = right - 1;
    if (right <= kth) low = left;
  }
  if (high === low + 1 && at(high) < at(low)) swap(high, low);
}

function medianOfFives(values: Float64Array, order: Uint32Array, from: number, length: number): number {
  const groups = Math.floor(length / 5);
  for (let group = 0; group < groups; group++) {
    const start = from + 5 * group;
    swapAt(order, start + medianOfFive(values, order, start), from + group);
  }
  const middle = groups >> 1;
  if (groups > 2) select(values, order, from, groups, middle);
  return middle;
}

function medianOfFive(values: Float64Array, order: Uint32Array, from: number): number {
  const at = (i: number): number => values[order[from + i] as number] as number;
  for (const [a, b] of [
    [0, 1],
    [3, 4],
    [0, 3],
    [1, 4],
    [1, 2],
  ] as const) {
    if (at(b) < at(a)) swapAt(order, from + a, from + b);
  }
  if (at(3) < at(2)) return at(3) < at(1) ? 1 : 3;
  return 2;
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
