import { isTimeZone } from '../forecast/index.ts';
import { parseDuration } from '../platform/duration.ts';

/** What a key's text turned out to be: a value, or what is allowed instead. */
type Parsed<T> = { readonly value: T } | { readonly allowed: string };

/** One key of trigger.metadata. Parsing, validation, docs/configuration.md and did-you-mean all come from here. */
export interface TriggerKey<T> {
  readonly meaning: string;
  /** What it is when the key is absent, for people; undefined = the key is required. */
  readonly default: string | undefined;
  readonly parse: (text: string) => Parsed<T>;
  /** Other names that mean the same. */
  readonly aliases?: readonly string[];
  /** Said as a warning when the key is given: it is accepted but does nothing (yet), and why. */
  readonly withoutEffect?: string;
}

const text = (raw: string): Parsed<string> =>
  raw.trim() === '' ? { allowed: 'a text that is not empty' } : { value: raw.trim() };

const anyText = (raw: string): Parsed<string> => ({ value: raw });

function numberWithin(minimum: number, maximum: number, allowed: string, exclusive = false) {
  return (raw: string): Parsed<number> => {
    const value = raw.trim() === '' ? Number.NaN : Number(raw);
    const inside = exclusive ? value > minimum && value < maximum : value >= minimum && value <= maximum;
    return Number.isFinite(value) && inside ? { value } : { allowed };
  };
}

function durationWithin(minimumSeconds: number, maximumSeconds: number, allowed: string) {
  return (raw: string): Parsed<number> => {
    const value = parseDuration(raw);
    return value !== undefined && value >= minimumSeconds && value <= maximumSeconds
      ? { value }
      : { allowed };
  };
}

function oneOf<const T extends string>(...choices: readonly T[]) {
  return (raw: string): Parsed<T> => {
    const value = choices.find((choice) => choice === raw.trim());
    return value === undefined ? { allowed: choices.join(' or ') } : { value };
  };
}

const boolean = (raw: string): Parsed<boolean> =>
  raw === 'true' || raw === 'false' ? { value: raw === 'true' } : { allowed: 'true or false' };

function autoOr(parse: (raw: string) => Parsed<number>) {
  return (raw: string): Parsed<number | 'auto'> => {
    const result = raw.trim() === 'auto' ? { value: 'auto' as const } : parse(raw);
    return 'allowed' in result ? { allowed: `auto, or ${result.allowed}` } : result;
  };
}

const longestSeasonSeconds = 28 * 86_400;

function seasons(raw: string): Parsed<readonly number[] | 'auto'> {
  if (raw.trim() === 'auto') return { value: 'auto' };
  const lengths = raw.split(',').map((part) => parseDuration(part));
  const isSeason = (length: number | undefined) =>
    length !== undefined && length > 0 && length <= longestSeasonSeconds;
  const known = lengths.filter(isSeason) as number[];
  const rising = known.every((length, index) => index === 0 || length > (known[index - 1] ?? 0));
  const valid = known.length === lengths.length && known.length <= 2 && rising;
  return valid
    ? { value: known }
    : { allowed: 'auto, or one or two rising durations up to 28d such as 1d,7d' };
}

function pairs(raw: string): Parsed<Readonly<Record<string, string>>> {
  const entries = raw
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at < 1 ? undefined : ([part.slice(0, at).trim(), part.slice(at + 1).trim()] as const);
    });
  const valid = entries.every((entry) => entry !== undefined);
  return valid ? { value: Object.fromEntries(entries) } : { allowed: 'key=value,key=value' };
}

const timeZone = (raw: string): Parsed<string> =>
  isTimeZone(raw.trim()) ? { value: raw.trim() } : { allowed: 'an IANA time zone such as Europe/Berlin' };

function timeoutMs(raw: string): Parsed<number> {
  const ms = /^\d+$/.test(raw.trim()) ? Number(raw) : (parseDuration(raw) ?? Number.NaN) * 1000;
  return ms >= 1 && ms <= 60_000
    ? { value: ms }
    : { allowed: 'milliseconds such as 3000, or a duration up to 60s' };
}

const key = <T>(definition: TriggerKey<T>) => definition;
const readByKeda = 'it concerns KEDA’s connection to this scaler and is read by KEDA itself';

