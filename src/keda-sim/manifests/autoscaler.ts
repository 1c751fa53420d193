import { invalidFields } from '../../platform/errors.ts';
import type { AutoscalerManifest, ScalingRule } from './autoscaler-manifest.ts';
import { readCron } from './cron.ts';
import { findDocument } from './documents.ts';
import { readHorizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import { createManifestReader, type ManifestReader, type Mapping } from './manifest-reader.ts';
import { readMetadata, readScaling, triggersOf } from './scaled-object.ts';

/**
 * The first ScaledObject or HorizontalPodAutoscaler of a YAML file. Throws a ForescaleError `invalid-argument` that lists everything
 * wrong with it; `file` is how the error names the source.
 */
export function parseAutoscaler(yaml: string, file: string): AutoscalerManifest {
  const root = findDocument(yaml, file, ['ScaledObject', 'HorizontalPodAutoscaler']);
  const read = createManifestReader();
  const manifest =
    root['kind'] === 'ScaledObject' ? readScaledObject(read, root) : readHorizontalPodAutoscaler(read, root);
  if (manifest === undefined || read.fieldErrors.length > 0) throw invalidFields(file, read.fieldErrors);
  return manifest;
}

function readScaledObject(read: ManifestReader, root: Mapping): AutoscalerManifest | undefined {
  const { idleReplicas, ignored, ...scaling } = readScaling(read, root);
  const triggers = triggersOf(read, root);
  const typeOf = ({ trigger }: (typeof triggers)[number]) => String(trigger['type']);
  const cronTriggers = triggers.filter((one) => typeOf(one) === 'cron');
  const first = triggers.find((one) => typeOf(one) in rules);
  if (first === undefined && cronTriggers.length === 0) {
    const known = [...Object.keys(rules), 'cron'].join(', ');
    const rule = `one of them must be of a type that is played: ${known}`;
    return read.wrong('spec.triggers', triggers.map(typeOf), rule);
  }
  const cron = cronTriggers.map(({ trigger, path }) => readCron(read, trigger, path));
  const rule: ScalingRule | undefined =
    first === undefined
      ? { kind: 'cron' }
      : rules[typeOf(first) as keyof typeof rules](read, first.trigger, first.path);
  if (rule === undefined) return undefined;
  return {
    kind: 'ScaledObject',
    ...scaling,
    rule,
    cron: cron.filter((one) => one !== undefined),
    ignored: [
      ...triggers
        .filter((one) => one !== first && !cronTriggers.includes(one))
        .map(({ path, trigger }) => `${path} (${trigger['type']})`),
      ...(idleReplicas === undefined ? [] : ['spec.idleReplicaCount']),
      ...ignored,
    ],
  };
}

type ReadRule = (read: ManifestReader, trigger: Mapping, path: string) => ScalingRule | undefined;

/** How each type of trigger that is played is read. */
const rules = {
  external: readExternal,
  'external-push': readExternal,
  prometheus: readPrometheus,
  cpu: readCpu,
} satisfies Record<string, ReadRule>;

function readExternal(read: ManifestReader, trigger: Mapping, path: string): ScalingRule {
  return { kind: 'external', metadata: readMetadata(read, trigger['metadata'], `${path}.metadata`) };
}

function readPrometheus(read: ManifestReader, trigger: Mapping, path: string): ScalingRule | undefined {
  const metadata = read.mapping(trigger['metadata'], `${path}.metadata`);
  const target = read.quantity(metadata['threshold'], `${path}.metadata.threshold`, 'above zero');
  if (metadata['threshold'] === undefined)
    read.wrong(`${path}.metadata.threshold`, undefined, 'a prometheus trigger needs it');
  const query = read.text(metadata['query'], `${path}.metadata.query`);
  const activationThreshold = read.quantity(
    metadata['activationThreshold'],
    `${path}.metadata.activationThreshold`,
    'zero or more',
  );
  const type = read.oneOf(trigger['metricType'], `${path}.metricType`, ['AverageValue', 'Value']);
  if (type === 'Value') {
    return read.wrong(
      `${path}.metricType`,
      type,
      'only AverageValue is played, of which a replica should carry the threshold',
    );
  }
  return target === undefined ? undefined : { kind: 'demand', target, query, activationThreshold };
}

function readCpu(read: ManifestReader, trigger: Mapping, path: string): ScalingRule | undefined {
  const metadata = read.mapping(trigger['metadata'], `${path}.metadata`);
  const type = trigger['metricType'] ?? metadata['type'];
  if (type !== 'Utilization') {
    return read.wrong(
      `${path}.metricType`,
      type,
      'only Utilization is played; give the demand one replica should carry with --target instead of the manifest',
    );
  }
  const percent = read.quantity(metadata['value'] ?? null, `${path}.metadata.value`, 'above zero');
  return percent === undefined ? undefined : { kind: 'cpu', utilization: percent / 100 };
}
