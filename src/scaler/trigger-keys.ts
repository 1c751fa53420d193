import { duration, formatDuration, parseDuration } from '../platform/duration.ts';
import {
  anyText,
  autoOr,
  flag,
  type Kind,
  list,
  number,
  oneOf,
  pairs,
  someText,
} from '../platform/setting-values.ts';
import type { Setting } from '../platform/settings.ts';
import { timeZone } from '../platform/time-zone.ts';

/** How far ahead is forecast where neither the trigger nor a shorter season says otherwise. */
export const usualHorizonSeconds = 7_200;

const inUnitOfQuery = 'in the unit of the query';

/** The smallest target that KEDA's three decimals can express. */
const leastThreshold = 0.001;

const seasonLengths: Kind<readonly number[]> = {
  allowed: 'one or two rising durations up to 28d such as 1d,7d',
  parse(text) {
    const [first, second, ...others] = list(duration({ above: '0', to: '28d' })).parse(text) ?? [];
    if (first === undefined || others.length > 0) return undefined;
    if (second === undefined) return [first];
    return second > first ? [first, second] : undefined;
  },
};

/** A step of 0 means auto, as predictkube has it. */
const step = autoOr(duration({ from: '1s', to: '1h', note: 'such as 1m' }));

/** Time that all attempts to observe have together: a value that comes later is no longer of now. */
const longestTimeoutMs = 15_000;

/** Longer words would push the number that they follow out of sight. */
const longestUnit = 24;

const unit: Kind<string> = {
  allowed: `at most ${longestUnit} letters, digits, spaces and signs such as requests/s, tokens/s or messages`,
  parse(text) {
    const trimmed = text.trim();
    return trimmed.length <= longestUnit && /^[\p{L}\p{N}/%·.²³µ_ -]+$/u.test(trimmed) ? trimmed : undefined;
  },
};

const calendarNames: Kind<readonly string[]> = {
  allowed: 'names of calendars such as de-holidays,releases',
  parse(text) {
    const names = text.split(',').map((name) => name.trim());
    return [...new Set(names.filter((name) => name !== ''))].sort();
  },
};

const milliseconds: Kind<number> = {
  allowed: `milliseconds such as 3000, or a duration up to ${formatDuration(longestTimeoutMs / 1000)}; a query that takes longer cannot be observed in time, so make it cheaper, for example by a recording rule`,
  parse(text) {
    const ms = /^\d+$/.test(text.trim()) ? Number(text) : (parseDuration(text) ?? Number.NaN) * 1000;
    return ms >= 1 && ms <= longestTimeoutMs ? ms : undefined;
  },
};

