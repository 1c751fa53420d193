import { parseAllDocuments } from 'yaml';
import { invalidFields } from '../../platform/errors.ts';
import { readBehavior } from './behavior.ts';
import { findDocument } from './documents.ts';
import { createManifestReader, type ManifestReader, type Mapping } from './manifest-reader.ts';

/** The parts of a ScaledObject that the simulator plays. A field that the manifest leaves out is undefined. */
export type ScaledObjectManifest = ReturnType<typeof parseScaledObject>;

/**
 * The first ScaledObject (keda.sh/v1alpha1) of a YAML file. Throws a ForescaleError `invalid-argument` that lists
 * everything wrong with it; `file` is how the error names the source.
 */
export function parseScaledObject(yaml: string, file: string) {
  const root = findDocument(yaml, file, ['ScaledObject']);
  const read = createManifestReader();
  const { trigger, path, others } = findTrigger(read, root);
  const { ignored, ...scaling } = readScaling(read, root);
  if (scaling.name === '') read.wrong('metadata.name', undefined, 'a ScaledObject needs a name');
  const manifest = {
    ...scaling,
    /** Metadata of the first external or external-push trigger. */
    metadata: readMetadata(read, trigger['metadata'], `${path}.metadata`),
    isPush: trigger['type'] === 'external-push',
    useCachedMetrics: read.flag(trigger['useCachedMetrics'], `${path}.useCachedMetrics`) ?? false,
    metricType:
      read.oneOf(trigger['metricType'], `${path}.metricType`, ['AverageValue', 'Value']) ?? 'AverageValue',
    /** Settings that KEDA would act on and the simulator does not. */
    ignored: [...(others > 0 ? [`${others} more trigger(s)`] : []), ...ignored],
  };
  if (read.fieldErrors.length > 0) throw invalidFields(file, read.fieldErrors);
  return manifest;
}

/** What a ScaledObject says of scaling, whatever its triggers are. The name is empty where there is none. */
export function readScaling(read: ManifestReader, root: Mapping) {
  const names = read.mapping(root['metadata'], 'metadata');
  const spec = read.mapping(root['spec'], 'spec');
  const advanced = read.mapping(spec['advanced'], 'spec.advanced');
  const hpaPath = 'spec.advanced.horizontalPodAutoscalerConfig';
  const hpa = read.mapping(advanced['horizontalPodAutoscalerConfig'], hpaPath);
  return {
    namespace: read.text(names['namespace'], 'metadata.namespace'),
    name: read.text(names['name'], 'metadata.name') ?? '',
    pollingIntervalSeconds: read.integer(spec['pollingInterval'], 'spec.pollingInterval', 1),
    cooldownSeconds: read.integer(spec['cooldownPeriod'], 'spec.cooldownPeriod', 0),
    minReplicas: read.integer(spec['minReplicaCount'], 'spec.minReplicaCount', 0),
    maxReplicas: read.integer(spec['maxReplicaCount'], 'spec.maxReplicaCount', 1),
    idleReplicas: read.integer(spec['idleReplicaCount'], 'spec.idleReplicaCount', 0),
    behavior: readBehavior(read, hpa['behavior'], `${hpaPath}.behavior`),
    /** Settings that KEDA would act on and no simulation here does. */
    ignored: [
      ...(spec['fallback'] !== undefined ? ['spec.fallback'] : []),
      ...(spec['initialCooldownPeriod'] !== undefined ? ['spec.initialCooldownPeriod'] : []),
      ...(advanced['scalingModifiers'] !== undefined ? ['spec.advanced.scalingModifiers'] : []),
    ],
  };
}

/** The triggers of a ScaledObject, each with its path. */
export function triggersOf(
  read: ManifestReader,
  root: Mapping,
): readonly { readonly trigger: Mapping; readonly path: string }[] {
  const spec = read.mapping(root['spec'], 'spec');
  return read.list(spec['triggers'], 'spec.triggers').map((trigger, index) => {
    const path = `spec.triggers[${index}]`;
    return { trigger: read.mapping(trigger, path), path };
  });
}

/**
 * The trigger in a file for `doctor`: that of a ScaledObject, or a mapping of keys alone. Throws as {@link parseScaledObject} does.
 */
export function parseTrigger(
  yaml: string,
  file: string,
): Partial<Pick<ScaledObjectManifest, 'namespace' | 'name'>> & Pick<ScaledObjectManifest, 'metadata'> {
  const [document] = parseAllDocuments(yaml);
  const root: unknown = document?.errors.length === 0 ? document.toJS() : undefined;
  const isMapping = typeof root === 'object' && root !== null && !Array.isArray(root);
  if (!isMapping || 'kind' in root) return parseScaledObject(yaml, file);
  const read = createManifestReader();
  const metadata = readMetadata(read, root, 'metadata');
  if (read.fieldErrors.length > 0) throw invalidFields(file, read.fieldErrors);
  return { metadata };
}

/**
 * Metadata as KEDA sends it: `scalerAddress` is always there, and `*FromEnv` keys keep their name and carry the
 * variable's value, or are dropped where it has none (external_scaler.go, parseExternalScalerMetadata).
 */
export function toSentMetadata(
  metadata: Readonly<Record<string, string>>,
  scalerAddress: string,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const sent: Record<string, string> = { scalerAddress };
  for (const [key, value] of Object.entries(metadata)) {
    const resolved = key.endsWith('FromEnv') ? env[value] : value;
    if (resolved !== undefined && (resolved !== '' || !key.endsWith('FromEnv'))) sent[key] = resolved;
  }
  return sent;
}

function findTrigger(
  read: ManifestReader,
  root: Mapping,
): { readonly trigger: Mapping; readonly path: string; readonly others: number } {
  const triggers = triggersOf(read, root);
  const found = triggers.find(({ trigger: { type } }) => type === 'external' || type === 'external-push');
  if (found !== undefined) return { ...found, others: triggers.length - 1 };
  const types = triggers.map(({ trigger }) => String(trigger['type']));
  read.wrong('spec.triggers', types, 'one of them must be of type external or external-push');
  return { trigger: {}, path: 'spec.triggers', others: 0 };
}

export function readMetadata(
  read: ManifestReader,
  value: unknown,
  path: string,
): Readonly<Record<string, string>> {
  const metadata: Record<string, string> = {};
  for (const [key, entry] of Object.entries(read.mapping(value, path))) {
    const text = read.text(entry, `${path}.${key}`);
    if (text !== undefined) metadata[key] = text;
  }
  return metadata;
}
