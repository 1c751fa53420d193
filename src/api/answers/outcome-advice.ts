import type { ServiceOutcome, WorkloadView } from '../../forecast/index.ts';
import { shortShare } from './outcome-words.ts';
import { inWords, measuredShare, percentage } from './words.ts';

/** What to do about a workload. `turn-on` … `turn-off` are the verdict, of which there is one; the others may come beside it. */
export const adviceCodes = [
  'too-early',
  'turn-on',
  'leave-on',
  'leave-off',
  'turn-off',
  'threshold',
  'lead-time',
  'max-replicas',
] as const;

export interface Advice {
  readonly code: (typeof adviceCodes)[number];
  /** A sentence for people. */
  readonly message: string;
}

const daySeconds = 86_400;
/** The promise counts as kept up to this multiple of what may be short: feedback swings around its aim. */
const keptRatio = 1.25;
/** It is broken for good, not by chance, above this multiple. */
const brokenRatio = 2;
/** A rule is cheaper below this share of the other's replica-hours; nearer they are alike. */
const cheaperRatio = 0.98;

type Advised = Pick<WorkloadView, 'mode' | 'threshold'> & {
  /** Says that the trigger's lead time is far from what was learned; undefined where it is not, or nothing was learned. */
  readonly leadTimeWarning: string | undefined;
  /** Upper bound of the HPA; undefined where it is not known. */
  readonly mostReplicas: number | undefined;
  /** Highest demand that is forecast for the next day; undefined where there is no forecast. */
  readonly nextPeak: number | undefined;
};

/** Advice for a workload by its last week. In mode `reactive` it says whether turning the forecast on is worth it. */
export function adviceOf(workload: Advised, outcome: ServiceOutcome): readonly Advice[] {
  const { leadTimeWarning } = workload;
  return [
    verdictOf(workload, outcome),
    ...thresholdAdvice(workload, outcome),
    ...(leadTimeWarning === undefined ? [] : [{ code: 'lead-time', message: leadTimeWarning } as const]),
    ...replicaAdvice(workload),
  ];
}

function verdictOf({ mode }: Advised, { serviceLevel, trust, windows }: ServiceOutcome): Advice {
  const span = windows['7d'];
  if (span.seconds < daySeconds) {
    return { code: 'too-early', message: 'Less than a day could be played yet; ask again in a day.' };
  }
  const [own, reactive] = [shortShare(span, 'forescale'), shortShare(span, 'reactive')];
  const kept = keptRatio * (1 - serviceLevel);
  const costRatio = span.forescale.replicaSeconds / span.reactive.replicaSeconds;
  const shorts = `short for ${measuredShare(own)} of the time, the reactive rule for ${measuredShare(reactive)}`;
  if (trust < 0.5) {
    const why = 'at the same service the reactive rule with headroom is cheaper than the forecast';
    return mode === 'active'
      ? { code: 'leave-on', message: `Leave it on: ${why}, and it is what is served.` }
      : { code: 'leave-off', message: `Leave it off: ${why}.` };
  }
  if (costRatio < cheaperRatio && own <= Math.max(reactive, kept))
    return worthIt(mode, `it needs ${measuredShare(1 - costRatio)} fewer replica-hours and is ${shorts}`);
  if (reactive > kept && own < reactive) return worthIt(mode, `it is ${shorts}${priceOf(costRatio)}`);
  const why = `the reactive rule is short for ${measuredShare(reactive)} of the time, where ${measuredShare(1 - serviceLevel)} is allowed, and needs ${measuredShare(Math.abs(1 - 1 / costRatio))} ${costRatio > 1 ? 'fewer' : 'more'} replica-hours`;
  return mode === 'active'
    ? { code: 'turn-off', message: `Set mode: reactive: ${why}.` }
    : { code: 'leave-off', message: `Leave it off: ${why}.` };
}

function worthIt(mode: Advised['mode'], why: string): Advice {
  return mode === 'active'
    ? { code: 'leave-on', message: `Leave it on: ${why}.` }
    : { code: 'turn-on', message: `Turn it on with mode: active: ${why}.` };
}

function priceOf(costRatio: number): string {
  if (costRatio > 1 / cheaperRatio) return `, and needs ${measuredShare(costRatio - 1)} more replica-hours`;
  return ', with no more replica-hours';
}

function replicaAdvice({ threshold, mostReplicas, nextPeak = 0 }: Advised): readonly Advice[] {
  const needed = Math.ceil(nextPeak / threshold);
  if (mostReplicas === undefined || needed <= mostReplicas) return [];
  const message = `Raise maxReplicaCount from ${mostReplicas}: the peak of the next day, ${inWords(nextPeak)}, needs ${needed} replicas.`;
  return [{ code: 'max-replicas', message }];
}

function thresholdAdvice({ threshold }: Advised, outcome: ServiceOutcome): readonly Advice[] {
  const { serviceLevel, askedLevel, headroom, trust, windows } = outcome;
  const span = windows['7d'];
  if (span.seconds < daySeconds) return [];
  if (trust < 0.5 && headroom > 1) {
    const message = `A reactive trigger keeps about the promised ${percentage(serviceLevel)} with threshold: "${inWords(threshold / headroom)}" in place of "${inWords(threshold)}".`;
    return [{ code: 'threshold', message }];
  }
  if (shortShare(span, 'forescale') <= brokenRatio * (1 - serviceLevel)) return [];
  const message = `More is short than is allowed, though the ${percentage(askedLevel)} level of the peak is asked for: what comes cannot be foreseen in time. Set threshold below the "${inWords(threshold)}" that one replica is to carry, so that there is room to spare.`;
  return [{ code: 'threshold', message }];
}