/** Keys that decide something or shape the model, by the names of their values, in the order of the documents. */
export const decidingKeys = {
  query: {
    meaning: 'query that gives one series: the total offered demand, not per pod',
    isRequired: true,
    isPublic: true,
    ...someText,
  },
  threshold: {
    meaning: 'demand one replica should carry; the target of the HPA',
    isRequired: true,
    // KEDA hands three decimals on, so that the HPA's target would be 0, which Kubernetes refuses (kedacore/keda#5857).
    ...number({
      from: leastThreshold,
      note: `${inUnitOfQuery}; for a smaller one multiply both query and threshold by 1000`,
    }),
  },
  capacityPerReplica: {
    name: 'capacity',
    meaning:
      'demand one replica can carry at most; with replicasQuery, rows at 0.9 of what the ready ones can carry lower no forecast',
    ...number({ above: 0, note: inUnitOfQuery }),
  },
  address: {
    name: 'prometheusAddress',
    aliases: ['serverAddress'],
    meaning: 'address on the server’s allow-list, or the name of a configured profile',
    absent: 'the server’s default source',
    isPublic: true,
    ...someText,
  },
  activationThreshold: {
    meaning: 'demand above which the workload is woken from zero; noise wakes nothing',
    default: '0',
    ...number({ from: 0 }),
  },
  historySeconds: {
    name: 'historyTimeWindow',
    meaning:
      'how much history is read at first, and up to a fourteenth more, so that replicas begin alike; less is fine',
    default: '28d',
    ...duration({ from: '1m', to: '400d', note: 'such as 28d' }),
  },
  horizonSeconds: {
    name: 'predictHorizon',
    aliases: ['predictionHorizon'],
    meaning: 'how far ahead is forecast and reported',
    absent: `${formatDuration(usualHorizonSeconds)}, or the shortest season where that is shorter`,
    ...duration({ from: '1s', to: '14d', note: 'such as 2h' }),
  },
  leadTimeSeconds: {
    name: 'leadTime',
    meaning: 'time from a decision to a ready pod; auto: learned from the starts of the pods',
    default: 'auto',
    ...autoOr(duration({ to: '24h', note: 'such as 90s' })),
  },
  peakWindowSeconds: {
    name: 'peakWindow',
    meaning: 'decision window, where it should be wider than lead time plus lags',
    absent: 'lead time plus lags',
    ...duration({ from: '1s', to: '24h', note: 'such as 10m' }),
  },
  stepSeconds: {
    name: 'queryStep',
    meaning: 'grid of the history',
    default: 'auto',
    allowed: step.allowed,
    parse: (text: string) => (parseDuration(text) === 0 ? 'auto' : step.parse(text)),
  },
  serviceLevel: {
    meaning: 'wanted share of time in which the ready replicas carry the demand',
    default: '0.99',
    ...number({ from: 0.5, to: 0.999, note: 'such as 0.99' }),
  },
  underProvisionCost: {
    meaning: 'cost of a short minute over that of an idle one, instead of serviceLevel',
    ...number({ from: 1, to: 999 }),
  },
  hpaTolerance: {
    meaning:
      'relative difference the HPA ignores; the value is raised so that a needed replica is asked for; auto: the HPA’s own, else 0.1',
    default: 'auto',
    ...autoOr(number({ from: 0, to: 1, note: 'such as 0.1' })),
  },
  mode: {
    meaning: 'active, or reactive: serve the observed value, forecast all the same',
    default: 'active',
    ...oneOf(['active', 'reactive']),
  },
  seasonsSeconds: {
    name: 'seasons',
    meaning: 'season lengths, shortest first, such as 1d,7d',
    default: 'auto',
    ...autoOr(seasonLengths),
  },
  replicasQuery: {
    meaning:
      'query that gives the number of ready replicas; where it gives 0, an empty demand query means zero demand',
    isPublic: true,
    ...someText,
  },
  emptyIsZero: {
    name: 'ignoreNullValues',
    meaning:
      'true: an empty answer of the query, NaN and infinity mean zero demand, now and in the history; false: they are missing data',
    default: 'false',
    ...flag,
  },
  timeoutMs: {
    name: 'timeout',
    meaning: 'time allowed for one query of the observed demand; reading history has the server’s',
    absent: 'the server’s',
    ...milliseconds,
  },
  namespaceParameter: {
    name: 'namespace',
    meaning: 'sent to the source as the URL parameter namespace',
    isSecret: true,
    ...someText,
  },
  customHeaders: {
    meaning: 'headers for the source, where the profile allows them',
    default: '',
    absent: 'none',
    isSecret: true,
    ...pairs,
  },
  queryParameters: {
    meaning: 'URL parameters for the source, where the profile allows them',
    default: '',
    absent: 'none',
    isSecret: true,
    ...pairs,
  },
  timeZone: {
    meaning: 'IANA zone whose clocks days and weeks follow, summer time included',
    absent: 'UTC',
    ...timeZone,
  },
  shard: {
    meaning: 'release that serves the workload, where several share a cluster (docs/scale.md)',
    absent: 'the release of the namespace',
    isPublic: true,
    ...someText,
  },
  calendars: {
    name: 'calendar',
    aliases: ['calendars'],
    meaning:
      'calendars of the server’s configuration that it has beside those for all such workloads: de-holidays,releases',
    default: '',
    absent: 'none',
    isPublic: true,
    ...calendarNames,
  },
  unit: {
    meaning: 'what demand is counted in, such as requests/s: shown wherever a value is',
    absent: 'none',
    isPublic: true,
    ...unit,
  },
} as const satisfies Record<string, Setting<unknown>>;

const readByKeda = 'it concerns KEDA’s connection to this scaler and is read by KEDA itself';

/** Keys that are accepted and decide nothing here. */
export const acceptedKeys = {
  authModes: {
    meaning: 'accepted from migrated triggers',
    withoutEffect: 'credentials of a source belong in a profile of the server’s configuration',
    ...anyText,
  },
  metricName: {
    meaning: 'accepted from migrated triggers',
    withoutEffect: 'KEDA names the metric itself',
    ...anyText,
  },
  scalerAddress: { meaning: readByKeda, absent: '(KEDA)', ...anyText },
  enableTLS: { meaning: readByKeda, absent: '(KEDA)', ...anyText },
  unsafeSsl: { meaning: readByKeda, absent: '(KEDA)', ...anyText },
} as const satisfies Record<string, Setting<unknown>>;

/** Every key of trigger.metadata, declared once: reading, checking, the type of its value and the documents come from here. */
export const triggerKeys = { ...decidingKeys, ...acceptedKeys };
