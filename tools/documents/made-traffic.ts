import { createWorkingWeek, hashUniform, type LoadShape, smoothNoise } from '../../src/load-shapes/index.ts';

/** Length of the finest rows, which are means over this many seconds. */
export const sliceSeconds = 15;
const daySeconds = 86_400;
/** Time of the first row: Monday 2026-02-02, 00:00 UTC. */
const csvStart = 1_769_990_400;
const csvDays = 28;
const csvStepSeconds = 60;
/** First of the random streams for arrivals, away from those of the load shape. */
const arrivalsStream = 1000;
const levelStream = 2000;
/** Largest share by which the level of traffic differs from day to day. */
const levelRatio = 0.15;

/**
 * Made traffic, requests per second: each value is the mean of the 15 s that end at its time. It is a working week whose level
 * varies from day to day, with the noise of independent arrivals. The same arguments give the same traffic.
 */
export function createTraffic(options: {
  readonly peakRequestsPerSecond: number;
  readonly seed: number;
}): LoadShape {
  const { seed } = options;
  const rateAt = createWorkingWeek(options);
  return (unixSeconds) => {
    const level = 1 + levelRatio * smoothNoise(seed + levelStream, unixSeconds / daySeconds);
    const rate = level * rateAt(unixSeconds);
    const noise = standardNormal(seed + arrivalsStream, unixSeconds / sliceSeconds);
    return Math.max(0, rate + noise * Math.sqrt(rate / sliceSeconds));
  };
}

/** Mean of the traffic in (from, to], both multiples of the slice. */
export function meanTraffic(trafficAt: LoadShape, fromSeconds: number, toSeconds: number): number {
  let sum = 0;
  for (let t = fromSeconds + sliceSeconds; t <= toSeconds; t += sliceSeconds) sum += trafficAt(t);
  return (sum * sliceSeconds) / (toSeconds - fromSeconds);
}

/** A nearly normal number: the sum of twelve uniform ones less six, which is the same on every machine. */
function standardNormal(stream: number, index: number): number {
  let sum = -6;
  for (let part = 0; part < 12; part++) sum += hashUniform(stream + part, index);
  return sum;
}

/** Writes four weeks of made traffic as CSV, one row per minute. */
export function* trafficCsv(): Generator<string> {
  const trafficAt = createTraffic({ peakRequestsPerSecond: 120, seed: 1 });
  yield 'timestamp,value\n';
  for (let time = csvStart; time < csvStart + csvDays * daySeconds; time += csvStepSeconds) {
    yield `${time},${meanTraffic(trafficAt, time - csvStepSeconds, time).toFixed(3)}\n`;
  }
}
