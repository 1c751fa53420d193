import { everyRpcIsBounded, neverNothing, pairsAgree, stormsAreCheap } from './answer-points.ts';
import { connects } from './connection-points.ts';
import type { Examined } from './examined.ts';
import { badMetadataIsRefused, oddKeysAreTaken } from './metadata-points.ts';
import { integersAlone, metricNames, oneValue, specFromMetadata, zeroIsZero } from './metric-points.ts';
import { pushesActivity, pushesSpec } from './stream-points.ts';
import type { Verdict } from './verdict.ts';

interface Point {
  readonly number: number;
  readonly name: string;
  readonly judge: (examined: Examined) => Verdict | Promise<Verdict>;
}

/**
 * KEDA's contract with an external scaler in fourteen points, in the order in which they are judged. Points 5 and 7 look back on
 * the calls of all others.
 */
export const points: readonly Point[] = [
  { number: 1, name: 'GetMetricSpec follows from the metadata alone', judge: specFromMetadata },
  { number: 2, name: 'metric names are lower-case and accepted back', judge: metricNames },
  { number: 3, name: 'GetMetrics gives one finite value, float and integer', judge: oneValue },
  { number: 4, name: 'value and activity agree, at every replica', judge: pairsAgree },
  { number: 6, name: 'bad metadata is INVALID_ARGUMENT, with a text', judge: badMetadataIsRefused },
  { number: 8, name: 'zero is answered as 0', judge: zeroIsZero },
  { number: 9, name: 'unknown keys are ignored, FromEnv keys understood', judge: oddKeysAreTaken },
  { number: 10, name: 'StreamIsActive says the state at once and ends cleanly', judge: pushesActivity },
  { number: 11, name: 'StreamMetricSpec is absent or equals GetMetricSpec', judge: pushesSpec },
  { number: 12, name: 'the connection is the one KEDA makes', judge: connects },
  { number: 13, name: 'integers alone lead to the same replicas', judge: integersAlone },
  { number: 14, name: 'storms of calls are answered alike', judge: stormsAreCheap },
  { number: 5, name: 'every RPC ends in time', judge: everyRpcIsBounded },
  { number: 7, name: 'no answer is empty, NaN or a made-up zero', judge: neverNothing },
];
