import { type FieldError, invalidFields } from '../platform/errors.ts';
import { missingSettings, type UnknownName, unknownNames } from '../platform/setting-names.ts';
import {
  namesOf,
  type Reading,
  readSettings,
  type Setting,
  type SettingValues,
  shortened,
} from '../platform/settings.ts';
import { withoutUserInfo } from '../platform/without-user-info.ts';
import { type ModelSize, modelSizeErrors } from './model-size.ts';
import { acceptedKeys, decidingKeys, triggerKeys, usualHorizonSeconds } from './trigger-keys.ts';

type Given = SettingValues<typeof decidingKeys>;

/** trigger.metadata with every default filled in; what is `auto` depends on other keys and is worked out. */
export type TriggerSettings = Omit<Given, keyof ModelSize> &
  ModelSize & {
    /** Public keys whose text KEDA took from the environment of the pods: a stand-in is shown. */
    readonly concealed: readonly (keyof Given)[];
  };

export interface ParsedTrigger {
  readonly settings: TriggerSettings;
  /** Unknown keys and keys without effect. They are warned of and never a reason to refuse the trigger. */
  readonly warnings: readonly FieldError[];
}

/** A trigger has some twenty keys; each unknown one costs a search for what was meant. */
const maxKeys = 200;

/**
 * Bytes that the deciding keys of one trigger have together. They are kept for as long as the workload is: in its settings, in the
 * list for a restart, and in the key of its model. The chart's 1,000 workloads therefore keep 48 MiB at most, and
 * 4 MiB of what they were asked for with.
 */
export const maxKeptBytes = 16 * 1024;

/** KEDA hands on `<key>FromEnv` under that very name, with the value resolved. */
const writing = {
  suffix: 'FromEnv',
  notAllowed: (name: string, text: string, allowed: string) =>
    `${name}: "${text}" is not allowed; use ${allowed}`,
};

/**
 * trigger.metadata as settings and warnings. Throws one `invalid-argument` error that lists every field error: key,
 * value, what is allowed, and the spelling that was probably meant.
 */
export function parseTriggerMetadata(metadata: Readonly<Record<string, string>>): ParsedTrigger {
  const count = Object.keys(metadata).length;
  if (count > maxKeys) {
    const message = `${count} keys are more than the ${maxKeys} that are read; a trigger needs two`;
    throw invalidFields('trigger metadata', [{ field: 'metadata', message }]);
  }
  const reading = readSettings(decidingKeys, metadata, writing);
  const accepted = readSettings(acceptedKeys, metadata, writing);
  const unknown = unknownNames(triggerKeys, metadata, writing);
  const settings = settingsOf(reading);
  const fieldErrors = [
    ...reading.fieldErrors,
    ...accepted.fieldErrors,
    ...missingSettings(decidingKeys, reading, unknown),
    ...contradictions(reading),
    ...modelSizeErrors(settings),
  ];
  // A key that is wrong is named once, however long it is.
  if (fieldErrors.length === 0) fieldErrors.push(...tooLong(metadata));
  if (fieldErrors.length > 0) throw invalidFields('trigger metadata', fieldErrors);
  const warnings = [
    ...accepted.warnings,
    ...unknown.map(unknownKeyWarning),
    ...uselessCapacity(reading.values),
    ...smallThreshold(reading.values),
  ];
  return { settings, warnings };
}

/** Every name under which a key that decides something may be written. */
const decidingNames: ReadonlySet<string> = new Set(
  Object.entries<Setting<unknown>>(decidingKeys).flatMap(([tableName, setting]) =>
    namesOf(tableName, setting, writing),
  ),
);

/** Names under which a secret of the pods comes: the ScaledObject says only which variable holds it. */
const secretNames = Object.entries<Setting<unknown>>(decidingKeys)
  .filter(([, { isSecret, isPublic }]) => isSecret === true || isPublic === true)
  .flatMap(([tableName, setting]) => namesOf(tableName, setting, writing))
  .filter((name) => name.endsWith(writing.suffix));

const publicKeys = (Object.keys(decidingKeys) as (keyof Given)[]).filter((key) => {
  const { isPublic }: Setting<unknown> = decidingKeys[key];
  return isPublic === true;
});

/**
 * The keys of a trigger's metadata that decide something: only these are kept in files and told to peers. Undefined where one of
 * them is a secret of the pods, which is kept nowhere.
 */
export function keptMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> | undefined {
  if (secretNames.some((name) => metadata[name] !== undefined)) return undefined;
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => decidingNames.has(name)));
}

/** Names of keys whose text may be a secret of whoever wrote the trigger. */
const concealedNames = Object.entries<Setting<unknown>>(decidingKeys)
  .filter(([, { isSecret }]) => isSecret === true)
  .flatMap(([tableName, setting]) => namesOf(tableName, setting, writing));

