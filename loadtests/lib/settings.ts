import { type ScriptName, scriptNames } from './scripts.ts';
import {
  parseNumber,
  parsePositive,
  parseUrl,
  parseWeekday,
  parseWeekdays,
  parseWhole,
} from './setting-values.ts';
import { weekdays } from './week.ts';

type ByScript = { readonly [Name in ScriptName]?: string };

export interface Setting<T> {
  readonly variable: string;
  readonly meaning: string;
  /** What a value may be, as a sentence goes on after "must be". */
  readonly allowed: string;
  /** Scripts that read it. */
  readonly scripts: readonly ScriptName[];
  /** The text that stands for a variable that is not set; a setting without one may be absent. */
  readonly default?: string;
  /** The same for scripts that want another. */
  readonly defaults?: ByScript;
  /** The same with LOAD_SHORT=1: a few seconds, long enough to measure something. */
  readonly short?: ByScript;
  /** The value of a text that is not empty; undefined when it is not allowed. */
  readonly parse: (text: string) => T | undefined;
}

const app: readonly ScriptName[] = ['smoke', 'basic', 'realistic', 'spike', 'soak'];

/** Every variable of the load tests, declared once: reading, checking, the listing and the docs come from here. */
export const settings = {
  url: {
    variable: 'LOAD_URL',
    meaning: 'base URL of the telemetry app',
    allowed: 'an http:// or https:// URL without user and password',
    scripts: app,
    default: 'http://127.0.0.1:8000',
    parse: parseUrl,
  },
  apiUrl: {
    variable: 'LOAD_API_URL',
    meaning: 'base URL of the forecasting API',
    allowed: 'an http:// or https:// URL without user and password',
    scripts: ['api'],
    default: 'http://127.0.0.1:8080',
    parse: parseUrl,
  },
  grpcAddress: {
    variable: 'LOAD_GRPC_ADDRESS',
    meaning: 'address of the scaler',
    allowed: 'host:port',
    scripts: ['scaler'],
    default: '127.0.0.1:6000',
    parse: (text: string) => (/^[\w.-]+:\d{1,5}$|^\[[\da-f:]+\]:\d{1,5}$/i.test(text) ? text : undefined),
  },
  workload: {
    variable: 'LOAD_WORKLOAD',
    meaning:
      'the ScaledObject asked about, namespace/name; api takes the first one listed where it is not set, scaler `default/load-test`',
    allowed: 'namespace/name',
    scripts: ['api', 'scaler'],
    parse: (text: string) => (/^[^/\s]+\/[^/\s]+$/.test(text) ? text : undefined),
  },
  workloads: {
    variable: 'LOAD_WORKLOADS',
    meaning:
      'how many ScaledObjects are asked about in turn, of one query, told apart by a number at the name',
    allowed: 'a whole number from 1 to 10000',
    scripts: ['scaler'],
    default: '1',
    parse: (text: string) => parseWhole(text, 1, 10_000),
  },
  query: {
    variable: 'LOAD_QUERY',
    meaning: 'PromQL of their trigger',
    allowed: 'PromQL',
    scripts: ['scaler'],
    default: 'sum(rate(app_requests_total[2m]))',
    parse: (text: string) => text,
  },
  threshold: {
    variable: 'LOAD_THRESHOLD',
    meaning: 'threshold of their trigger',
    allowed: 'a number above 0',
    scripts: ['scaler'],
    default: '10',
    parse: (text: string) => parsePositive(text, 1e12),
  },
  peakRps: {
    variable: 'LOAD_PEAK_RPS',
    meaning: 'highest rate wanted, requests (scaler: polls of three calls) per second',
    allowed: 'a number above 0, at most 100000',
    scripts: scriptNames,
    default: '50',
    defaults: { smoke: '2', soak: '20', api: '10' },
    short: { basic: '20', realistic: '40', spike: '30', scaler: '20' },
    parse: (text: string) => parsePositive(text, 100_000),
  },
  baseRps: {
    variable: 'LOAD_BASE_RPS',
    meaning: 'lowest rate wanted; a tenth of the peak where it is not set',
    allowed: 'a number from 0 to LOAD_PEAK_RPS',
    scripts: ['basic', 'realistic', 'spike'],
    parse: (text: string) => parseNumber(text, 0, 100_000),
  },
  seconds: {
    variable: 'LOAD_SECONDS',
    meaning: 'how long the test sends',
    allowed: 'a number from 1 to 2592000',
    scripts: ['smoke', 'basic', 'spike', 'soak', 'api', 'scaler'],
    default: '60',
    defaults: { smoke: '10', basic: '300', spike: '240', soak: '3600' },
    short: { smoke: '2', basic: '4', spike: '4', soak: '3', api: '3', scaler: '3' },
    parse: (text: string) => parseNumber(text, 1, 2_592_000),
  },
  weekSeconds: {
    variable: 'LOAD_WEEK_SECONDS',
    meaning: 'how long a simulated week takes: 1680 is ten seconds an hour, 604800 real time',
    allowed: 'a number from 1 to 604800',
    scripts: ['realistic'],
    default: '1680',
    short: { realistic: '6' },
    parse: (text: string) => parseNumber(text, 1, 604_800),
  },
  days: {
    variable: 'LOAD_DAYS',
    meaning: 'how many days of it are sent',
    allowed: 'a number above 0, at most 70',
    scripts: ['realistic'],
    default: '7',
    parse: (text: string) => parseNumber(text, 0.01, 70),
  },
  startDay: {
    variable: 'LOAD_START_DAY',
    meaning: 'weekday on which it begins',
    allowed: `one of ${weekdays.join(', ')}`,
    scripts: ['realistic'],
    default: 'monday',
    parse: parseWeekday,
  },
  startHour: {
    variable: 'LOAD_START_HOUR',
    meaning: 'hour of that day at which it begins',
    allowed: 'a number from 0 to less than 24',
    scripts: ['realistic'],
    default: '0',
    parse: (text: string) => parseNumber(text, 0, 23.999),
  },
  weekendRatio: {
    variable: 'LOAD_WEEKEND',
    meaning: 'how high a weekend rises, as a share of a weekday',
    allowed: 'a ratio from 0 to 2',
    scripts: ['realistic'],
    default: '0.45',
    parse: (text: string) => parseNumber(text, 0, 2),
  },
  growthPerWeek: {
    variable: 'LOAD_GROWTH',
    meaning: 'growth from one week to the next, such as 0.02 for 2 %',
    allowed: 'a ratio from -0.5 to 1',
    scripts: ['realistic'],
    default: '0',
    parse: (text: string) => parseNumber(text, -0.5, 1),
  },
  holidays: {
    variable: 'LOAD_HOLIDAYS',
    meaning: 'weekdays, separated by commas, that are holidays the first time they come: like a Sunday',
    allowed: `some of ${weekdays.join(', ')}, separated by commas`,
    scripts: ['realistic'],
    parse: parseWeekdays,
  },
  flashSaleHours: {
    variable: 'LOAD_FLASH_SALE_HOURS',
    meaning: 'simulated hours after the beginning at which a flash sale opens',
    allowed: 'a number from 0 to 1680',
    scripts: ['realistic'],
    parse: (text: string) => parseNumber(text, 0, 1680),
  },
  flashSaleRps: {
    variable: 'LOAD_FLASH_SALE_RPS',
    meaning: 'what it adds at its height; as much as the peak where it is not set',
    allowed: 'a number from 0 to 100000',
    scripts: ['realistic'],
    parse: (text: string) => parseNumber(text, 0, 100_000),
  },
  noiseRatio: {
    variable: 'LOAD_NOISE',
    meaning: 'largest deviation that noise makes, as a share of the rate',
    allowed: 'a ratio from 0 to 0.9',
    scripts: ['realistic'],
    default: '0.03',
    parse: (text: string) => parseNumber(text, 0, 0.9),
  },
  seed: {
    variable: 'LOAD_SEED',
    meaning: 'chooses the noise',
    allowed: 'a whole number from 0 to 4294967295',
    scripts: ['realistic'],
    default: '1',
    parse: (text: string) => parseWhole(text, 0, 4_294_967_295),
  },
  maxVus: {
    variable: 'LOAD_MAX_VUS',
    meaning:
      'most requests under way at once, beyond which arrivals are dropped and counted; five seconds of the peak where it is not set',
    allowed: 'a whole number from 1 to 20000',
    scripts: scriptNames,
    parse: (text: string) => parseWhole(text, 1, 20_000),
  },
  maxP95Ms: {
    variable: 'LOAD_MAX_P95_MS',
    meaning: 'the test fails when the 95th percentile of the latency is not below it, in milliseconds',
    allowed: 'a number above 0, at most 600000',
    scripts: scriptNames,
    default: '500',
    defaults: { scaler: '50' },
    parse: (text: string) => parsePositive(text, 600_000),
  },
  maxErrors: {
    variable: 'LOAD_MAX_ERRORS',
    meaning: 'it fails when as large a share of requests or checks fails, or more',
    allowed: 'a ratio above 0, at most 1',
    scripts: scriptNames,
    default: '0.01',
    parse: (text: string) => parsePositive(text, 1),
  },
  maxDropped: {
    variable: 'LOAD_MAX_DROPPED',
    meaning: 'it fails when a larger share of arrivals is dropped: then the load was not what was wanted',
    allowed: 'a ratio from 0 to 1',
    scripts: scriptNames,
    default: '0.01',
    parse: (text: string) => parseNumber(text, 0, 1),
  },
  short: {
    variable: 'LOAD_SHORT',
    meaning: '1 makes it a few seconds long, as CI runs it; what is set otherwise still counts',
    allowed: '0 or 1',
    scripts: scriptNames,
    default: '0',
    parse: (text: string) => ({ '0': false, '1': true })[text],
  },
  summaryDir: {
    variable: 'LOAD_SUMMARY_DIR',
    meaning: 'folder for the summary as JSON, JUnit and HTML',
    allowed: 'a folder',
    scripts: scriptNames,
    default: 'results',
    parse: (text: string) => text,
  },
} as const satisfies Record<string, Setting<unknown>>;
