import { advance, assemble, type Code, i32, Routine, repeat, x4 } from './assembler.ts';

/** What of WebAssembly is used; every engine has it, the language's own library of types has not. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
};

/**
 * Loops over 32-bit floats in one memory, four at a time. Addresses and distances are in bytes, counts in rows, widths
 * in floats. Widths are multiples of 8, counts at least 1.
 */
export interface Kernels {
  /**
   * C += A·B with rows of A `aRow` and columns of A `aStep` bytes apart, so that A can be read transposed. `rows` is a
   * multiple of 4, `columns` one of 8.
   */
  multiply(
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    c: number,
    cRow: number,
    rows: number,
    inner: number,
    columns: number,
  ): void;
  /** The row of each value of an octet: row 0 and the rows of the bits that are set in it. */
  tabulate(bits: number, table: number, width: number): void;
  /** The reverse, for gradients: what each value's row holds is added to its bits' rows, and to row 0. */
  collect(bits: number, table: number, width: number): void;
  /** x = max(0, sum of the rows of an address' octets). */
  encode(tables: number, octets: number, count: number, x: number, width: number): void;
  /** The reverse: dx, where x is above 0, is added to the rows of the octets. */
  scatter(tables: number, octets: number, count: number, x: number, dx: number, width: number): void;
  /** The product of a row of x and a row of q for each sample; `rows` and `slots` hold their offsets. */
  dots(count: number, rows: number, slots: number, x: number, q: number, out: number, width: number): void;
  /** The reverse: with the sample's gradient g, p += g x and dx += g q. */
  spread(
    count: number,
    rows: number,
    slots: number,
    g: number,
    x: number,
    q: number,
    p: number,
    dx: number,
    width: number,
  ): void;
  /** x = max(0, x + bias) of each row. */
  rectify(x: number, bias: number, count: number, width: number): void;
  /** The reverse: dx = 0 where x is 0, and what is left is added to the gradient of the bias. */
  gate(x: number, dx: number, bias: number, count: number, width: number): void;
  /**
   * A step of Adam over `count` floats (a multiple of 8) with weight decay as an L2 penalty; the gradient is cleared.
   * Kingma and Ba (2015), https://arxiv.org/abs/1412.6980
   */
  adam(
    weights: number,
    gradient: number,
    mean: number,
    square: number,
    count: number,
    rate: number,
    decay: number,
  ): void;
}

const page = 65_536;
const line = 16;

/** The loops for addresses of so many octets, and arrays of so many floats in their memory, all 0. */
export function createKernels<Name extends string>(
  octets: number,
  lengths: Readonly<Record<Name, number>>,
): { readonly kernels: Kernels; readonly floats: Readonly<Record<Name, Float32Array>> } {
  let bytes = 0;
  const places = Object.entries<number>(lengths).map(([name, length]) => {
    const at = bytes;
    bytes += Math.ceil((4 * length) / line) * line;
    return [name, at, length] as const;
  });
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / page) });
  const module = new WebAssembly.Module(
    assemble({
      multiply: multiply(),
      tabulate: overOctet(tabulated),
      collect: overOctet(collected),
      encode: encode(octets),
      scatter: scatter(octets),
      dots: dots(),
      spread: spread(),
      rectify: rectify(),
      gate: gate(),
      adam: adam(),
    }),
  );
  const { exports } = new WebAssembly.Instance(module, { host: { memory } });
  const views = places.map(([name, at, length]) => [name, new Float32Array(memory.buffer, at, length)]);
  return { kernels: exports as Kernels, floats: Object.fromEntries(views) as Record<Name, Float32Array> };
}

