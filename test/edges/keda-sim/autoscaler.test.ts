import { describe, expect, it } from 'vitest';
import { parseAutoscaler } from '../../../src/keda-sim/index.ts';
import { ForescaleError } from '../../../src/platform/errors.ts';

const scaledObject = (triggers: string, more = '') => `
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: web, namespace: shop }
spec:
  minReplicaCount: 2
  maxReplicaCount: 40
  pollingInterval: 15
  cooldownPeriod: 120
${more}
  triggers:
${triggers}
`;

const hpa = (spec: string, version = 'v2') => `
apiVersion: autoscaling/${version}
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  maxReplicas: 30
${spec}
`;

function faultsOf(yaml: string): readonly string[] {
  try {
    parseAutoscaler(yaml, 'web.yaml');
  } catch (error) {
    if (!(error instanceof ForescaleError)) throw error;
    expect(error.code).toBe('invalid-argument');
    return error.fieldErrors.length > 0 ? error.fieldErrors.map(({ message }) => message) : [error.message];
  }
  return [];
}

describe('the manifest of an autoscaler', () => {
  it('is a ScaledObject with a prometheus trigger, which scales on demand', () => {
    const trigger = `
    - type: prometheus
      metadata: { serverAddress: http://p, query: "sum(rate(x[1m]))", threshold: "10", activationThreshold: "2" }`;
    const yaml = scaledObject(
      trigger,
      '  advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: 120 } } } }',
    );
    expect(parseAutoscaler(yaml, 'web.yaml')).toEqual({
      kind: 'ScaledObject',
      namespace: 'shop',
      name: 'web',
      rule: { kind: 'demand', target: 10, query: 'sum(rate(x[1m]))', activationThreshold: 2 },
      minReplicas: 2,
      maxReplicas: 40,
      pollingIntervalSeconds: 15,
      cooldownSeconds: 120,
      cron: [],
      behavior: { scaleDown: { stabilizationWindowSeconds: 120 } },
      ignored: [],
    });
  });

  it('is a ScaledObject with an external trigger, and names the triggers that are not played', () => {
    const triggers = `
    - { type: kafka, metadata: { lagThreshold: "5" } }
    - { type: external, metadata: { scalerAddress: "forescale:6000", threshold: "12" } }`;
    expect(parseAutoscaler(scaledObject(triggers, '  idleReplicaCount: 0'), 'web.yaml')).toMatchObject({
      rule: { kind: 'external', metadata: { threshold: '12' } },
      ignored: ['spec.triggers[0] (kafka)', 'spec.idleReplicaCount'],
    });
  });

  const cron = (more: string) =>
    `    - { type: cron, metadata: { timezone: Europe/Berlin, start: "30 7 * * 1-5", end: 0 18 * * *, ${more} } }`;

  it('has its cron triggers beside the one that scales on demand, or alone', () => {
    const prometheus = '    - { type: prometheus, metadata: { query: x, threshold: "10" } }';
    const [start, end] = [expect.anything(), expect.anything()];
    const played = [{ timeZone: 'Europe/Berlin', desiredReplicas: 12, start, end }];
    const beside = parseAutoscaler(
      scaledObject(`${cron('desiredReplicas: "12"')}\n${prometheus}`),
      'web.yaml',
    );
    expect(beside).toMatchObject({ rule: { kind: 'demand', target: 10 }, cron: played, ignored: [] });
    const alone = parseAutoscaler(scaledObject(cron('desiredReplicas: "12"')), 'web.yaml');
    expect(alone).toMatchObject({ rule: { kind: 'cron' }, cron: played, ignored: [] });
  });

  it('is refused for a cron trigger that says no time, zone or number, all at once', () => {
    const trigger =
      '    - { type: cron, metadata: { timezone: Mars/Base, start: "@daily", desiredReplicas: 3 } }';
    expect(faultsOf(scaledObject(trigger))).toEqual([
      'spec.triggers[0].metadata.start is "@daily": it must be a cron expression of five fields, such as 30 7 * * 1-5',
      'spec.triggers[0].metadata.end is missing: it must be a cron expression of five fields, such as 30 7 * * 1-5',
      'spec.triggers[0].metadata.timezone is "Mars/Base": it must be an IANA time zone such as Europe/Berlin',
      'spec.triggers[0].metadata.desiredReplicas is 3: it must be a whole number in quotes',
    ]);
  });

  it.each([
    [
      'a cpu trigger',
      scaledObject('    - { type: cpu, metricType: Utilization, metadata: { value: "70" } }'),
    ],
    [
      'an HPA on cpu',
      hpa(
        '  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }]',
      ),
    ],
    ['an HPA of autoscaling/v1', hpa('  targetCPUUtilizationPercentage: 70', 'v1')],
  ])('is %s, which scales on a share of what is requested', (_, yaml) => {
    expect(parseAutoscaler(yaml, 'web.yaml').rule).toEqual({ kind: 'cpu', utilization: 0.7 });
  });

  it.each(['External', 'Pods', 'Object'])(
    "is an HPA on a metric of type %s, with Kubernetes' defaults",
    (type) => {
      const key = type.toLowerCase();
      const metric = `{ type: ${type}, ${key}: { target: { type: AverageValue, averageValue: 1500m } } }`;
      expect(parseAutoscaler(hpa(`  metrics: [${metric}]`), 'web.yaml')).toMatchObject({
        kind: 'HorizontalPodAutoscaler',
        rule: { kind: 'demand', target: 1.5 },
        minReplicas: 1,
        maxReplicas: 30,
        behavior: undefined,
      });
    },
  );

  it.each([
    [
      'another kind',
      'kind: Deployment\nmetadata: { name: web }',
      'web.yaml has no document with kind: ScaledObject or HorizontalPodAutoscaler, only Deployment; give the manifest you apply to the cluster',
    ],
    ['no YAML', 'kind: [', 'web.yaml is not YAML'],
    [
      'triggers that are not played',
      scaledObject('    - { type: kafka, metadata: { lagThreshold: "5" } }'),
      'spec.triggers is ["kafka"]: one of them must be of a type that is played: external, external-push, prometheus, cpu, cron',
    ],
    [
      'a prometheus trigger without a threshold',
      scaledObject('    - { type: prometheus, metadata: { query: x } }'),
      'spec.triggers[0].metadata.threshold is missing: a prometheus trigger needs it',
    ],
    [
      'a target for all replicas together',
      scaledObject('    - { type: prometheus, metricType: Value, metadata: { query: x, threshold: "5" } }'),
      'spec.triggers[0].metricType is "Value": only AverageValue is played',
    ],
    [
      'memory',
      hpa(
        '  metrics: [{ type: Resource, resource: { name: memory, target: { type: Utilization, averageUtilization: 70 } } }]',
      ),
      'spec.metrics[0].resource.name is "memory": only cpu is played',
    ],
    [
      'an HPA without metrics',
      hpa(''),
      'spec.metrics[0].type is null: it must be one of External, Object, Pods, Resource, ContainerResource',
    ],
  ])('is refused for %s, by its path and with the remedy', (_, yaml, words) => {
    const faults = faultsOf(yaml);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(words);
  });

  it('names every fault once, however often its place is read', () => {
    expect(faultsOf('kind: ScaledObject\nmetadata: { name: web }\nspec: all')).toEqual([
      'spec is "all": it must be a mapping',
      expect.stringContaining('spec.triggers is []'),
    ]);
  });
});
