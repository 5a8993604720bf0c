import { advance, i32, Routine, repeat, x4 } from '../assembler.ts';

export function rectify(): Routine {
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

export function gate(): Routine {
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