/** Four rows by eight columns at a time, so that all sums stay in registers. */
function multiply(): Routine {
  const routine = new Routine();
  const { a, aRow, aStep, b, bRow, c, cRow, rows, inner, columns } = routine.parameters(
    ...(['a', 'aRow', 'aStep', 'b', 'bRow', 'c', 'cRow', 'rows', 'inner', 'columns'] as const),
  );
  const { row, k, bAt, cAt, cTo, aAt } = routine.locals('i32', 'row', 'k', 'bAt', 'cAt', 'cTo', 'aAt');
  const { left, right, factor } = routine.locals('v128', 'left', 'right', 'factor');
  const lines = routine.several('i32', 4).map((at, index) => {
    const [low, high] = [routine.locals('v128', 'sum').sum, routine.locals('v128', 'sum').sum];
    return { at, index, low, high };
  });
  return routine.does(
    repeat(
      columns,
      8,
      row.set(rows.get),
      aAt.set(a.get),
      cAt.set(c.get),
      repeat(
        row,
        4,
        cTo.set(cAt.get),
        ...lines.map(({ at, index, low, high }) => [
          ...at.set(i32.add(aAt.get, i32.multiply(aRow.get, i32.of(index)))),
          ...low.set(x4.load(cTo.get)),
          ...high.set(x4.load(cTo.get, 16)),
          ...advance(cTo, cRow.get),
        ]),
        k.set(inner.get),
        bAt.set(b.get),
        repeat(
          k,
          1,
          left.set(x4.load(bAt.get)),
          right.set(x4.load(bAt.get, 16)),
          ...lines.map(({ at, low, high }) => [
            ...factor.set(x4.loadSplat(at.get)),
            ...low.set(x4.add(low.get, x4.multiply(factor.get, left.get))),
            ...high.set(x4.add(high.get, x4.multiply(factor.get, right.get))),
            ...advance(at, aStep.get),
          ]),
          advance(bAt, bRow.get),
        ),
        ...lines.map(({ low, high }) => [
          ...x4.store(cAt.get, low.get),
          ...x4.store(cAt.get, high.get, 16),
          ...advance(cAt, cRow.get),
        ]),
        advance(aAt, i32.shiftLeft(aRow.get, i32.of(2))),
      ),
      advance(b, i32.of(32)),
      advance(c, i32.of(32)),
    ),
  );
}

interface OctetRows {
  /** The row of a value. */
  readonly own: Code;
  /** The row of the value without its lowest bit. */
  readonly rest: Code;
  /** The row of that bit. */
  readonly bit: Code;
}

/** For the values of an octet from 1 up, or from 255 down. */
function overOctet({ up, work }: { up: boolean; work: (at: OctetRows) => Code[] }): Routine {
  const routine = new Routine();
  const { bits, table, width } = routine.parameters('bits', 'table', 'width');
  const { count, value, size, column } = routine.locals('i32', 'count', 'value', 'size', 'column');
  const { own, rest, bit } = routine.locals('i32', 'own', 'rest', 'bit');
  const row = (base: Code, index: Code): Code => i32.add(base, i32.multiply(index, size.get));
  const lowest = i32.trailingZeros(value.get);
  return routine.does(
    size.set(i32.shiftLeft(width.get, i32.of(2))),
    count.set(i32.of(255)),
    repeat(
      count,
      1,
      value.set(up ? i32.subtract(i32.of(256), count.get) : count.get),
      own.set(row(table.get, value.get)),
      rest.set(row(table.get, i32.and(value.get, i32.subtract(value.get, i32.of(1))))),
      bit.set(row(bits.get, i32.subtract(i32.of(7), lowest))),
      column.set(width.get),
      repeat(
        column,
        4,
        ...work({ own: own.get, rest: rest.get, bit: bit.get }),
        ...[own, rest, bit].map((address) => advance(address, i32.of(16))),
      ),
    ),
  );
}

const tabulated = {
  up: true,
  work: ({ own, rest, bit }: OctetRows) => [x4.store(own, x4.add(x4.load(rest), x4.load(bit)))],
};
const collected = {
  up: false,
  work: ({ own, rest, bit }: OctetRows) => [rest, bit].map((to) => x4.store(to, x4.add(x4.load(to), x4.load(own)))),
};

/** The row of each octet's value; tables of 256 rows follow one another. */
const octetRow = (tables: Code, octets: Code, octet: number, size: Code): Code => [
  ...i32.add(tables, i32.multiply(i32.add(i32.of(256 * octet), i32.loadOctet(octets, octet)), size)),
];

