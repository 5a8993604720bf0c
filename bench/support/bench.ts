/** One figure of a benchmark. */
export interface Figure {
  /** What was measured, such as `fit, commands of days 0-4`. */
  readonly case: string;
  /** Such as `time`, `ratio`, `average precision`. */
  readonly metric: string;
  /** Null when it could not be measured here; `note` says why. */
  readonly value: number | null;
  readonly unit: string;
  /** A comparison that the value should hold, such as `>= 50`. */
  readonly goal?: string;
  /** The program measured beside it in the same run, such as `scikit-learn 1.9.1`. */
  readonly peer?: string;
  readonly peerValue?: number | null;
  /** The least and the greatest of repeated runs; `value` is their median. */
  readonly spread?: readonly [number, number];
  readonly runs?: number;
  readonly note?: string;
}

export interface BenchOptions {
  /** The folder given by `--data`; '' when none was given and the benchmark needs none. */
  readonly data: string;
  readonly seed: number;
  /** Report a figure as soon as it is there. */
  report(figure: Figure): void;
  /** A remark for a person, to standard error. */
  note(text: string): void;
}

/** A benchmark asserts its answers before it times anything: wrong code is not fast. */
export interface Bench {
  readonly summary: string;
  /** What `--data` is to be, such as `a folder like wazuh/hostbench`; absent when the benchmark needs none. */
  readonly data?: string;
  run(options: BenchOptions): Promise<void>;
}

export interface Timed {
  /** The median; of `time` in milliseconds. */
  readonly value: number;
  readonly spread: readonly [number, number];
  readonly runs: number;
}

/** Milliseconds that `work` takes: warmed up once, then `runs` times. */
export async function time(work: () => unknown, runs = 5): Promise<Timed> {
  await work();
  const taken: number[] = [];
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    await work();
    taken.push(performance.now() - began);
  }
  return median(taken);
}

/** The median and the spread of figures of repeated runs. */
export function median(values: readonly number[]): Timed {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] as number;
  const middle = sorted.length >> 1;
  const value = sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
  return { value, spread: [at(0), at(sorted.length - 1)], runs: sorted.length };
}

/** Times as rates: how many of `count` a second. */
export function rate({ value, spread, runs }: Timed, count: number): Timed {
  const perSecond = (ms: number): number => Math.round((count / ms) * 1000);
  return { value: perSecond(value), spread: [perSecond(spread[1]), perSecond(spread[0])], runs };
}
