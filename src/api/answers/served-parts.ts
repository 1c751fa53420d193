import type { ServedDecision } from '../../forecast/index.ts';

/** What the value that KEDA was told is made of. */
export const servedPartNames = [
  'observed',
  'forecast',
  'margin',
  'headroom',
  'tolerance',
  'cap',
  'held',
] as const;
type ServedPartName = (typeof servedPartNames)[number];

/** Parts of a bound of the forecast. */
export const boundPartNames = ['level', 'day', 'week', 'deviation', 'safetyMargin'] as const;
type BoundPartName = (typeof boundPartNames)[number];

interface Part<Name> {
  readonly name: Name;
  readonly value: number;
}

/**
 * Parts that add up to the signal: the observed demand; what the forecast or the margin beside it, by the trust, and the reactive
 * rule's headroom add to it; what was added for the HPA's tolerance or taken off as implausible; and what was added to hold the last
 * good value.
 */
export function servedParts(decision: ServedDecision): readonly Part<ServedPartName>[] {
  const { signal, observed, wanted, predictedPeak = observed, margin, trust = 0, basis } = decision;
  const planned = margin * observed > predictedPeak ? 'margin' : 'forecast';
  const added = wanted - observed;
  // With full trust all of it is of the plan, and what is left is rounding.
  const isAlone = trust >= 1 || added === 0;
  const byPlan = isAlone ? added : trust * (Math.max(predictedPeak, margin * observed) - observed);
  const adjusted = signal - wanted;
  const adjustedAs = basis === 'last-good' ? 'held' : adjusted > 0 ? 'tolerance' : 'cap';
  const values: Record<ServedPartName, number> = {
    observed,
    forecast: 0,
    margin: 0,
    headroom: added - byPlan,
    tolerance: 0,
    cap: 0,
    held: 0,
    [planned]: byPlan,
    [adjustedAs]: adjusted,
  };
  return servedPartNames.map((name) => ({ name, value: values[name] }));
}

/** Parts that add up to the bound of the forecast; empty where there was none. */
export function boundParts({
  predictedPeak,
  expectedPeak,
  usual,
}: Pick<ServedDecision, 'predictedPeak' | 'expectedPeak' | 'usual'>): readonly Part<BoundPartName>[] {
  if (predictedPeak === undefined || expectedPeak === undefined || usual === undefined) return [];
  const { level, day, week } = usual;
  const values: Record<BoundPartName, number> = {
    level,
    day,
    week,
    deviation: expectedPeak - (level + day + week),
    safetyMargin: predictedPeak - expectedPeak,
  };
  return boundPartNames.map((name) => ({ name, value: values[name] }));
}
