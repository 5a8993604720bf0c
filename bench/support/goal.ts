const comparison = /^(>=|<=|>|<|=) (-?[\d.]+(?:e-?\d+)?)$/;

/** Whether a value holds a goal such as `>= 50`; undefined without a goal or a value. Throws for any other goal. */
export function meets(value: number | null, goal: string | undefined): boolean | undefined {
  if (goal === undefined || value === null) return undefined;
  const [, sign, text] = comparison.exec(goal) ?? [];
  if (sign === undefined) throw new Error(`"${goal}" is not a goal.`);
  const wanted = Number(text);
  if (sign === '>=') return value >= wanted;
  if (sign === '<=') return value <= wanted;
  if (sign === '>') return value > wanted;
  return sign === '<' ? value < wanted : value === wanted;
}
