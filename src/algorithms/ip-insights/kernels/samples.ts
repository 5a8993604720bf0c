import { advance, type Code, i32, Routine, repeat, x4 } from '../assembler.ts';

export function dots(): Routine {
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

export function spread(): Routine {
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
