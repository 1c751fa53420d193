import { describe, expect, it } from 'vitest';
import { Warning } from '../../tools/stack/checks.ts';
import * as judge from '../../tools/stack/judge.ts';
import { isAtLeast } from '../../tools/stack/objects.ts';
import { quantity, roomFree } from '../../tools/stack/room.ts';
import { conditions, object } from './kube-object.ts';

describe('what doctor and test find', () => {
  const ready = object('Node', '/one', { ...conditions('Ready=True', 'DiskPressure=False') });

  it('nodes that are not ready or short of something', () => {
    expect(judge.judgeNodes([ready])).toBe('1 ready');
    expect(() => judge.judgeNodes([])).toThrow();
    const short = object('Node', '/two', conditions('Ready=True', 'MemoryPressure=True'));
    expect(() => judge.judgeNodes([ready, short])).toThrow('two: MemoryPressure');
    expect(() => judge.judgeNodes([object('Node', '/three', conditions('Ready=False'))])).toThrow(
      'three: not Ready',
    );
  });

  it('room on the nodes that take pods, without what others ask for', () => {
    expect(['100m', '2', '0.5', '1500u'].map(quantity)).toEqual([0.1, 2, 0.5, 0.0015]);
    expect(['512Mi', '8130120Ki', '1G', '128974848'].map(quantity)).toEqual([
      2 ** 29,
      8130120 * 1024,
      1e9,
      128974848,
    ]);
    const node = { ...ready, status: { ...ready.status, allocatable: { cpu: '4', memory: '8Gi' } } };
    const closed = { ...node, metadata: { name: 'closed' }, spec: { unschedulable: true } };
    const pod = (nodeName: string, phase: string) => {
      const containers = [{ resources: { requests: { cpu: '500m', memory: '1Gi' } } }, {}];
      return object('Pod', `a/${phase}`, { spec: { nodeName, containers }, status: { phase } });
    };
    const pods = [pod('one', 'Running'), pod('one', 'Succeeded'), pod('closed', 'Running')];
    const free = roomFree([node, closed], pods);
    expect(free).toEqual({ cpu: 3.5, memory: 7 * 2 ** 30 });
    expect(judge.judgeRoom({ cpu: 1, memory: 1 }, free)).toBe(
      '1000m CPU and 0 MiB asked for, 3500m CPU and 7168 MiB free',
    );
    expect(() => judge.judgeRoom({ cpu: 4, memory: 1 }, free)).toThrow();
  });

  it('the storage class that the manifests name, or a default one', () => {
    const claim = (storageClassName?: string) => {
      const spec = storageClassName === undefined ? {} : { storageClassName };
      return object('StatefulSet', 'a/b', { spec: { volumeClaimTemplates: [{ spec }] } });
    };
    const standard = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    const classes = [
      object('StorageClass', '/local-path', { metadata: { name: 'local-path', annotations: standard } }),
    ];
    expect(judge.judgeStorage([claim()], classes)).toBe('local-path');
    expect(() => judge.judgeStorage([claim()], [])).toThrow('missing: a default class');
    expect(() => judge.judgeStorage([claim('longhorn')], classes)).toThrow('missing: longhorn');
  });

  it('an ingress controller and operators, where the manifests use them', () => {
    const used = [object('Ingress', 'a/b'), object('Certificate', 'a/b')];
    expect(judge.judgeIngress([], [])).toBeUndefined();
    expect(() => judge.judgeIngress(used, [])).toThrow('no IngressClass');
    expect(judge.judgeIngress(used, [object('IngressClass', '/traefik')])).toBe('traefik');
    expect(judge.judgeOperators([], '')).toBeUndefined();
    expect(() => judge.judgeOperators(used, 'pods po v1 true Pod\n')).toThrow('no kind Certificate');
    expect(judge.judgeOperators(used, 'certificates cert cert-manager.io/v1 true Certificate\n')).toBe(
      'Certificate',
    );
  });

  it('a metrics-server that is missing, which nothing of ours needs', () => {
    const api = (available: string) => [
      object('APIService', '/v1beta1.metrics.k8s.io', conditions(`Available=${available}`)),
    ];
    expect(judge.judgeMetricsServer(api('True'))).toBe('available');
    expect(() => judge.judgeMetricsServer(api('False'))).toThrow(Warning);
    expect(() => judge.judgeMetricsServer([])).toThrow(Warning);
  });

  it('a Service that waits for the address of a load balancer, where the manifests use one', () => {
    const balanced = object('Service', 'a/web', { spec: { type: 'LoadBalancer' } });
    const served = { ...balanced, status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } } };
    expect(judge.judgeLoadBalancer([object('Service', 'a/web')], [balanced])).toBeUndefined();
    expect(() => judge.judgeLoadBalancer([balanced], [balanced])).toThrow('a/web');
    expect(judge.judgeLoadBalancer([balanced], [served])).toBe('no Service waits');
  });

  it('KEDA, and who serves external metrics', () => {
    const keda = { version: '2.20.2', isOurs: false, hasDefinitions: true };
    expect(judge.judgeKeda(keda)).toBe('2.20.2');
    expect(() => judge.judgeKeda({ ...keda, version: '2.9.1' })).toThrow('2.9.1');
    expect(() => judge.judgeKeda({ ...keda, version: undefined })).toThrow('no operator runs');
    expect(() => judge.judgeKeda({ ...keda, version: undefined, hasDefinitions: false })).toThrow(
      'not installed',
    );
    const served = (name: string) => [
      object('APIService', '/v1beta1.external.metrics.k8s.io', {
        spec: { service: { namespace: 'x', name } },
      }),
    ];
    expect(judge.judgeExternalMetrics([])).toBeUndefined();
    expect(judge.judgeExternalMetrics(served('keda-operator-metrics-apiserver'))).toContain('x/keda-');
    expect(() => judge.judgeExternalMetrics(served('adapter'))).toThrow('x/adapter');
  });

  it('workloads with too few replicas, and ScaledObjects that are not ready or on their fallback', () => {
    const workload = (replicas: number, readyReplicas?: number) =>
      object('Deployment', 'a/b', {
        spec: { replicas },
        status: readyReplicas === undefined ? {} : { readyReplicas },
      });
    expect(judge.judgeWorkloads([workload(2, 2), workload(0)])).toBe('2 ready');
    expect(() => judge.judgeWorkloads([workload(2)])).toThrow('not ready: deployment a/b: 0 of 2');
    expect(() => judge.judgeWorkloads([])).toThrow();
    const scaled = (...states: string[]) => [object('ScaledObject', 'a/b', conditions(...states))];
    expect(judge.judgeScaledObjects(scaled('Ready=True', 'Fallback=False'))).toBe('1 ready');
    expect(() => judge.judgeScaledObjects(scaled('Ready=True', 'Fallback=True'))).toThrow(
      'a/b is on its fallback',
    );
    expect(() => judge.judgeScaledObjects(scaled('Ready=Unknown'))).toThrow('a/b is not ready');
    expect(() => judge.judgeScaledObjects([])).toThrow();
  });

  it('targets of Prometheus that are down', () => {
    const answer = (...states: string[]) =>
      JSON.stringify({ data: { activeTargets: states.map((health) => ({ health })) } });
    expect(judge.judgeTargets(answer('up', 'up'))).toBe('2 of 2 targets are up');
    expect(() => judge.judgeTargets(answer('up', 'unknown'))).toThrow('1 of 2 targets are up');
    expect(() => judge.judgeTargets(answer())).toThrow();
  });

  it.each([
    ['v1.31.0', '1.31.0', true],
    ['v1.33.4+k3s1', '1.31.0', true],
    ['2.20.2', '2.17.0', true],
    ['2', '1.9', true],
    ['v1.30.9', '1.31.0', false],
    ['2.9.9', '2.17.0', false],
    ['1.31', '1.31.1', false],
  ])('version %s is at least %s: %s', (have, want, expected) => {
    expect(isAtLeast(have, want)).toBe(expected);
  });
});
