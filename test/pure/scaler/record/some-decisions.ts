import fc from 'fast-check';
import type { RecordedDecision, ServedDecision } from '../../../../src/forecast/index.ts';
import { raiseOverTolerance } from '../../../../src/scaler/decision/policy.ts';

const startSeconds = 1_767_690_000;

/** A row of decisions every ten seconds, on demand that rises and falls. */
export function decisions(count: number, fromSeconds = startSeconds): ServedDecision[] {
  return Array.from({ length: count }, (_, index) => decisionOf(fromSeconds + 10 * index + 0.051, index));
}

/** Decisions on demand that is never at rest, of a workload whose signal is never raised to a round value: what takes most room. */
export function restlessDecisions(count: number, fromSeconds = startSeconds): ServedDecision[] {
  let chance = 1 + (fromSeconds % 1_000_003);
  return decisions(count, fromSeconds).map((decision) => {
    chance = (chance * 48_271) % 2_147_483_647;
    const predictedPeak = 150 + 60 * (chance / 2_147_483_647);
    const observed = 90 + 50 * ((chance % 9_973) / 9_973);
    const signal = predictedPeak;
    return {
      ...decision,
      observed,
      predictedPeak,
      wanted: signal,
      signal,
      expectedPeak: (observed + signal) / 2,
    };
  });
}

function decisionOf(atSeconds: number, index: number): ServedDecision {
  const observed = 90 + 30 * Math.sin(index / 200) + 2 * Math.sin(index * 1.7);
  const predictedPeak = observed + 12 + Math.sin(index / 9);
  return {
    kind: 'served',
    atSeconds,
    fresh: true,
    signal: raiseOverTolerance(predictedPeak, 10, 0.1),
    active: true,
    observed,
    wanted: predictedPeak,
    predictedPeak,
    trust: 1,
    windowSeconds: 190,
    dataAgeSeconds: 60 + (index % 6) * 10,
    serviceLevel: 0.99,
    askedLevel: 0.97,
    askedFactor: 1,
    margin: 1.05,
    headroom: 1.4,
    basis: 'forecast',
    fallbackReasons: [],
    threshold: 10,
    hpaTolerance: 0.1,
    replicas: 11,
    expectedPeak: observed + 5,
    cap: 400,
    usual: { level: 80, day: 12, week: -3 },
    experts: [
      { name: 'ridge-ar', percent: 41 },
      { name: 'profile', percent: 22 },
    ],
  };
}

const demand = fc.oneof(
  fc.double({ min: 0, max: 1e6, noNaN: true }),
  fc.constantFrom(0, 1e-3, 30, 30.3, 1_001.001, 1e9, 12_345.678_9),
);
const share = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);
const reason = fc.oneof(
  fc.constantFrom(
    'the mode is reactive',
    'no fresh observation for 1154 s',
    'two days are needed, 1.05 are there',
    'the model failed: Error: 007 of 12345678901 at 0x1f',
  ),
  fc
    .string({ minLength: 1, maxLength: 60 })
    .map((text) => text.replaceAll(/[\n\uE000]/g, '.').toWellFormed()),
);
const reasons = fc.array(reason, { maxLength: 3 });

const served = fc
  .record({
    fresh: fc.boolean(),
    active: fc.boolean(),
    observed: demand,
    added: fc.oneof(fc.constant(0), demand),
    raise: fc.constantFrom('none', 'raised', 'half', 'own'),
    forecast: fc.option(fc.record({ peak: demand, share, cap: demand, trust: share, age: fc.nat(7200) }), {
      nil: undefined,
    }),
    isPeakWanted: fc.boolean(),
    threshold: fc.constantFrom(10, 0.2, 1e6, 37.5),
    hpaTolerance: fc.constantFrom(0.1, 0, 0.05),
    replicas: fc.option(fc.nat(1000), { nil: undefined }),
    askedLevel: fc.double({ min: 0.2, max: 0.9999, noNaN: true }),
    margin: fc.constantFrom(1, 1.131),
    headroom: fc.double({ min: 1, max: 4, noNaN: true }),
    basis: fc.constantFrom('forecast', 'margin', 'headroom', 'observed', 'last-good'),
    fallbackReasons: reasons,
    usual: fc.option(fc.record({ level: demand, day: fc.constant(0), week: fc.constant(0) }), {
      nil: undefined,
    }),
    experts: fc.array(
      fc.record({ name: fc.constantFrom('ridge-ar', 'profile', 'naive'), percent: fc.nat(100) }),
      { maxLength: 3 },
    ),
  })
  .map(({ added, raise, forecast, isPeakWanted, ...rest }): Omit<ServedDecision, 'atSeconds'> => {
    const { observed, threshold, hpaTolerance } = rest;
    const peak = forecast?.peak;
    const wanted = isPeakWanted && peak !== undefined && peak > observed ? peak : observed + added;
    const raised = {
      none: wanted,
      raised: raiseOverTolerance(wanted, threshold, hpaTolerance),
      half: raiseOverTolerance(wanted, threshold, hpaTolerance, 1e9),
      own: wanted * 1.234_567,
    };
    return {
      kind: 'served',
      ...rest,
      signal: Math.max(observed, raised[raise as keyof typeof raised]),
      wanted,
      predictedPeak: peak,
      expectedPeak: forecast && forecast.peak * forecast.share,
      cap: forecast?.cap,
      trust: forecast?.trust,
      dataAgeSeconds: forecast?.age,
      windowSeconds: 190,
      serviceLevel: 0.99,
      askedFactor: 1,
    };
  });

/** Decisions of any kind, in the order of a clock that seldom goes back. */
export const someDecisions = fc
  .array(
    fc.record({
      passedMs: fc.oneof(fc.constant(10_000), fc.integer({ min: -5_000, max: 600_000 })),
      decision: fc.oneof(
        { weight: 9, arbitrary: served },
        { weight: 1, arbitrary: reasons.map((said) => ({ kind: 'none', reasons: said }) as const) },
      ),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((rows): RecordedDecision[] => {
    let atMs = startSeconds * 1000;
    return rows.map(({ passedMs, decision }) => {
      atMs += passedMs;
      return { ...decision, atSeconds: atMs / 1000 };
    });
  });
