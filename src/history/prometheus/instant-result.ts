import type { InstantResult } from '../source.ts';
import type { Sample } from './wire-sample.ts';

/** What a query that gives no series says. */
export const noSeries = {
  kind: 'missing',
  isEmpty: true,
  reason: 'the query gives no series; where no series means no demand, append "or vector(0)" to the query',
} as const satisfies InstantResult;

/** What the only sample of a query says. */
export function sampleResult({ unixSeconds, value }: Sample): InstantResult {
  if (Number.isFinite(value)) return { kind: 'value', value, atSeconds: unixSeconds };
  const reason = `the query gives ${value}; give a query whose value is always a number`;
  return { kind: 'missing', isEmpty: false, reason };
}
