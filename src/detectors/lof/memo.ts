/** `compute`, remembering the most recent results, at most twice `size` of them. For pure functions. */
export function createMemo<Result>(size: number, compute: (key: string) => Result): (key: string) => Result {
  let recent = new Map<string, Result>();
  let older = new Map<string, Result>();
  return (key) => {
    const remembered = recent.get(key);
    if (remembered !== undefined) return remembered;
    const result = older.get(key) ?? compute(key);
    if (recent.size >= size) {
      older = recent;
      recent = new Map();
    }
    recent.set(key, result);
    return result;
  };
}
