/** A given effect that was measured on fewer events lowers no bound. */
const fewestToLower = 2;
/**
 * All effects together that were given for a moment are within these, as roots: 0.1 and 100 times an ordinary day. Each alone may be
 * from 0.1 to 10; hundreds of them would be more than a number can say.
 */
const leastTogether = Math.sqrt(0.1);
const mostTogether = 10;

/** How many times the demand of an ordinary day was given, and how far bounds may follow: roots. */
export function givenTimes({
  ratio,
  occurrences = fewestToLower,
}: {
  readonly ratio: number;
  readonly occurrences?: number | undefined;
}) {
  const root = Math.sqrt(ratio);
  return { expected: root, held: occurrences >= fewestToLower ? root : Math.max(1, root) };
}

/** The product of what was given for a moment, as a root. */
export const boundedTogether = (times: number): number =>
  Math.min(mostTogether, Math.max(leastTogether, times));
