import type { RecordPrecision } from '../../../forecast/index.ts';

/** How finely the numbers of a chunk are kept. */
export interface Precision {
  readonly name: RecordPrecision;
  /** Units of time in one second; parts of a unit are cut off. */
  readonly unitsPerSecond: number;
  /** Whether the signal is kept as a double where it is no whole number of units. */
  readonly isSignalExact: boolean;
  /** The unit of signals is this share of the target where that is more than a thousandth. */
  readonly targetShare: number;
  /** Other demand is kept to this many equal ratios per doubling. */
  readonly ratiosPerDoubling: number;
}

/** From fine to coarse. A chunk says by its place here how it was written, so that no line may change its place. */
export const precisions: readonly Precision[] = [
  { name: 'exact', unitsPerSecond: 1000, isSignalExact: true, targetShare: 0, ratiosPerDoubling: 2048 },
  { name: 'thousandths', unitsPerSecond: 1, isSignalExact: false, targetShare: 0, ratiosPerDoubling: 2048 },
  { name: 'thousandths', unitsPerSecond: 1, isSignalExact: false, targetShare: 0, ratiosPerDoubling: 512 },
  { name: 'coarse', unitsPerSecond: 1, isSignalExact: false, targetShare: 2 ** -12, ratiosPerDoubling: 512 },
];

/** Signals are kept as KEDA passes them on: it cuts them to thousandths. */
const signalUnitsPerOne = 1000;

/** Units of the signal in 1: divided by it a whole number of units is the same double wherever it came from. */
export function signalUnits({ targetShare }: Precision, threshold: number): number {
  return targetShare === 0 ? signalUnitsPerOne : Math.min(signalUnitsPerOne, 1 / (targetShare * threshold));
}

/** The smallest demand that is told from zero. */
const leastDemand = 2 ** -40;

/** Demand from 0 as a whole number: 0, or from 1 on equal ratios. */
export function ratioCode(demand: number, ratiosPerDoubling: number): number {
  if (!(demand > leastDemand)) return 0;
  return 1 + Math.round(Math.log2(demand / leastDemand) * ratiosPerDoubling);
}

export function demandOf(code: number, ratiosPerDoubling: number): number {
  return code <= 0 ? 0 : leastDemand * 2 ** ((code - 1) / ratiosPerDoubling);
}
