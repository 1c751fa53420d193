/** Where two answers differ: a path with both values for each place. Numbers differ when they are further apart than the ratio. */
export function differences(a: unknown, b: unknown, ratio: number, path = ''): readonly string[] {
  if (typeof a === 'number' && typeof b === 'number') {
    const isNear = a === b || Math.abs(a - b) <= ratio * Math.max(Math.abs(a), Math.abs(b));
    return isNear ? [] : [`${path}: ${a} beside ${b}`];
  }
  if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') {
    const [first, second] = [a, b] as readonly Readonly<Record<string, unknown>>[];
    const keys = new Set([...Object.keys(first ?? {}), ...Object.keys(second ?? {})]);
    return [...keys].flatMap((key) => differences(first?.[key], second?.[key], ratio, `${path}/${key}`));
  }
  return a === b ? [] : [`${path}: ${JSON.stringify(a)} beside ${JSON.stringify(b)}`];
}
