import { parseAllDocuments } from 'yaml';
import { ForescaleError, invalidFields } from '../platform/errors.ts';
import { readBehavior } from './manifest-behavior.ts';
import { createManifestReader, type ManifestReader, type Mapping } from './manifest-reader.ts';

/** The parts of a ScaledObject that the simulator plays. A field that the manifest leaves out is undefined. */
export type ScaledObjectManifest = ReturnType<typeof parseScaledObject>;

/**
 * The first ScaledObject (keda.sh/v1alpha1) of a YAML file. Throws a ForescaleError `invalid-argument` that lists
 * everything wrong with it; `file` is how the error names the source.
 */
export function parseScaledObject(yaml: string, file: string) {
  const root = findScaledObject(yaml, file);
  const read = createManifestReader();
  const names = read.mapping(root['metadata'], 'metadata');
  const spec = read.mapping(root['spec'], 'spec');
  const advanced = read.mapping(spec['advanced'], 'spec.advanced');
  const hpaPath = 'spec.advanced.horizontalPodAutoscalerConfig';
  const hpa = read.mapping(advanced['horizontalPodAutoscalerConfig'], hpaPath);
  const { trigger, path, others } = findTrigger(read, spec);
  const name = read.text(names['name'], 'metadata.name');
  if (name === undefined && names['name'] === undefined) {
    read.wrong('metadata.name', undefined, 'a ScaledObject needs a name');
  }
  const manifest = {
    namespace: read.text(names['namespace'], 'metadata.namespace'),
    name: name ?? '',
    /** Metadata of the first external or external-push trigger. */
    metadata: readMetadata(read, trigger['metadata'], `${path}.metadata`),
    isPush: trigger['type'] === 'external-push',
    useCachedMetrics: read.flag(trigger['useCachedMetrics'], `${path}.useCachedMetrics`) ?? false,
    metricType:
      read.oneOf(trigger['metricType'], `${path}.metricType`, ['AverageValue', 'Value']) ?? 'AverageValue',
    pollingIntervalSeconds: read.integer(spec['pollingInterval'], 'spec.pollingInterval', 1),
    cooldownSeconds: read.integer(spec['cooldownPeriod'], 'spec.cooldownPeriod', 0),
    minReplicas: read.integer(spec['minReplicaCount'], 'spec.minReplicaCount', 0),
    maxReplicas: read.integer(spec['maxReplicaCount'], 'spec.maxReplicaCount', 1),
    idleReplicas: read.integer(spec['idleReplicaCount'], 'spec.idleReplicaCount', 0),
    behavior: readBehavior(read, hpa['behavior'], `${hpaPath}.behavior`),
    /** Settings that KEDA would act on and the simulator does not. */
    ignored: [
      ...(others > 0 ? [`${others} more trigger(s)`] : []),
      ...(spec['fallback'] !== undefined ? ['spec.fallback'] : []),
      ...(spec['initialCooldownPeriod'] !== undefined ? ['spec.initialCooldownPeriod'] : []),
      ...(advanced['scalingModifiers'] !== undefined ? ['spec.advanced.scalingModifiers'] : []),
    ],
  };
  if (read.fieldErrors.length > 0) throw invalidFields(file, read.fieldErrors);
  return manifest;
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

function findScaledObject(yaml: string, file: string): Mapping {
  for (const document of parseAllDocuments(yaml)) {
    const [error] = document.errors;
    if (error !== undefined) {
      const [line = ''] = error.message.split('\n');
      throw new ForescaleError('invalid-argument', `${file} is not YAML: ${line}`, { cause: error });
    }
    const root: unknown = document.toJS();
    if (typeof root === 'object' && root !== null && (root as Mapping)['kind'] === 'ScaledObject') {
      return root as Mapping;
    }
  }
  throw new ForescaleError(
    'invalid-argument',
    `${file} has no document with kind: ScaledObject; give the manifest you apply to the cluster`,
  );
}

function findTrigger(
  read: ManifestReader,
  spec: Mapping,
): { readonly trigger: Mapping; readonly path: string; readonly others: number } {
  const triggers = read
    .list(spec['triggers'], 'spec.triggers')
    .map((trigger, index) => read.mapping(trigger, `spec.triggers[${index}]`));
  const index = triggers.findIndex(({ type }) => type === 'external' || type === 'external-push');
  const trigger = triggers[index];
  if (trigger === undefined) {
    const types = triggers.map(({ type }) => String(type));
    read.wrong('spec.triggers', types, 'one of them must be of type external or external-push');
    return { trigger: {}, path: 'spec.triggers', others: 0 };
  }
  return { trigger, path: `spec.triggers[${index}]`, others: triggers.length - 1 };
}

function readMetadata(read: ManifestReader, value: unknown, path: string): Readonly<Record<string, string>> {
  const metadata: Record<string, string> = {};
  for (const [key, entry] of Object.entries(read.mapping(value, path))) {
    const text = read.text(entry, `${path}.${key}`);
    if (text !== undefined) metadata[key] = text;
  }
  return metadata;
}
