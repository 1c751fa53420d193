import { stringify } from 'yaml';
import { formatDuration } from '../../platform/duration.ts';
import { leadTimeSecondsOf, type Scenario, type WhatIfAnswer } from '../../what-if/index.ts';
import type { Scaler } from './choose-scaler.ts';
import type { Plan } from './plan.ts';
import { verdictLines } from './table.ts';

/** The hold of scale-downs beneath a forecast, which holds peaks itself (docs/configuration.md). */
const holdSeconds = 60;

/** The ScaledObject to apply, with what the what-if found in front of it. */
export function scaledObjectYaml(
  { scenario, manifest, query }: Plan,
  answer: WhatIfAnswer,
  scaler: Scaler,
): string {
  const name = manifest?.name || 'web';
  const lines = verdictLines(answer).map((line) => `# ${line}`);
  const object = {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name, ...(manifest?.namespace === undefined ? {} : { namespace: manifest.namespace }) },
    spec: {
      scaleTargetRef: { name },
      pollingInterval: scenario.keda.pollingIntervalSeconds,
      cooldownPeriod: scenario.keda.cooldownSeconds,
      minReplicaCount: scenario.minReplicas,
      maxReplicaCount: scenario.maxReplicas,
      advanced: { horizontalPodAutoscalerConfig: { behavior: behaviorOf(scenario) } },
      triggers: [
        {
          type: 'external',
          metadata: {
            ...scaler,
            query: query ?? 'sum(rate(http_requests_total[2m]))',
            threshold: String(scenario.target),
            leadTime: formatDuration(Math.ceil(leadTimeSecondsOf(scenario))),
            serviceLevel: String(answer.serviceLevel),
            ...(answer.verdict?.recommendation === 'turn-on' ? {} : { mode: 'reactive' }),
          },
        },
      ],
    },
  };
  return `${lines.join('')}${stringify(object)}`;
}

function behaviorOf({ behavior }: Scenario) {
  return { ...behavior, scaleDown: { ...behavior?.scaleDown, stabilizationWindowSeconds: holdSeconds } };
}