function encode(octetCount: number): Routine {
  const routine = new Routine();
  const { tables, octets, count, x, width } = routine.parameters('tables', 'octets', 'count', 'x', 'width');
  const { size, column } = routine.locals('i32', 'size', 'column');
  const from = routine.several('i32', octetCount);
  const sum = (offset: number): Code =>
    from.map(({ get }) => x4.load(get, offset)).reduce((left, right) => x4.add(left, right));
  return routine.does(
    size.set(i32.shiftLeft(width.get, i32.of(2))),
    repeat(
      count,
      1,
      ...from.map((local, octet) => local.set(octetRow(tables.get, octets.get, octet, size.get))),
      column.set(width.get),
      repeat(
        column,
        8,
        x4.store(x.get, x4.greatest(sum(0), x4.zero)),
        x4.store(x.get, x4.greatest(sum(16), x4.zero), 16),
        ...from.map((local) => advance(local, i32.of(32))),
        advance(x, i32.of(32)),
      ),
      advance(octets, i32.of(octetCount)),
    ),
  );
}

function scatter(octetCount: number): Routine {
  const routine = new Routine();
  const { tables, octets, count, x, dx, width } = routine.parameters('tables', 'octets', 'count', 'x', 'dx', 'width');
  const { size, column } = routine.locals('i32', 'size', 'column');
  const { gradient } = routine.locals('v128', 'gradient');
  const to = routine.several('i32', octetCount);
  return routine.does(
    size.set(i32.shiftLeft(width.get, i32.of(2))),
    repeat(
      count,
      1,
      ...to.map((local, octet) => local.set(octetRow(tables.get, octets.get, octet, size.get))),
      column.set(width.get),
      repeat(
        column,
        8,
        ...[0, 16].flatMap((offset) => [
          gradient.set(x4.and(x4.load(dx.get, offset), x4.greater(x4.load(x.get, offset), x4.zero))),
          ...to.map(({ get }) => x4.store(get, x4.add(x4.load(get, offset), gradient.get), offset)),
        ]),
        ...[...to, x, dx].map((local) => advance(local, i32.of(32))),
      ),
      advance(octets, i32.of(octetCount)),
    ),
  );
}

function dots(): Routine {
  const routine = new Routine();
  const { count, rows, slots, x, q, out, width } = routine.parameters(
    ...(['count', 'rows', 'slots', 'x', 'q', 'out', 'width'] as const),
  );
  const { left, right, column } = routine.locals('i32', 'left', 'right', 'column');
  const { low, high } = routine.locals('v128', 'low', 'high');
  const product = (offset: number): Code => x4.multiply(x4.load(left.get, offset), x4.load(right.get, offset));
  return routine.does(
    repeat(
      count,
      1,
      left.set(i32.add(x.get, i32.load(rows.get))),
      right.set(i32.add(q.get, i32.load(slots.get))),
      low.set(x4.zero),
      high.set(x4.zero),
      column.set(width.get),
      repeat(
        column,
        8,
        low.set(x4.add(low.get, product(0))),
        high.set(x4.add(high.get, product(16))),
        advance(left, i32.of(32)),
        advance(right, i32.of(32)),
      ),
      low.set(x4.add(low.get, high.get)),
      x4.storeSum(out.get, low.get),
      ...[rows, slots, out].map((local) => advance(local, i32.of(4))),
    ),
  );
}

function spread(): Routine {
  const routine = new Routine();
  const { count, rows, slots, g, x, q, p, dx, width } = routine.parameters(
    ...(['count', 'rows', 'slots', 'g', 'x', 'q', 'p', 'dx', 'width'] as const),
  );
  const { column, xAt, qAt, pAt, dxAt } = routine.locals('i32', 'column', 'xAt', 'qAt', 'pAt', 'dxAt');
  const { factor } = routine.locals('v128', 'factor');
  const add = (to: Code, from: Code, offset: number): Code =>
    x4.store(to, x4.add(x4.load(to, offset), x4.multiply(factor.get, x4.load(from, offset))), offset);
  return routine.does(
    repeat(
      count,
      1,
      factor.set(x4.loadSplat(g.get)),
      xAt.set(i32.add(x.get, i32.load(rows.get))),
      dxAt.set(i32.add(dx.get, i32.load(rows.get))),
      qAt.set(i32.add(q.get, i32.load(slots.get))),
      pAt.set(i32.add(p.get, i32.load(slots.get))),
      column.set(width.get),
      repeat(
        column,
        8,
        ...[0, 16].flatMap((offset) => [add(pAt.get, xAt.get, offset), add(dxAt.get, qAt.get, offset)]),
        ...[xAt, dxAt, qAt, pAt].map((local) => advance(local, i32.of(32))),
      ),
      ...[rows, slots, g].map((local) => advance(local, i32.of(4))),
    ),
  );
}

