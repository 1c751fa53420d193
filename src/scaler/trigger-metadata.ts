import { fewestSeasonSteps, gridSecondsFor } from '../forecast/index.ts';
import { closestName } from '../platform/closest-name.ts';
import { formatDuration } from '../platform/duration.ts';
import { type FieldError, invalidFields } from '../platform/errors.ts';
import { type GivenValues, type TriggerKey, type TriggerKeyName, triggerKeys } from './trigger-keys.ts';

/** trigger.metadata with every default filled in. Durations in seconds. */
export interface TriggerSettings {
  readonly query: string;
  readonly threshold: number;
  readonly address: string | undefined;
  readonly activationThreshold: number;
  readonly historySeconds: number;
  readonly horizonSeconds: number;
  readonly leadTimeSeconds: number | 'auto';
  readonly peakWindowSeconds: number | undefined;
  readonly stepSeconds: number;
  readonly serviceLevel: number;
  readonly hpaTolerance: number;
  readonly mode: 'active' | 'reactive';
  /** Undefined = the usual day and week. */
  readonly seasonsSeconds: readonly number[] | undefined;
  /** Undefined = UTC. */
  readonly timeZone: string | undefined;
  readonly replicasQuery: string | undefined;
  /** Undefined without a `replicasQuery`, because it says nothing then. */
  readonly capacityPerReplica: number | undefined;
  readonly emptyIsZero: boolean;
  readonly timeoutMs: number | undefined;
  readonly namespaceParameter: string | undefined;
  readonly customHeaders: Readonly<Record<string, string>>;
  readonly queryParameters: Readonly<Record<string, string>>;
}

export interface ParsedTrigger {
  readonly settings: TriggerSettings;
  /** Unknown keys, and keys that have no effect: worth saying, never a reason to refuse. */
  readonly warnings: readonly FieldError[];
}

/** A trigger has some twenty keys; each unknown one costs a search for what was meant. */
const maxKeys = 200;
/** Rows of one history: four weeks of seconds, which is also what a source reads at most. */
const maxHistorySteps = 2_500_000;
/** Steps of the model's grid: a horizon of two weeks and a season of four, in five minutes. */
const maxHorizonSteps = 14 * 288;
const maxSeasonSteps = 28 * 288;

const namesOfKey = new Map<string, TriggerKeyName>();
for (const [name, definition] of Object.entries(triggerKeys) as [TriggerKeyName, TriggerKey<unknown>][]) {
  for (const spelling of [name, ...(definition.aliases ?? [])]) namesOfKey.set(spelling, name);
}

/** The key a spelling stands for; KEDA hands on `<key>FromEnv` under that very name with the value resolved. */
function keyOf(spelling: string): TriggerKeyName | undefined {
  return namesOfKey.get(spelling) ?? namesOfKey.get(spelling.replace(/FromEnv$/, ''));
}

/**
 * trigger.metadata as settings and warnings. Throws one `invalid-argument` error that lists every fault: key,
 * value, what is allowed, and the spelling that was probably meant.
 */
export function parseTriggerMetadata(metadata: Readonly<Record<string, string>>): ParsedTrigger {
  const spellings = Object.keys(metadata).sort();
  if (spellings.length > maxKeys) {
    const message = `${spellings.length} keys are more than the ${maxKeys} that are read; a trigger needs two`;
    throw invalidFields('trigger metadata', [{ field: 'metadata', message }]);
  }
  const fieldErrors: FieldError[] = [];
  const warnings: FieldError[] = [];
  const unknown: string[] = [];
  const given: Partial<Record<TriggerKeyName, unknown>> = {};

  // Sorted so that `query` comes before `queryFromEnv` and wins.
  for (const spelling of spellings) {
    const name = keyOf(spelling);
    const value = metadata[spelling] ?? '';
    if (name === undefined) {
      unknown.push(spelling);
      continue;
    }
    if (name in given) continue;
    const definition: TriggerKey<unknown> = triggerKeys[name];
    const parsed = definition.parse(value);
    if ('allowed' in parsed) {
      fieldErrors.push({
        field: spelling,
        value,
        message: `${spelling}: "${shortened(value)}" is not allowed; use ${parsed.allowed}`,
      });
    } else {
      given[name] = parsed.value;
    }
    if (definition.withoutEffect !== undefined) {
      warnings.push({
        field: spelling,
        value,
        message: `${spelling} has no effect: ${definition.withoutEffect}`,
      });
    }
  }

  const misspelt = new Set<string>();
  for (const name of ['query', 'threshold'] as const) {
    if (name in given || fieldErrors.some((fault) => keyOf(fault.field) === name)) continue;
    const near = unknown.find((spelling) => closestName(spelling, [name]) !== undefined);
    if (near !== undefined) misspelt.add(near);
    const hint =
      near === undefined
        ? `add it: ${triggerKeys[name].meaning}`
        : `"${near}" is given: did you mean "${name}"?`;
    fieldErrors.push({ field: name, message: `${name} is required and missing; ${hint}` });
  }
  for (const spelling of unknown) warnings.push(unknownKeyWarning(spelling, metadata[spelling] ?? ''));

  const values = given as GivenValues;
  fieldErrors.push(...contradictions(values));
  if (values.capacity !== undefined && values.replicasQuery === undefined) {
    const message =
      'capacity has no effect without replicasQuery: give PromQL for the ready replicas, so that it can be told when they were all at capacity';
    warnings.push({ field: 'capacity', value: String(values.capacity), message });
  }
  const { query, threshold } = values;
  if (fieldErrors.length > 0 || query === undefined || threshold === undefined)
    throw invalidFields('trigger metadata', fieldErrors);
  return { settings: { query, threshold, ...optionalSettings(values) }, warnings };
}

