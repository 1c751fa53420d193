import { duration } from '../platform/duration.ts';
import { invalidFields } from '../platform/errors.ts';
import { readSettings, type Setting, type SettingValues } from '../platform/settings.ts';
import type { WorkloadDefaults } from '../scaler/index.ts';
import type { Scenario } from '../what-if/index.ts';

const aboveZero = duration({ above: '0' });
const anyDuration = duration({});

/** The section `timing` of the configuration file. Values are seconds. */
export const timingSettings = {
  refreshInterval: {
    meaning: 'how often the observed demand is asked for',
    default: '10s',
    ...aboveZero,
  },
  freshAge: { meaning: 'an observation older than this is not "now" any more', default: '15s', ...aboveZero },
  blindAge: {
    meaning: 'how long a workload is served without fresh observations',
    default: '30m',
    ...aboveZero,
  },
  leadTime: {
    meaning: 'decision to ready pod, where a trigger says auto and too few starts are known',
    default: '2m',
    ...anyDuration,
  },
  settle: {
    meaning:
      'age from which rows of the history no longer change, where samples arrive late; at least one step',
    default: '1m',
    ...anyDuration,
  },
  scrapeInterval: {
    meaning: 'of the source; part of the decision window',
    default: '15s',
    ...anyDuration,
  },
  kedaPollingInterval: { meaning: 'part of the decision window', default: '30s', ...anyDuration },
  hpaSyncInterval: { meaning: 'part of the decision window', default: '15s', ...anyDuration },
  forgetAfter: {
    meaning: 'a workload nobody asks for this long is forgotten',
    default: '24h',
    ...aboveZero,
  },
} as const satisfies Record<string, Setting<unknown>>;

export type TimingName = keyof typeof timingSettings;

/** Timing in seconds, by the names of the file. */
export type Timing = SettingValues<typeof timingSettings>;

/** Age, in refresh intervals, up to which an observation is fresh. It is above 1 because reading the next one takes time. */
const freshAgeRatio = 1.25;

/** The file's timing with its defaults. Throws one error that lists every value that cannot work. */
export function readTiming(texts: { readonly [Name in TimingName]?: string } = {}): Timing {
  const named = Object.fromEntries(Object.entries(texts).map(([name, text]) => [`timing.${name}`, text]));
  const reading = readSettings(timingSettings, named, { nameOf: (name) => `timing.${name}` });
  const { values } = reading;
  const fieldErrors = [...reading.fieldErrors];
  if (values.freshAge < freshAgeRatio * values.refreshInterval) {
    fieldErrors.push({
      field: 'timing.freshAge',
      message: `timing.freshAge must be at least ${freshAgeRatio} times timing.refreshInterval, or an observation would be stale before the next is there`,
    });
  }
  if (fieldErrors.length > 0) throw invalidFields('configuration', fieldErrors);
  return values;
}

/** Defaults for every workload that follow from the server's timing. */
export function workloadDefaults(timing: Timing): WorkloadDefaults {
  return {
    lags: {
      scrapeIntervalSeconds: timing.scrapeInterval,
      refreshIntervalSeconds: timing.refreshInterval,
      kedaPollingSeconds: timing.kedaPollingInterval,
      hpaSyncSeconds: timing.hpaSyncInterval,
    },
    leadTimeSeconds: timing.leadTime,
    freshSeconds: timing.freshAge,
    blindSeconds: timing.blindAge,
  };
}

/** A server of that timing, as a what-if plays it. */
export function playedServer(timing: Timing): Scenario['serving'] {
  const { lags, freshSeconds, blindSeconds } = workloadDefaults(timing);
  return { lags, freshSeconds, blindSeconds, settleSeconds: timing.settle };
}
