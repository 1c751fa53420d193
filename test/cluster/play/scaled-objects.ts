import { formatDuration } from '../../../src/platform/duration.ts';
import type { Manifest } from '../../k8s/manifest.ts';
import { scenario } from './scenario.ts';

/** The fleet that Forescale scales, the twin that KEDA scales by what is observed, and two small workloads. */
export const names = {
  ours: 'app-a',
  twin: 'app-a-reactive',
  steady: 'steady',
  nightly: 'nightly',
} as const;
export const namespace = 'telemetry-app';
const scalerAddress = 'forescale.forescale.svc.cluster.local:6000';
const prometheusUrl = 'http://prometheus.monitoring.svc.cluster.local:9090';
const { daySeconds, historyDays } = scenario;

/** Requests per second that a fleet got, rejected ones included; an app without requests has a demand of zero. */
const demandQuery = (app: string): string => {
  const of = `{namespace="${namespace}", app="${app}"}`;
  return `sum(rate(app_requests_total${of}[${scenario.rateWindowSeconds}s])) or 0 * sum(app_build_info${of})`;
};

const seasonal = {
  scalerAddress,
  seasons: `${formatDuration(daySeconds)},${formatDuration(7 * daySeconds)}`,
  queryStep: '1s',
  predictHorizon: formatDuration(daySeconds),
  historyTimeWindow: formatDuration(historyDays * daySeconds),
};

interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly authenticationRef?: { readonly name: string };
}

/** A ScaledObject of ours. Both fleets have the same bounds, intervals and behaviour, and differ in the trigger alone. */
export function scaledObject(
  name: string,
  trigger: Trigger,
  more: Readonly<Record<string, unknown>> = {},
): Manifest {
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/part-of': 'forescale' } },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      pollingInterval: scenario.kedaPollingSeconds,
      minReplicaCount: scenario.minReplicas,
      maxReplicaCount: scenario.maxReplicas,
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: { scaleDown: { stabilizationWindowSeconds: scenario.scaleDownStabilizationSeconds } },
        },
      },
      triggers: [trigger],
      ...more,
    },
  };
}

const threshold = String(scenario.targetRequestsPerSecond);

export const forecastObject = (): Manifest =>
  scaledObject(names.ours, {
    type: 'external',
    metadata: { ...seasonal, query: demandQuery(names.ours), threshold },
  });

export const reactiveObject = (): Manifest =>
  scaledObject(names.twin, {
    type: 'prometheus',
    metadata: { serverAddress: prometheusUrl, query: demandQuery(names.twin), threshold },
  });

/** Demand that never changes, so that any change of the replicas is a fault's doing. */
export const steadyObject = (): Manifest =>
  scaledObject(names.steady, { type: 'external', metadata: { ...seasonal, query: 'vector(25)', threshold } });

/** Hours of the simulated day in which the nightly workload has work; else its demand is zero. */
export const nightlyHours = { from: 8, until: 16 } as const;

/**
 * A workload with nights of zero. Its demand is a function of the time alone, so that its history is there without being written:
 * `beganAt` is the unix time at which the simulated first day's midnight was.
 */
export function nightlyObject(beganAt: number): Manifest {
  // What % gives has the sign of its left side, so the time of the history must not be before what is taken away.
  const hour = `((time() - ${beganAt % daySeconds}) % ${daySeconds}) / ${daySeconds / 24}`;
  const query = `vector(25 * (${hour} >= bool ${nightlyHours.from}) * (${hour} < bool ${nightlyHours.until}))`;
  return scaledObject(
    names.nightly,
    { type: 'external', metadata: { ...seasonal, query, threshold } },
    { minReplicaCount: 0, cooldownPeriod: 10 },
  );
}