/** Enough to recognise a value by, so that one of many kilobytes does not hide the fieldErrors beside it. */
function shortened(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}

function unknownKeyWarning(spelling: string, value: string): FieldError {
  if (spelling === 'metricType') {
    return {
      field: spelling,
      value,
      message: 'metricType belongs beside the trigger’s metadata, not into it; it is ignored',
    };
  }
  const near = closestName(spelling, namesOfKey.keys());
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return {
    field: spelling,
    value,
    message: `${shortened(spelling)} is not a key of this trigger and is ignored${hint}`,
  };
}

function contradictions(values: GivenValues): FieldError[] {
  const fieldErrors: FieldError[] = [];
  const { serviceLevel, underProvisionCost, capacity, threshold, seasons } = values;
  if (serviceLevel !== undefined && underProvisionCost !== undefined) {
    fieldErrors.push({
      field: 'underProvisionCost',
      value: String(underProvisionCost),
      message: 'underProvisionCost and serviceLevel say the same thing twice; give one of them',
    });
  }
  if (capacity !== undefined && threshold !== undefined && capacity < threshold) {
    fieldErrors.push({
      field: 'capacity',
      value: String(capacity),
      message: `capacity: ${capacity} is below threshold ${threshold}; a replica cannot be meant to carry more than it can`,
    });
  }
  const shortest = seasons === 'auto' ? undefined : seasons?.[0];
  const stepSeconds = stepFor(values);
  if (shortest !== undefined && shortest < fewestSeasonSteps * stepSeconds) {
    fieldErrors.push({
      field: 'seasons',
      value: String(shortest),
      message: `seasons: ${shortest}s is shorter than ${fewestSeasonSteps} steps of ${stepSeconds}s; give a longer season or a smaller queryStep`,
    });
  }
  fieldErrors.push(...tooManySteps(values));
  return fieldErrors;
}

/** What would be a model of hundreds of megabytes, or one that takes seconds to learn a row. */
function tooManySteps(values: GivenValues): FieldError[] {
  const fieldErrors: FieldError[] = [];
  const { historySeconds, horizonSeconds, seasonsSeconds, stepSeconds } = lengthsOf(values);
  const gridSeconds = gridSecondsFor(stepSeconds, seasonsSeconds?.[0]);
  const check = (field: string, seconds: number, everySeconds: number, most: number, remedy: string) => {
    if (seconds <= most * everySeconds) return;
    const value = formatDuration(seconds);
    const message = `${field}: ${value} is more than ${most} steps of ${formatDuration(everySeconds)}; give at most ${formatDuration(most * everySeconds)}, or ${remedy}`;
    fieldErrors.push({ field, value, message });
  };
  check('historyTimeWindow', historySeconds, stepSeconds, maxHistorySteps, 'a longer queryStep');
  check('predictHorizon', horizonSeconds, gridSeconds, maxHorizonSteps, 'longer seasons');
  const longest = seasonsSeconds?.at(-1) ?? 0;
  check('seasons', longest, gridSeconds, maxSeasonSteps, 'a longer queryStep or shortest season');
  return fieldErrors;
}

function lengthsOf(values: GivenValues) {
  const seasonsSeconds = values.seasons === 'auto' ? undefined : values.seasons;
  return {
    historySeconds: values.historyTimeWindow ?? 28 * 86_400,
    horizonSeconds: values.predictHorizon ?? Math.min(7_200, seasonsSeconds?.[0] ?? 7_200),
    stepSeconds: stepFor(values),
    // Undefined = the usual day and week.
    seasonsSeconds,
  };
}

/** One minute, or finer where the shortest season is compressed below a day, so that it keeps its shape. */
function stepFor({ queryStep, seasons }: GivenValues): number {
  if (queryStep !== undefined && queryStep !== 'auto') return queryStep;
  const shortestSeconds = seasons === undefined || seasons === 'auto' ? 86_400 : (seasons[0] ?? 86_400);
  return Math.min(60, Math.max(1, Math.floor(shortestSeconds / 288)));
}

function optionalSettings(values: GivenValues): Omit<TriggerSettings, 'query' | 'threshold'> {
  const { underProvisionCost } = values;
  return {
    ...lengthsOf(values),
    address: values.prometheusAddress,
    activationThreshold: values.activationThreshold ?? 0,
    leadTimeSeconds: values.leadTime ?? 'auto',
    peakWindowSeconds: values.peakWindow,
    // The newsvendor's critical ratio: cost of short over cost of short plus cost of idle.
    serviceLevel:
      values.serviceLevel ??
      (underProvisionCost === undefined ? 0.99 : underProvisionCost / (underProvisionCost + 1)),
    hpaTolerance: values.hpaTolerance ?? 0.1,
    mode: values.mode ?? 'active',
    timeZone: values.timeZone,
    replicasQuery: values.replicasQuery,
    capacityPerReplica: values.replicasQuery === undefined ? undefined : values.capacity,
    emptyIsZero: values.ignoreNullValues ?? false,
    timeoutMs: values.timeout,
    namespaceParameter: values.namespace,
    customHeaders: values.customHeaders ?? {},
    queryParameters: values.queryParameters ?? {},
  };
}