/** Every key of design.md §4.1, in the order the documentation shows them. */
export const triggerKeys = {
  query: key({
    meaning: 'PromQL that gives one series: the total offered demand, not per pod',
    default: undefined,
    parse: text,
  }),
  threshold: key({
    meaning: 'demand one replica should carry; the target of the HPA',
    default: undefined,
    parse: numberWithin(0, Number.MAX_VALUE, 'a number above 0, in the unit of the query', true),
  }),
  capacity: key({
    meaning:
      'demand one replica can carry at most; with replicasQuery, rows at 0.9 of what the ready ones can carry lower no forecast',
    default: 'none',
    parse: numberWithin(0, Number.MAX_VALUE, 'a number above 0, in the unit of the query', true),
  }),
  prometheusAddress: key({
    meaning: 'address on the server’s allow-list, or the name of a configured profile',
    default: 'the server’s default source',
    parse: text,
    aliases: ['serverAddress'],
  }),
  activationThreshold: key({
    meaning: 'demand above which the workload is woken from zero',
    default: '0',
    parse: numberWithin(0, Number.MAX_VALUE, 'a number of at least 0'),
  }),
  historyTimeWindow: key({
    meaning: 'how much history is read at first; less is fine',
    default: '28d',
    parse: durationWithin(60, 400 * 86_400, 'a duration from 1m to 400d, such as 28d'),
  }),
  predictHorizon: key({
    meaning: 'how far ahead is forecast and reported',
    default: '2h, or the shortest season where that is shorter',
    parse: durationWithin(1, 14 * 86_400, 'a duration from 1s to 14d, such as 2h'),
    aliases: ['predictionHorizon'],
  }),
  leadTime: key({
    meaning: 'time from a decision to a ready pod',
    default: 'auto',
    parse: autoOr(durationWithin(0, 86_400, 'a duration up to 24h, such as 90s')),
  }),
  peakWindow: key({
    meaning: 'decision window, where it should be wider than lead time plus lags',
    default: 'lead time plus lags',
    parse: durationWithin(1, 86_400, 'a duration from 1s to 24h, such as 10m'),
  }),
  queryStep: key({
    meaning: 'grid of the history',
    default: 'auto',
    parse: (raw: string): Parsed<number | 'auto'> => {
      if (parseDuration(raw) === 0) return { value: 'auto' };
      return autoOr(durationWithin(1, 3600, 'a duration from 1s to 1h, such as 1m'))(raw);
    },
  }),
  serviceLevel: key({
    meaning: 'wanted share of time in which the ready replicas carry the demand',
    default: '0.99',
    parse: numberWithin(0.5, 0.999, 'a number from 0.5 to 0.999, such as 0.99'),
  }),
  underProvisionCost: key({
    meaning: 'cost of a short minute over that of an idle one, instead of serviceLevel',
    default: 'none',
    parse: numberWithin(1, 999, 'a number from 1 to 999'),
  }),
  hpaTolerance: key({
    meaning: 'relative difference the HPA ignores; the value is raised so that a needed replica is asked for',
    default: '0.1',
    parse: numberWithin(0, 1, 'a number from 0 to 1, such as 0.1'),
  }),
  mode: key({
    meaning: 'active, or reactive: serve the observed value, forecast all the same',
    default: 'active',
    parse: oneOf('active', 'reactive'),
  }),
  seasons: key({ meaning: 'season lengths, shortest first, such as 1d,7d', default: 'auto', parse: seasons }),
  replicasQuery: key({
    meaning:
      'PromQL that gives the ready replicas; where it gives 0, an empty demand query means zero demand',
    default: 'none',
    parse: text,
  }),
  ignoreNullValues: key({
    meaning: 'true: an empty answer of the query means zero demand; false: it is missing data',
    default: 'false',
    parse: boolean,
  }),
  timeout: key({ meaning: 'time allowed for one query', default: 'the server’s', parse: timeoutMs }),
  namespace: key({ meaning: 'sent to Prometheus as the parameter namespace', default: 'none', parse: text }),
  customHeaders: key({
    meaning: 'headers for Prometheus, where the profile allows them',
    default: 'none',
    parse: pairs,
  }),
  queryParameters: key({
    meaning: 'URL parameters for Prometheus, where the profile allows them',
    default: 'none',
    parse: pairs,
  }),
  timeZone: key({
    meaning: 'IANA zone whose clocks days and weeks follow, summer time included',
    default: 'UTC',
    parse: timeZone,
  }),
  calendar: key({
    meaning: 'name of a configured events calendar',
    default: 'none',
    parse: text,
    withoutEffect: 'no calendar can be configured in this version',
  }),
  authModes: key({
    meaning: 'accepted from migrated triggers',
    default: 'none',
    parse: anyText,
    withoutEffect: 'credentials for Prometheus live in a profile of the server’s configuration',
  }),
  metricName: key({
    meaning: 'accepted from migrated triggers',
    default: 'none',
    parse: anyText,
    withoutEffect: 'KEDA names the metric itself',
  }),
  scalerAddress: key({ meaning: readByKeda, default: '(KEDA)', parse: anyText }),
  enableTLS: key({ meaning: readByKeda, default: '(KEDA)', parse: anyText }),
  unsafeSsl: key({ meaning: readByKeda, default: '(KEDA)', parse: anyText }),
} satisfies Record<string, TriggerKey<unknown>>;

export type TriggerKeyName = keyof typeof triggerKeys;
type Value<K extends TriggerKeyName> = (typeof triggerKeys)[K] extends TriggerKey<infer T> ? T : never;
/** The parsed value of every key that was given. */
export type GivenValues = { readonly [K in TriggerKeyName]?: Value<K> };