/** Whether metadata hold nothing but what everybody may read who may read the list of workloads. */
export function isOpenMetadata(metadata: Readonly<Record<string, string>>): boolean {
  const hasSecret = concealedNames.some((name) => metadata[name] !== undefined);
  // An address may have a password in front of its host, or a key behind its path.
  return (
    !hasSecret &&
    !Object.entries(metadata).some(([name, text]) => /address/i.test(name) && withoutUserInfo(text) !== text)
  );
}

function settingsOf({ values, given }: Reading<typeof decidingKeys>): TriggerSettings {
  const seasonsSeconds = values.seasonsSeconds === 'auto' ? undefined : values.seasonsSeconds;
  const [shortestSeconds] = seasonsSeconds ?? [];
  const {
    underProvisionCost: cost,
    horizonSeconds = Math.min(usualHorizonSeconds, shortestSeconds ?? Infinity),
  } = values;
  return {
    ...values,
    concealed: publicKeys.filter((key) => given.get(key)?.endsWith(writing.suffix)),
    seasonsSeconds,
    horizonSeconds,
    stepSeconds: values.stepSeconds === 'auto' ? automaticStep(shortestSeconds) : values.stepSeconds,
    // The newsvendor's critical ratio: cost of short over cost of short plus cost of idle.
    serviceLevel: cost === undefined ? values.serviceLevel : cost / (cost + 1),
    capacityPerReplica: values.replicasQuery === undefined ? undefined : values.capacityPerReplica,
  };
}

/** One minute, or finer where the shortest season is compressed below a day, so that it keeps its shape. */
function automaticStep(shortestSeasonSeconds = 86_400): number {
  return Math.min(60, Math.max(1, Math.floor(shortestSeasonSeconds / 288)));
}

function contradictions({ values, given }: Reading<typeof decidingKeys>): FieldError[] {
  const fieldErrors: FieldError[] = [];
  const { underProvisionCost, capacityPerReplica: capacity, threshold } = values;
  if (given.has('serviceLevel') && underProvisionCost !== undefined) {
    fieldErrors.push({
      field: 'underProvisionCost',
      value: String(underProvisionCost),
      message: 'underProvisionCost and serviceLevel say the same thing twice; give one of them',
    });
  }
  if (capacity !== undefined && capacity < threshold) {
    fieldErrors.push({
      field: 'capacity',
      value: String(capacity),
      message: `capacity: ${capacity} is below threshold ${threshold}; a replica cannot be meant to carry more than it can`,
    });
  }
  return fieldErrors;
}

function tooLong(metadata: Readonly<Record<string, string>>): FieldError[] {
  const sizes = Object.entries(metadata)
    .filter(([name]) => decidingNames.has(name))
    .map(([name, text]) => ({ name, bytes: Buffer.byteLength(text) }))
    .sort((a, b) => b.bytes - a.bytes);
  const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
  const [longest] = sizes;
  if (longest === undefined || bytes <= maxKeptBytes) return [];
  const { name } = longest;
  const message = `${name}: ${longest.bytes} bytes are too many; all keys together have at most ${maxKeptBytes}, so shorten it, a query for example by a recording rule`;
  return [{ field: name, message }];
}

/** Below this, KEDA's three decimals are more than a hundredth of the target. */
const smallestExactThreshold = 0.1;

function smallThreshold({ threshold }: Given): FieldError[] {
  if (threshold >= smallestExactThreshold) return [];
  const message = `threshold: ${threshold} is small for KEDA, which hands values on with three decimals; multiply both query and threshold by 1000`;
  return [{ field: 'threshold', value: String(threshold), message }];
}

function uselessCapacity({ capacityPerReplica: capacity, replicasQuery }: Given): FieldError[] {
  if (capacity === undefined || replicasQuery !== undefined) return [];
  const message =
    'capacity has no effect without replicasQuery: give a query for the ready replicas, so that it can be told when they were all at capacity';
  return [{ field: 'capacity', value: String(capacity), message }];
}

/** What takes the place of keys of KEDA's own scalers. */
const keysElsewhere = new Map([
  [
    'cortexOrgID',
    '; have tenant set in a profile of the server, or send X-Scope-OrgID by customHeaders where the profile allows it',
  ],
  [
    'awsRegion',
    '; requests are not signed here, so have a signing proxy put in front of the source (docs/configuration.md, "Managed services")',
  ],
]);

/** The value is left out, because it may be a secret: KEDA resolves `…FromEnv` of any key from the environment of the pods. */
function unknownKeyWarning({ name, didYouMean }: UnknownName): FieldError {
  if (name === 'metricType') {
    const message = 'metricType belongs beside the trigger’s metadata, not into it; it is ignored';
    return { field: name, message };
  }
  const meant = didYouMean === undefined ? '' : `; did you mean "${didYouMean}"?`;
  const hint = keysElsewhere.get(name) ?? meant;
  return {
    field: name,
    message: `${shortened(name)} is not a key of this trigger and is ignored${hint}`,
  };
}
