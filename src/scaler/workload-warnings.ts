import { formatDuration } from '../platform/duration.ts';
import type { FieldError } from '../platform/errors.ts';
import { fromEnvironment } from '../platform/secrets/from-environment.ts';
import type { ParsedTrigger, TriggerSettings } from './trigger-metadata.ts';
import type { WorkloadDefaults } from './workload-rules.ts';

/** The calendars there are, as far as warnings speak of them. */
interface KnownCalendars {
  unknown(names: readonly string[]): readonly string[];
  readonly names: readonly string[];
}

const noWarnings: readonly FieldError[] = [];

/** What a user should know of a trigger: what its metadata say, and what does not go with this server. */
export function workloadWarnings(
  { settings, warnings }: ParsedTrigger,
  {
    defaults,
    calendars,
  }: { readonly defaults: WorkloadDefaults; readonly calendars?: KnownCalendars | undefined },
  queryWarnings: readonly string[] = [],
): readonly FieldError[] {
  const all = [
    ...warnings,
    ...slowTimeout(settings, defaults),
    ...unknownCalendars(settings, calendars),
    ...queryWarnings.map((message) => ({ field: 'query', message })),
  ];
  return all.length === 0 ? noWarnings : all;
}

/** A value is asked for every interval and is fresh for some time; a query that takes longer than the rest leaves a gap. */
function slowTimeout({ timeoutMs }: TriggerSettings, defaults: WorkloadDefaults): FieldError[] {
  const { freshSeconds, lags } = defaults;
  const spareSeconds = freshSeconds - lags.refreshIntervalSeconds;
  if (timeoutMs === undefined || timeoutMs / 1000 <= spareSeconds) return [];
  const message = `timeout: a query that takes longer than ${formatDuration(spareSeconds)} leaves the workload without a fresh value until the next one (timing.freshAge less timing.refreshInterval); make it cheaper, or have timing.freshAge raised`;
  return [{ field: 'timeout', value: String(timeoutMs), message }];
}

function unknownCalendars(
  { calendars, concealed }: TriggerSettings,
  known: KnownCalendars | undefined,
): FieldError[] {
  const unknown = known === undefined ? calendars : known.unknown(calendars);
  const shown = concealed.includes('calendars') ? unknown.map(() => fromEnvironment) : unknown;
  const there = known?.names.length ? `there are ${known.names.join(', ')}` : 'this server has none';
  return shown.map((name) => ({
    field: 'calendar',
    value: name,
    message: `calendar: "${name}" is no calendar of the server’s configuration, and adds nothing; ${there}`,
  }));
}
