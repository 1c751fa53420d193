import type { ServedDecision } from '../../../../src/forecast/index.ts';
import { raiseOverTolerance } from '../../../../src/scaler/decision/policy.ts';
import { demandAt, nowSeconds } from '../../../edges/api/fixture.ts';

const windowSeconds = 420;
const threshold = 20;
const everySeconds = 60;

/** The highest demand from a moment on until the end of the decision window. */
function peakFrom(unixSeconds: number): number {
  const minutes = Array.from({ length: windowSeconds / 60 + 1 }, (_, minute) => unixSeconds + 60 * minute);
  return Math.max(...minutes.map(demandAt));
}

/** The decision that was made at a moment. */
export function decisionAt(atSeconds: number): ServedDecision {
  const observed = demandAt(atSeconds);
  const expectedPeak = peakFrom(atSeconds) * (1 + 0.02 * Math.sin(atSeconds / 2_000));
  const predictedPeak = expectedPeak * 1.08;
  const signal = raiseOverTolerance(predictedPeak, threshold, 0.1);
  return {
    kind: 'served',
    atSeconds,
    fresh: true,
    signal,
    active: true,
    observed,
    wanted: predictedPeak,
    predictedPeak,
    trust: 1,
    windowSeconds,
    dataAgeSeconds: 60,
    serviceLevel: 0.99,
    askedLevel: 0.972,
    askedFactor: 1,
    margin: 1.05,
    headroom: 1.4,
    basis: 'forecast',
    fallbackReasons: [],
    threshold,
    hpaTolerance: 0.1,
    replicas: Math.ceil(peakFrom(atSeconds - 300) / threshold) + 1,
    expectedPeak,
    cap: 600,
    usual: { level: 118, day: observed - 120, week: 2 },
    experts: [
      { name: 'ridge-ar', percent: 61 },
      { name: 'profile', percent: 24 },
    ],
  };
}

/** What was served in the day before now, a decision a minute. */
export function dayOfDecisions(): readonly ServedDecision[] {
  const count = 86_400 / everySeconds;
  return Array.from({ length: count }, (_, index) =>
    decisionAt(nowSeconds - (count - 1 - index) * everySeconds),
  );
}
