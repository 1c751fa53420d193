import type { AutoscalerManifest, ScalingRule } from './autoscaler-manifest.ts';
import { readBehavior } from './behavior.ts';
import type { ManifestReader, Mapping } from './manifest-reader.ts';

/** An autoscaling/v2 HorizontalPodAutoscaler, or an autoscaling/v1 one, which scales on CPU alone. */
export function readHorizontalPodAutoscaler(
  read: ManifestReader,
  root: Mapping,
): AutoscalerManifest | undefined {
  const names = read.mapping(root['metadata'], 'metadata');
  const spec = read.mapping(root['spec'], 'spec');
  const metrics = read.list(spec['metrics'], 'spec.metrics');
  const rule = readRule(read, spec, metrics);
  const manifest = {
    kind: 'HorizontalPodAutoscaler',
    namespace: read.text(names['namespace'], 'metadata.namespace'),
    name: read.text(names['name'], 'metadata.name') ?? '',
    // Kubernetes' own defaults, which differ from KEDA's.
    minReplicas: read.integer(spec['minReplicas'], 'spec.minReplicas', 0) ?? 1,
    maxReplicas: read.integer(spec['maxReplicas'], 'spec.maxReplicas', 1),
    cron: [],
    pollingIntervalSeconds: undefined,
    cooldownSeconds: undefined,
    behavior: readBehavior(read, spec['behavior'], 'spec.behavior'),
    ignored: metrics.slice(1).map((_, index) => `spec.metrics[${index + 1}]`),
  } as const;
  if (spec['maxReplicas'] === undefined) read.wrong('spec.maxReplicas', undefined, 'every HPA needs it');
  return rule === undefined ? undefined : { ...manifest, rule };
}

function readRule(read: ManifestReader, spec: Mapping, metrics: readonly unknown[]): ScalingRule | undefined {
  const v1 = spec['targetCPUUtilizationPercentage'];
  if (v1 !== undefined) {
    const percent = read.quantity(v1, 'spec.targetCPUUtilizationPercentage', 'above zero');
    return percent === undefined ? undefined : { kind: 'cpu', utilization: percent / 100 };
  }
  const path = 'spec.metrics[0]';
  const metric = read.mapping(metrics[0], path);
  const type = read.oneOf(metric['type'] ?? null, `${path}.type`, [
    'External',
    'Object',
    'Pods',
    'Resource',
    'ContainerResource',
  ]);
  if (type === undefined) return undefined;
  const key = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  const source = read.mapping(metric[key], `${path}.${key}`);
  const target = read.mapping(source['target'], `${path}.${key}.target`);
  return type === 'Resource' || type === 'ContainerResource'
    ? readResource(read, source, target, `${path}.${key}`)
    : readAverage(read, target, `${path}.${key}.target`);
}

function readResource(
  read: ManifestReader,
  source: Mapping,
  target: Mapping,
  path: string,
): ScalingRule | undefined {
  if (source['name'] !== 'cpu') {
    return read.wrong(
      `${path}.name`,
      source['name'],
      'only cpu is played, because demand says nothing of others',
    );
  }
  if (target['averageUtilization'] === undefined) {
    return read.wrong(
      `${path}.target.averageUtilization`,
      undefined,
      'only a utilization is played; give the demand one replica should carry with --target instead of the manifest',
    );
  }
  const percent = read.quantity(
    target['averageUtilization'],
    `${path}.target.averageUtilization`,
    'above zero',
  );
  return percent === undefined ? undefined : { kind: 'cpu', utilization: percent / 100 };
}

function readAverage(read: ManifestReader, target: Mapping, path: string): ScalingRule | undefined {
  const { averageValue } = target;
  if (averageValue === undefined) {
    return read.wrong(
      `${path}.averageValue`,
      undefined,
      'only AverageValue is played, of which a replica should carry the value',
    );
  }
  const average = read.quantity(averageValue, `${path}.averageValue`, 'above zero');
  return average === undefined ? undefined : { kind: 'demand', target: average };
}
