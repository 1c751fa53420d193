import { describe, expect, it } from 'vitest';
import { parseScaledObject, toSentMetadata } from '../../../src/keda-sim/index.ts';
import { ForescaleError } from '../../../src/platform/errors.ts';

const full = `
apiVersion: v1
kind: Service
metadata: { name: web }
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: web
  namespace: shop
spec:
  scaleTargetRef: { name: web }
  pollingInterval: 5
  cooldownPeriod: 10
  idleReplicaCount: 0
  minReplicaCount: 2
  maxReplicaCount: 40
  fallback: { failureThreshold: 3, replicas: 6 }
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        scaleUp:
          tolerance: "0.05"
        scaleDown:
          stabilizationWindowSeconds: 60
          selectPolicy: Min
          tolerance: 50m
          policies:
            - { type: Pods, value: 4, periodSeconds: 60 }
            - { type: Percent, value: 10, periodSeconds: 60 }
  triggers:
    - type: cron
      metadata: { timezone: UTC }
    - type: external-push
      useCachedMetrics: true
      metricType: Value
      metadata:
        scalerAddress: forescale.forescale:6000
        query: sum(rate(http_requests_total[2m]))
        threshold: "10"
`;

function faultsOf(yaml: string): readonly string[] {
  try {
    parseScaledObject(yaml, 'web.yaml');
  } catch (error) {
    if (!(error instanceof ForescaleError)) throw error;
    return error.fieldErrors.length > 0 ? error.fieldErrors.map((fault) => fault.message) : [error.message];
  }
  return [];
}

describe('a ScaledObject manifest', () => {
  it('is read with everything the simulator plays', () => {
    expect(parseScaledObject(full, 'web.yaml')).toEqual({
      namespace: 'shop',
      name: 'web',
      metadata: {
        scalerAddress: 'forescale.forescale:6000',
        query: 'sum(rate(http_requests_total[2m]))',
        threshold: '10',
      },
      isPush: true,
      useCachedMetrics: true,
      metricType: 'Value',
      pollingIntervalSeconds: 5,
      cooldownSeconds: 10,
      minReplicas: 2,
      maxReplicas: 40,
      idleReplicas: 0,
      behavior: {
        scaleUp: { tolerance: 0.05 },
        scaleDown: {
          stabilizationWindowSeconds: 60,
          selectPolicy: 'Min',
          tolerance: 0.05,
          policies: [
            { type: 'Pods', value: 4, periodSeconds: 60 },
            { type: 'Percent', value: 10, periodSeconds: 60 },
          ],
        },
      },
      ignored: ['1 more trigger(s)', 'spec.fallback'],
    });
  });

  it('leaves open what it does not say', () => {
    const yaml =
      'kind: ScaledObject\nmetadata: { name: web }\nspec: { triggers: [{ type: external, metadata: {} }] }';
    expect(parseScaledObject(yaml, 'web.yaml')).toMatchObject({
      namespace: undefined,
      isPush: false,
      useCachedMetrics: false,
      metricType: 'AverageValue',
      pollingIntervalSeconds: undefined,
      minReplicas: undefined,
      behavior: undefined,
      ignored: [],
    });
  });

  it('is refused with all its faults at once, each by its path', () => {
    const yaml = `
kind: ScaledObject
metadata: {}
spec:
  pollingInterval: 0
  maxReplicaCount: many
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        scaleUp: { selectPolicy: Sometimes, tolerance: lots, policies: [{ type: Pods, value: 0 }] }
  triggers:
    - { type: external, metadata: { threshold: 10 } }
`;
    const behavior = 'spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleUp';
    expect(faultsOf(yaml)).toEqual([
      'spec.pollingInterval is 0: it must be a whole number, 1 or more',
      'spec.maxReplicaCount is "many": it must be a whole number, 1 or more',
      `${behavior}.selectPolicy is "Sometimes": it must be one of Max, Min, Disabled`,
      `${behavior}.tolerance is "lots": it must be a number, zero or more, such as "0.05" or 50m`,
      `${behavior}.policies[0].value is 0: it must be a whole number, 1 or more`,
      `${behavior}.policies[0].periodSeconds is missing: every policy needs it`,
      'metadata.name is missing: a ScaledObject needs a name',
      'spec.triggers[0].metadata.threshold is 10: it must be a string; quote it',
    ]);
  });

  it('needs an external trigger', () => {
    const yaml = 'kind: ScaledObject\nmetadata: { name: web }\nspec: { triggers: [{ type: cron }] }';
    expect(faultsOf(yaml)).toEqual([
      'spec.triggers is ["cron"]: one of them must be of type external or external-push',
    ]);
  });

  it('must be there', () => {
    expect(faultsOf('kind: Deployment')).toEqual([
      'web.yaml has no document with kind: ScaledObject, only Deployment; give the manifest you apply to the cluster',
    ]);
    expect(faultsOf('')).toHaveLength(1);
  });

  it('must be YAML', () => {
    expect(faultsOf('kind: [ScaledObject').join()).toContain('web.yaml is not YAML');
  });
});

describe('metadata as KEDA sends it', () => {
  it('has a scalerAddress in any case, and keeps the one that was written', () => {
    expect(toSentMetadata({ threshold: '10' }, '127.0.0.1:6000', {})).toEqual({
      threshold: '10',
      scalerAddress: '127.0.0.1:6000',
    });
    const written = { scalerAddress: 'forescale:6000' };
    expect(toSentMetadata(written, '127.0.0.1:6000', {})).toEqual(written);
  });

  it('carries the value of FromEnv keys under their own name and drops what has none', () => {
    const metadata = { tokenFromEnv: 'TOKEN', missingFromEnv: 'NOWHERE', emptyFromEnv: 'EMPTY' };
    expect(toSentMetadata(metadata, 'a:1', { TOKEN: 's3cret', EMPTY: '' })).toEqual({
      scalerAddress: 'a:1',
      tokenFromEnv: 's3cret',
    });
  });
});
