import type { Decision, ServedDecision, WorkloadView } from '../../forecast/index.ts';
import { capRatio, type ScalingPolicy, type Situation } from '../decision/policy.ts';

/** What a model says about the forecast behind decisions. */
type Glimpse = Pick<ServedDecision, 'usual' | 'experts'>;

const unknown: Glimpse = { usual: undefined, experts: [] };
/** Experts that are kept. */
const mostExperts = 3;

/** A decision with what it was made from. */
export function servedDecision(
  decision: Decision,
  { forecast, replicas }: Pick<Situation, 'forecast' | 'replicas'>,
  { threshold, hpaTolerance }: Pick<ScalingPolicy, 'threshold' | 'hpaTolerance'>,
  glimpse: Glimpse,
): ServedDecision {
  const hasForecast = forecast.kind === 'forecast';
  return {
    kind: 'served',
    ...decision,
    threshold,
    hpaTolerance,
    replicas,
    expectedPeak: hasForecast ? forecast.median : undefined,
    cap: hasForecast ? capRatio * forecast.credibleMaximum : undefined,
    ...glimpse,
  };
}

/**
 * Looks at what a model takes as usual and which experts count, once for each step of its grid: it costs more than a decision, and in
 * between nothing of it changes.
 */
export function createGlimpses(
  model: Pick<WorkloadView['model'], 'explain' | 'newestSeconds' | 'gridSeconds'>,
): (decision: Decision) => Glimpse {
  let glimpse = unknown;
  let step = Number.NaN;
  return ({ predictedPeak, windowSeconds, dataAgeSeconds, askedLevel }) => {
    if (predictedPeak === undefined) return unknown;
    const newest = Math.floor(model.newestSeconds() / model.gridSeconds);
    if (newest === step) return glimpse;
    step = newest;
    glimpse = glimpseOf(model, { windowSeconds, leadSeconds: dataAgeSeconds, quantile: askedLevel });
    return glimpse;
  };
}

function glimpseOf(
  model: Pick<WorkloadView['model'], 'explain'>,
  request: Parameters<WorkloadView['model']['explain']>[0],
): Glimpse {
  try {
    const explained = model.explain(request);
    if (explained.status !== 'ok') return unknown;
    const partOf = (wanted: string) => explained.components.find(({ name }) => name === wanted)?.value ?? 0;
    return {
      usual: { level: partOf('level'), day: partOf('day'), week: partOf('week') },
      experts: explained.experts
        .slice(0, mostExperts)
        .map(({ name, weight }) => ({ name, percent: Math.round(100 * weight) })),
    };
  } catch {
    // The record is told less; what is served does not depend on it.
    return unknown;
  }
}
