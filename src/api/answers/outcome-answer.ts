import {
  achievedService,
  budgetLeftRatio,
  outcomeWindows,
  type ServedSpan,
  type WorkloadView,
} from '../../forecast/index.ts';
import type { Answer } from '../instance.ts';
import type { ServerMode } from '../peers.ts';
import type { OutcomeSchema } from '../schemas/outcome.ts';
import { nextPeak } from './next-peak.ts';
import { adviceOf } from './outcome-advice.ts';
import { outcomeSummary } from './outcome-words.ts';
import { identityOf } from './workload-answers.ts';

/** How well a workload was served lately, as the API and `forescale report --json` tell it; the shape is stable. */
export type OutcomeJson = Answer<typeof OutcomeSchema>;
type WindowJson = OutcomeJson['windows'][number];

const unplayed = {
  until: null,
  serviceLevel: null,
  askedLevel: null,
  askedFactor: null,
  headroom: null,
  trust: null,
  leadTimeSeconds: null,
  budgetLeftRatio: null,
  windows: [],
  advice: [],
};

/** What was achieved beside the reactive rule, or that nothing could be played yet. */
export function toOutcomeJson(
  workload: WorkloadView,
  serverMode: ServerMode,
  nowSeconds: number,
): OutcomeJson {
  const outcome = workload.outcome();
  const mode = serverMode === 'reactive' ? 'reactive' : workload.mode;
  const about = { ...identityOf(workload), mode };
  if (outcome === undefined) {
    return {
      ...about,
      status: 'learning',
      summary: 'No decision could be played yet, because there is no forecast of this workload.',
      ...unplayed,
    };
  }
  const { untilSeconds, serviceLevel, askedLevel, askedFactor, windows } = outcome;
  const { headroom, trust, leadTimeSeconds } = outcome;
  return {
    ...about,
    status: 'ok',
    summary: outcomeSummary(outcome, mode),
    until: untilSeconds,
    serviceLevel,
    askedLevel,
    askedFactor,
    headroom,
    trust,
    leadTimeSeconds,
    budgetLeftRatio: finiteOrNull(budgetLeftRatio(outcome)),
    windows: (['1h', '1d', '7d'] as const).map((window) => ({
      window,
      windowSeconds: outcomeWindows[window],
      ...toWindow(windows[window]),
    })),
    advice: [...adviceOf({ ...knownOf(workload, nowSeconds), mode }, outcome)],
  };
}

/** What advice needs to know beside the outcome. */
function knownOf(workload: WorkloadView, nowSeconds: number) {
  const { threshold, model } = workload;
  const { leadTime, replicas } = workload.cluster();
  return {
    threshold,
    leadTimeWarning: leadTime.warning,
    mostReplicas: replicas?.most,
    nextPeak: replicas?.most === undefined ? undefined : nextPeak(model, nowSeconds)?.value,
  };
}

function toWindow(span: ServedSpan): Omit<WindowJson, 'window' | 'windowSeconds'> {
  const served = (policy: 'forescale' | 'reactive') => ({
    achievedService: finiteOrNull(achievedService(span, policy)),
    shortSeconds: span[policy].shortSeconds,
    replicaHours: span[policy].replicaSeconds / 3_600,
  });
  return { knownSeconds: span.seconds, forescale: served('forescale'), reactive: served('reactive') };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