function rectify(): Routine {
  const routine = new Routine();
  const { x, bias, count, width } = routine.parameters('x', 'bias', 'count', 'width');
  const { column, biasAt } = routine.locals('i32', 'column', 'biasAt');
  return routine.does(
    repeat(
      count,
      1,
      biasAt.set(bias.get),
      column.set(width.get),
      repeat(
        column,
        4,
        x4.store(x.get, x4.greatest(x4.add(x4.load(x.get), x4.load(biasAt.get)), x4.zero)),
        advance(x, i32.of(16)),
        advance(biasAt, i32.of(16)),
      ),
    ),
  );
}

function gate(): Routine {
  const routine = new Routine();
  const { x, dx, bias, count, width } = routine.parameters('x', 'dx', 'bias', 'count', 'width');
  const { column, biasAt } = routine.locals('i32', 'column', 'biasAt');
  const { kept } = routine.locals('v128', 'kept');
  return routine.does(
    repeat(
      count,
      1,
      biasAt.set(bias.get),
      column.set(width.get),
      repeat(
        column,
        4,
        kept.set(x4.and(x4.load(dx.get), x4.greater(x4.load(x.get), x4.zero))),
        x4.store(dx.get, kept.get),
        x4.store(biasAt.get, x4.add(x4.load(biasAt.get), kept.get)),
        ...[x, dx, biasAt].map((local) => advance(local, i32.of(16))),
      ),
    ),
  );
}

/** The decay of the two moving means, and what keeps a step finite. */
export const moments = { mean: 0.9, square: 0.999, least: 1e-8 };
/** Gradients and means below this count as 0: floats near the least there is take a hundred times as long. */
export const negligible = 1e-15;

function adam(): Routine {
  const routine = new Routine();
  const { weights, gradient, mean, square, count, floatRate, floatDecay } = routine.parameters(
    ...(['weights', 'gradient', 'mean', 'square', 'count', 'floatRate', 'floatDecay'] as const),
  );
  const { g, m, v, w } = routine.locals('v128', 'g', 'm', 'v', 'w');
  const times = (factor: number, value: Code): Code => x4.multiply(x4.of(factor), value);
  const kept = (value: Code, least: number): Code => x4.and(value, x4.greater(x4.absolute(value), x4.of(least)));
  return routine.does(
    repeat(
      count,
      4,
      w.set(x4.load(weights.get)),
      g.set(x4.add(x4.load(gradient.get), x4.multiply(x4.splat(floatDecay.get), w.get))),
      g.set(kept(g.get, negligible)),
      m.set(x4.add(times(moments.mean, x4.load(mean.get)), times(1 - moments.mean, g.get))),
      v.set(x4.add(times(moments.square, x4.load(square.get)), times(1 - moments.square, x4.multiply(g.get, g.get)))),
      m.set(kept(m.get, negligible)),
      v.set(kept(v.get, negligible ** 2)),
      x4.store(mean.get, m.get),
      x4.store(square.get, v.get),
      x4.store(
        weights.get,
        x4.subtract(
          w.get,
          x4.divide(x4.multiply(x4.splat(floatRate.get), m.get), x4.add(x4.squareRoot(v.get), x4.of(moments.least))),
        ),
      ),
      x4.store(gradient.get, x4.zero),
      ...[weights, gradient, mean, square].map((local) => advance(local, i32.of(16))),
    ),
  );
}
