import { advance, type Code, i32, Routine, repeat, x4 } from '../assembler.ts';

/** The decay of the two moving means, and what keeps a step finite. */
export const moments = { mean: 0.9, square: 0.999, least: 1e-8 };
/** Gradients and means below this count as 0: floats near the least there is take a hundred times as long. */
export const negligible = 1e-15;

export function adam(): Routine {
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
