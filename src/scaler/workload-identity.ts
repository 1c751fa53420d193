import { hash } from 'node:crypto';
import { type FieldError, ForescaleError } from '../platform/errors.ts';
import type { TriggerSettings } from './trigger-metadata.ts';

/** What identifies a trigger on the wire: KEDA's ScaledObjectRef. */
export interface TriggerRef {
  readonly namespace: string;
  readonly name: string;
  readonly scalerMetadata: Readonly<Record<string, string>>;
}

/**
 * Identifies a trigger within its ScaledObject by what it asks: source, query and step. KEDA sends neither the names of triggers
 * nor their order (pkg/scalers/external_scaler.go), and an edited threshold makes no other trigger of it.
 */
export function triggerId(settings: TriggerSettings): string {
  const { address, namespaceParameter, customHeaders, queryParameters, query, stepSeconds } = settings;
  return digestOf([
    address ?? null,
    namespaceParameter ?? null,
    customHeaders,
    queryParameters,
    query,
    stepSeconds,
  ]).slice(0, 8);
}

/** A digest of a value; keys of objects count in whatever order they come. */
export function digestOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value, sortKeys));
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Limit of Kubernetes for names, which are kept as labels and shown. */
const maxNameCharacters = 253;
/** RFC 1123 subdomain, as Kubernetes has it for names of objects (apimachinery/pkg/util/validation). */
const kubernetesName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Throws `invalid-argument` for a namespace or name that no object of Kubernetes has: they become labels, paths and log fields. */
export function checkNames(ref: TriggerRef): void {
  const fieldErrors = (['namespace', 'name'] as const).flatMap((field): FieldError[] => {
    const text = ref[field];
    if (text.length > maxNameCharacters) {
      const message = `${field}: ${text.length} characters are too many; a Kubernetes name has at most ${maxNameCharacters}`;
      return [{ field, message }];
    }
    if (kubernetesName.test(text)) return [];
    const message = `${field}: ${JSON.stringify(text)} is no name of Kubernetes, which has lower-case letters, digits, "-" and "."`;
    return [{ field, message }];
  });
  const [first] = fieldErrors;
  if (first !== undefined) throw new ForescaleError('invalid-argument', first.message, { fieldErrors });
}
