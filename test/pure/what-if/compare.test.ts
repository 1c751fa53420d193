import { describe, expect, it } from 'vitest';
import {
  type ComparisonRequest,
  costRatio,
  createComparison,
  policies,
  replicaHoursAt,
  tickSeconds,
  worstWindows,
} from '../../../src/what-if/index.ts';
import { minutes, scenario, sight } from './what-if-scenes.ts';

// Demand doubles at nine every day and halves at five.
const isBusy = (minute: number) => minute % 1440 >= 540 && minute % 1440 < 1020;
// In twelve days the feedback has found the level that delivers the service; in the first days it is served more.
const demand = minutes(12 * 1440, (minute) => (isBusy(minute) ? 200 : 100) + 3 * Math.sin(minute * minute));

/**
 * The reactive rule is short for five minutes a day, 0.35 % of the time: a promise of 99 % would allow that, and leave nothing to
 * foresee.
 */
const serviceLevel = 0.996;

const request: ComparisonRequest = {
  demand,
  sight,
  scenarios: [{ ...scenario, startUp: { seconds: 300 } }],
  entrants: [
    { name: 'reactive', policy: policies.reactive, isSwept: true },
    { name: 'forescale', policy: policies.forescale, isSwept: false, setting: serviceLevel },
    { name: 'perfect', policy: policies.perfect, isSwept: false },
  ],
  allowedShortShare: 0.01,
  hasTimelines: true,
};

/** The verdicts of a comparison that is played to its end at once. */
function compare(of: ComparisonRequest) {
  const comparison = createComparison(of);
  while (comparison.advance(Number.POSITIVE_INFINITY));
  return comparison.verdicts();
}

const [verdicts = []] = compare(request);
const [reactive, forescale, perfect] = verdicts;
if (reactive === undefined || forescale === undefined || perfect === undefined) throw new Error('none');

describe('a comparison', () => {
  it('plays Forescale at several start-ups as it plays it at each of them', () => {
    const ours = request.entrants.filter(({ name }) => name === 'forescale');
    const scenarios = [60, 300].map((seconds) => ({ ...scenario, startUp: { seconds } }));
    const beside = compare({ ...request, scenarios, entrants: ours });
    const alone = scenarios.flatMap((one) => compare({ ...request, scenarios: [one], entrants: ours }));
    expect(beside.map(([verdict]) => verdict?.judged)).toEqual(alone.map(([verdict]) => verdict?.judged));
  });

  it('plays the setting that users get beside those that are tuned', () => {
    expect(reactive.settings).toEqual([...policies.reactive.knob.values]);
    expect(reactive.settings[reactive.usual]).toBe(1);
    expect([forescale.settings, perfect.settings]).toEqual([[serviceLevel], [1]]);
  });

  it('chooses before what is judged after', () => {
    const [before, after] = [0, 1].map((part) => reactive.played.map(({ outcomes }) => outcomes[part]));
    expect(reactive.judged).toEqual(after);
    expect(before?.[reactive.chosen]?.shortTimeShare).toBeLessThanOrEqual(0.01);
    const cheaper = before?.filter(
      (one) =>
        one !== undefined &&
        one.shortTimeShare <= 0.01 &&
        one.replicaHours < (before[reactive.chosen]?.replicaHours ?? 0),
    );
    expect(cheaper).toEqual([]);
  });

  it('shows that foresight is worth something on a day that repeats', () => {
    const ours = forescale.judged[0];
    if (ours === undefined) throw new Error('nothing was judged');
    expect(perfect.judged[0]?.shortTimeShare).toBe(0);
    expect(ours.shortTimeShare).toBeLessThan(1 - serviceLevel);
    expect(reactive.judged[reactive.usual]?.shortTimeShare).toBeGreaterThan(0.01);
    // At the short time of ours, the reactive rule needs twice the replicas all day, or more.
    expect(costRatio(ours)).toBeLessThan(1.1);
    expect(replicaHoursAt(reactive.judged, ours.shortTimeShare) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(
      1.35 * ours.replicaHours,
    );
  });

  it('finds the windows in which a policy was short, worst first', () => {
    const usual = reactive.played[reactive.usual];
    if (usual?.timeline === undefined) throw new Error('timelines were asked for');
    const [fromTick, toTick] = [demand.ticks.length / 2, demand.ticks.length];
    const windows = worstWindows({
      demand,
      timeline: usual.timeline,
      capacity: 10,
      fromTick,
      toTick,
      atMost: 400,
    });
    const shortSeconds = windows.reduce((sum, one) => sum + one.shortSeconds, 0);
    const outcome = usual.outcomes[1];
    expect(shortSeconds).toBeCloseTo((outcome?.shortTimeShare ?? 0) * (toTick - fromTick) * tickSeconds, 6);
    const [worst] = windows;
    expect((worst?.fromSeconds ?? 0) % 86_400).toBe(9 * 3600);
    // About half of the demand for five minutes and a little.
    expect(worst?.unservedShare).toBeGreaterThan(0.04);
    expect(worst?.unservedShare).toBeLessThan(0.07);
    expect(worst?.fewestReady).toBeLessThan((worst?.highestDemand ?? 0) / 10);
  });

  it('gives the same verdicts in steps as at once', () => {
    const short = { ...request, entrants: [{ name: 'reactive', policy: policies.reactive, isSwept: false }] };
    const comparison = createComparison(short);
    const shares = [];
    while (comparison.advance(5000)) shares.push(comparison.doneShare);
    expect(shares.length).toBeGreaterThan(5);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const judged = (all: ReturnType<typeof compare>) =>
      all.map((one) => one.map((verdict) => verdict.judged));
    expect(judged(comparison.verdicts())).toEqual(judged(compare(short)));
  });
});
