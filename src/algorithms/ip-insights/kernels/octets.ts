import { advance, type Code, i32, Routine, repeat, x4 } from '../assembler.ts';

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

export const tabulate = (): Routine => overOctet(tabulated);
export const collect = (): Routine => overOctet(collected);

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

export function encode(octetCount: number): Routine {
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

export function scatter(octetCount: number): Routine {
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
