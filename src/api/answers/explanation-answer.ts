import type { Decision, ExplainRequest, WorkloadView } from '../../forecast/index.ts';
import type { Answer } from '../instance.ts';
import type { ServerMode } from '../peers.ts';
import type { ExplanationSchema } from '../schemas/explanation.ts';
import { toClusterJson } from './cluster-json.ts';
import { toExplanationJson } from './explanation-json.ts';
import { decisionSummary } from './explanation-words.ts';
import { standingOf } from './standing.ts';
import { identityOf, replicasAsked, toDecision } from './workload-answers.ts';

/** Which value to explain. Where a field is undefined, the value of the decision is taken. */
export interface ExplanationWish {
  readonly of: { readonly horizonSteps: number } | { readonly windowSeconds: number } | undefined;
  readonly quantile: number | undefined;
}

/** The decision and the parts of the forecast behind it. Without a decision the next step of the forecast is explained. */
export function toExplanation(
  workload: WorkloadView,
  serverMode: ServerMode,
  wish: ExplanationWish,
): Answer<typeof ExplanationSchema> {
  const { model } = workload;
  const decision = workload.decision();
  const standing = standingOf(workload, decision, serverMode);
  const asked = replicasAsked(workload, decision);
  const decided = decision && requestOf(decision);
  return {
    ...identityOf(workload),
    summary:
      decision && decided
        ? decisionSummary({
            decision,
            replicasAsked: asked,
            explained: model.explain(decided),
            outcome: workload.outcome(),
            lastError: model.health().lastError?.message,
            unit: workload.unit,
          })
        : `${[standing.headline, ...standing.reasons].join(': ')}.`,
    state: standing.state,
    threshold: workload.threshold,
    replicasAsked: asked,
    decision: decision === undefined ? null : toDecision(decision),
    ...toClusterJson(workload.cluster()),
    forecast: toExplanationJson(
      model.explain({
        ...(wish.of ?? decided ?? { horizonSteps: 1 }),
        quantile: wish.quantile ?? decision?.askedLevel,
      }),
    ),
  };
}

/** What to explain for a decision: the bound that it was made with. */
function requestOf(decision: Decision): ExplainRequest {
  const { windowSeconds, dataAgeSeconds } = decision;
  return { windowSeconds, leadSeconds: dataAgeSeconds, quantile: decision.askedLevel };
}
