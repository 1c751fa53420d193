import { type Kind, list, number, whole } from '../../platform/setting-values.ts';

/** What happens to a request that is to fail. */
export type Failure =
  /** The request is answered with that status. */
  | { readonly kind: 'status'; readonly status: number }
  /** The request is answered as usual, but late. */
  | { readonly kind: 'delay' }
  /** The request is not answered: its connection is cut. */
  | { readonly kind: 'drop' };

export interface WeightedFailure {
  readonly failure: Failure;
  /** The weight divided by the sum of all weights is the share of the failures that are of this kind. */
  readonly weight: number;
}

const mostKinds = 20;
const weights = number({ above: 0, to: 1_000_000 });
const statuses = whole({ from: 400, to: 599 });

/** Kinds of failures with their weights, such as `500:8,503:1,drop:1`. */
export const errorKinds: Kind<readonly WeightedFailure[]> = list(
  { allowed: 'a status from 400 to 599, delay, drop', parse: parseKind },
  `a comma-separated list of at most ${mostKinds} of: a status from 400 to 599, delay, drop; each with an optional weight above 0, such as 500:8,503:1,drop:1`,
  mostKinds,
);

function parseKind(text: string): WeightedFailure | undefined {
  const [name = '', weightText = '1', ...more] = text.split(':').map((part) => part.trim());
  const weight = weights.parse(weightText);
  const failure = parseFailure(name);
  return failure === undefined || weight === undefined || more.length > 0 ? undefined : { failure, weight };
}

function parseFailure(name: string): Failure | undefined {
  if (name === 'delay' || name === 'drop') return { kind: name };
  const status = statuses.parse(name);
  return status === undefined ? undefined : { kind: 'status', status };
}

/** The kind of failure at `share`, in [0, 1), of the way through the weights. */
export function chooseFailure(kinds: readonly WeightedFailure[], share: number): Failure | undefined {
  let left = share * kinds.reduce((sum, { weight }) => sum + weight, 0);
  for (const { failure, weight } of kinds) {
    if (left < weight) return failure;
    left -= weight;
  }
  // Only a rounding error leads here.
  return kinds.at(-1)?.failure;
}
