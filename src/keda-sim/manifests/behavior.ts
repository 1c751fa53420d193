import type { HpaBehavior, ScalingPolicy, ScalingRules } from '../../controllers/index.ts';
import type { ManifestReader } from './manifest-reader.ts';

/** `advanced.horizontalPodAutoscalerConfig.behavior`, as Kubernetes validates it; undefined where it is absent. */
export function readBehavior(read: ManifestReader, value: unknown, path: string): HpaBehavior | undefined {
  if (value === undefined || value === null) return undefined;
  const behavior = read.mapping(value, path);
  const scaleUp = readRules(read, behavior['scaleUp'], `${path}.scaleUp`);
  const scaleDown = readRules(read, behavior['scaleDown'], `${path}.scaleDown`);
  return { ...(scaleUp && { scaleUp }), ...(scaleDown && { scaleDown }) };
}

function readRules(read: ManifestReader, value: unknown, path: string): ScalingRules | undefined {
  if (value === undefined || value === null) return undefined;
  const rules = read.mapping(value, path);
  const window = read.integer(rules['stabilizationWindowSeconds'], `${path}.stabilizationWindowSeconds`, 0);
  const select = read.oneOf(rules['selectPolicy'], `${path}.selectPolicy`, ['Max', 'Min', 'Disabled']);
  const tolerance = read.quantity(rules['tolerance'], `${path}.tolerance`, 'zero or more');
  const policies = read
    .list(rules['policies'], `${path}.policies`)
    .map((policy, index) => readPolicy(read, policy, `${path}.policies[${index}]`))
    .filter((policy) => policy !== undefined);
  return {
    ...(window !== undefined && { stabilizationWindowSeconds: window }),
    ...(select !== undefined && { selectPolicy: select }),
    ...(tolerance !== undefined && { tolerance }),
    ...(policies.length > 0 && { policies }),
  };
}

function readPolicy(read: ManifestReader, value: unknown, path: string): ScalingPolicy | undefined {
  const policy = read.mapping(value, path);
  const required = <T>(key: string, found: T | undefined): T | undefined =>
    policy[key] === undefined ? read.wrong(`${path}.${key}`, undefined, 'every policy needs it') : found;
  const type = required('type', read.oneOf(policy['type'], `${path}.type`, ['Pods', 'Percent']));
  const amount = required('value', read.integer(policy['value'], `${path}.value`, 1));
  const period = required('periodSeconds', read.integer(policy['periodSeconds'], `${path}.periodSeconds`, 1));
  if (type === undefined || amount === undefined || period === undefined) return undefined;
  return { type, value: amount, periodSeconds: period };
}
