import { advance, i32, Routine, repeat, x4 } from '../assembler.ts';

/** Four rows by eight columns at a time, so that all sums stay in registers. */
export function multiply(): Routine {
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
