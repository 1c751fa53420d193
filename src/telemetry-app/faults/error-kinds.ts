import { parseNumber, parseWhole } from '../setting.ts';

/** What becomes of a request that is to fail. */
export type Failure =
  /** Answered with that status. */
  | { readonly kind: 'status'; readonly status: number }
  /** Answered as it should, but late. */
  | { readonly kind: 'delay' }
  /** Not answered: the connection is cut. */
  | { readonly kind: 'drop' };

export interface WeightedFailure {
  readonly failure: Failure;
  /** Its part of the sum of all weights is its share of the failures. */
  readonly weight: number;
}

/** As a sentence goes on after "must be". */
export const errorKindsAllowed =
  'a comma-separated list of at most 20 of: a status from 400 to 599, delay, drop; each with an optional weight above 0, such as 500:8,503:1,drop:1';

const mostKinds = 20;
const largestWeight = 1_000_000;

/** Of the texts that `errorKindsAllowed` tells of; undefined for any other. */
export function parseErrorKinds(text: string): readonly WeightedFailure[] | undefined {
  const parts = text.split(',');
  const kinds = parts.flatMap((part) => parseKind(part) ?? []);
  return kinds.length === parts.length && kinds.length <= mostKinds ? kinds : undefined;
}

function parseKind(text: string): WeightedFailure | undefined {
  const [name = '', weightText = '1', ...more] = text.split(':').map((part) => part.trim());
  const weight = parseNumber(weightText, 0, largestWeight) ?? 0;
  const failure = parseFailure(name);
  return failure === undefined || weight === 0 || more.length > 0 ? undefined : { failure, weight };
}

function parseFailure(name: string): Failure | undefined {
  if (name === 'delay' || name === 'drop') return { kind: name };
  const status = parseWhole(name, 400, 599);
  return status === undefined ? undefined : { kind: 'status', status };
}

/** The kind at `share`, in [0, 1), of the way through the weights. */
export function chooseFailure(kinds: readonly WeightedFailure[], share: number): Failure | undefined {
  let left = share * kinds.reduce((sum, { weight }) => sum + weight, 0);
  for (const { failure, weight } of kinds) {
    if (left < weight) return failure;
    left -= weight;
  }
  // Only rounding leads here.
  return kinds.at(-1)?.failure;
}
