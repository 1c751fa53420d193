/** The short form tries the same cases each time, so that a change is blamed for what it broke; the long form tries new ones. */
const shortSeed = 20_261_129;

/**
 * How many random cases a property test tries: `short` of them in `make test`, and as many as `variable` says in `make test-long`.
 * `FORESCALE_SEED` replays the run whose seed fast-check printed with a failure.
 */
export function randomRuns(
  variable: 'FORESCALE_SCENARIOS' | 'FORESCALE_INPUTS' | 'FORESCALE_RECONNECTS' | 'FORESCALE_REQUESTS',
  short: number,
): { readonly numRuns: number; readonly seed?: number } {
  const numRuns = wholeNumber(variable) ?? short;
  const seed = wholeNumber('FORESCALE_SEED') ?? (numRuns === short ? shortSeed : undefined);
  return seed === undefined ? { numRuns } : { numRuns, seed };
}

function wholeNumber(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${name} is "${text}": it must be a whole number`);
  return value;
}
