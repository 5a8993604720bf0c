import { ScopsError } from '../event/index.ts';

/** How many findings a person wants: a budget per day, or the share of training events assumed strange. */
export type Limit = { readonly budget: number } | { readonly contamination: number };

const perDay: Readonly<Record<string, number>> = { hour: 24, day: 1, week: 1 / 7 };

/** `5/day`, `1/hour` or `10/week` as findings per day. Throws ScopsError USAGE. */
export function parseBudget(text: string): Limit {
  const [count = '', unit = 'day', ...rest] = text.split('/');
  const days = perDay[unit.trim().replace(/s$/, '')];
  const value = Number(count);
  if (!(value > 0) || !Number.isFinite(value) || days === undefined || rest.length > 0) {
    throw new ScopsError(
      'USAGE',
      `"${text}" is not a budget. Write findings per day, such as 5/day, 1/hour or 10/week.`,
    );
  }
  return { budget: value * days };
}

/** A contamination in (0, 0.5], as scikit-learn takes it. Throws ScopsError USAGE. */
export function parseContamination(value: number): Limit {
  if (!(value > 0 && value <= 0.5)) {
    throw new ScopsError(
      'USAGE',
      `Contamination ${value} is outside (0, 0.5]. 0.001 flags one training event in 1,000.`,
    );
  }
  return { contamination: value };
}
