/** Number of different curves; workloads share them, so that answers about many workloads are made once. */
export const curves = 10;

const daySeconds = 86_400;

/** Demand of a curve at a moment, requests per second: a day with a swing of its own and some noise, the same in every run. */
export function demandAt(curve: number, unixSeconds: number): number {
  const phase = (2 * Math.PI * (unixSeconds - 1_800 * curve)) / daySeconds;
  const noise = Math.sin(unixSeconds / (61 + curve)) + Math.sin(unixSeconds / (977 + curve));
  return 100 + 5 * curve + (60 - curve) * Math.sin(phase) + 4 * noise;
}

/** Demand of a curve that never changes, so that a value that sinks is a fault. */
export const evenDemandAt = (curve: number) => 100 + 5 * curve;

/** Time over which curves that rise are shifted against each other, seconds. */
const risingSpreadSeconds = 5_400;
/** Share of the demand by which a curve that rises is off its line at most, other every 15 s. */
const risingNoiseRatio = 0.005;

/**
 * Demand of a curve that has risen since `sinceSeconds` and does for eight hours more, after days of the same shape: what is forecast of
 * it is above what is observed, and neither may sink by more than the noise, so that a value that does is a fault.
 */
export function risingDemandAt(curve: number, unixSeconds: number, sinceSeconds: number): number {
  const shiftSeconds = (risingSpreadSeconds * curve) / curves;
  const phase = (2 * Math.PI * (unixSeconds - sinceSeconds + shiftSeconds)) / daySeconds - Math.PI / 3;
  const chance = Math.sin(78.233 * Math.floor(unixSeconds / 15) + curve) * 43_758.5453;
  const noise = risingNoiseRatio * (2 * (chance - Math.floor(chance)) - 1);
  return (1 + noise) * (100 + 5 * curve + (60 - curve) * Math.sin(phase));
}

/** The curve of a workload, by the number at the end of its name: two that follow one another, which are of two namespaces, share one. */
export function curveOf(app: string): number {
  return Math.floor(Number(/\d+$/.exec(app)?.[0] ?? 0) / 2) % curves;
}

/** Requests of a curve up to a moment: the integral of its demand. */
export function countAt(curve: number, unixSeconds: number): number {
  const phase = (2 * Math.PI * (unixSeconds - 1_800 * curve)) / daySeconds;
  const swing = -((60 - curve) * daySeconds * Math.cos(phase)) / (2 * Math.PI);
  const noise = [61 + curve, 977 + curve].map((period) => -period * Math.cos(unixSeconds / period));
  return (100 + 5 * curve) * unixSeconds + swing + 4 * (noise[0]! + noise[1]!);
}
