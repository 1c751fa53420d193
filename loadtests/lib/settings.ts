import { usualWeek } from '../../src/load-shapes/index.ts';
import { anyText, list, matching, number, ratio, whole } from '../../src/platform/setting-values.ts';
import type { Setting } from '../../src/platform/settings.ts';
import { type ScriptName, scriptNames } from './scripts.ts';
import { url, weekday, zeroOrOne } from './setting-values.ts';
import { weekdays } from './week.ts';

type ByScript = { readonly [Name in ScriptName]?: string };

/** One variable of the load tests. */
export interface LoadSetting<T> extends Setting<T> {
  readonly name: string;
  /** Scripts that read the setting. */
  readonly scripts: readonly ScriptName[];
  /** Defaults of scripts for which `default` does not fit. */
  readonly defaults?: ByScript;
  /** Defaults with LOAD_SHORT=1: a few seconds, long enough to measure something. */
  readonly short?: ByScript;
}

const app: readonly ScriptName[] = ['smoke', 'basic', 'realistic', 'spike', 'soak'];

/** Every variable of the load tests, declared once: reading, checking, the listing and the docs come from here. */
export const settings = {
  url: {
    name: 'LOAD_URL',
    meaning: 'base URL of the telemetry app',
    scripts: app,
    default: 'http://127.0.0.1:8000',
    ...url,
  },
  apiUrl: {
    name: 'LOAD_API_URL',
    meaning: 'base URL of the forecasting API',
    scripts: ['api'],
    default: 'http://127.0.0.1:8080',
    ...url,
  },
  grpcAddress: {
    name: 'LOAD_GRPC_ADDRESS',
    meaning: 'address of the scaler',
    scripts: ['scaler'],
    default: '127.0.0.1:6000',
    ...matching(/^[\w.-]+:\d{1,5}$|^\[[\da-f:]+\]:\d{1,5}$/i, 'host:port'),
  },
  workload: {
    name: 'LOAD_WORKLOAD',
    meaning:
      'the ScaledObject asked about, namespace/name; api takes the first one listed where it is not set, scaler `default/load-test`',
    scripts: ['api', 'scaler'],
    ...matching(/^[^/\s]+\/[^/\s]+$/, 'namespace/name'),
  },
  workloads: {
    name: 'LOAD_WORKLOADS',
    meaning:
      'how many ScaledObjects are asked about in turn, of one query, told apart by a number at the name',
    scripts: ['scaler'],
    default: '1',
    ...whole({ from: 1, to: 10_000 }),
  },
  query: {
    name: 'LOAD_QUERY',
    meaning: 'PromQL of their trigger',
    scripts: ['scaler'],
    default: 'sum(rate(app_requests_total[2m]))',
    ...{ ...anyText, allowed: 'PromQL' },
  },
  threshold: {
    name: 'LOAD_THRESHOLD',
    meaning: 'threshold of their trigger',
    scripts: ['scaler'],
    default: '10',
    ...number({ above: 0 }),
  },
  peakRps: {
    name: 'LOAD_PEAK_RPS',
    meaning: 'highest rate wanted, requests (scaler: polls of three calls) per second',
    scripts: scriptNames,
    default: '50',
    defaults: { smoke: '2', soak: '20', api: '10' },
    short: { basic: '20', realistic: '40', spike: '30', scaler: '20' },
    ...number({ above: 0, to: 100_000 }),
  },
  baseRps: {
    name: 'LOAD_BASE_RPS',
    meaning: 'lowest rate wanted; a tenth of the peak where it is not set',
    scripts: ['basic', 'realistic', 'spike'],
    ...number({ from: 0, to: 100_000, allowed: 'a number from 0 to LOAD_PEAK_RPS' }),
  },
  seconds: {
    name: 'LOAD_SECONDS',
    meaning: 'how long the test sends',
    scripts: ['smoke', 'basic', 'spike', 'soak', 'api', 'scaler'],
    default: '60',
    defaults: { smoke: '10', basic: '300', spike: '240', soak: '3600' },
    short: { smoke: '2', basic: '4', spike: '4', soak: '3', api: '3', scaler: '3' },
    ...number({ from: 1, to: 2_592_000 }),
  },
  weekSeconds: {
    name: 'LOAD_WEEK_SECONDS',
    meaning: 'how long a simulated week takes: 1680 is ten seconds an hour, 604800 real time',
    scripts: ['realistic'],
    default: '1680',
    short: { realistic: '6' },
    ...number({ from: 1, to: 604_800 }),
  },
  days: {
    name: 'LOAD_DAYS',
    meaning: 'how many days of it are sent',
    scripts: ['realistic'],
    default: '7',
    ...number({ from: 0.01, to: 70, allowed: 'a number above 0, at most 70' }),
  },
  startDay: {
    name: 'LOAD_START_DAY',
    meaning: 'weekday on which it begins',
    scripts: ['realistic'],
    default: 'monday',
    ...weekday,
  },
  startHour: {
    name: 'LOAD_START_HOUR',
    meaning: 'hour of that day at which it begins',
    scripts: ['realistic'],
    default: '0',
    ...number({ from: 0, below: 24 }),
  },
  weekendRatio: {
    name: 'LOAD_WEEKEND',
    meaning: 'how high a weekend rises, as a share of a weekday',
    scripts: ['realistic'],
    default: String(usualWeek.weekendRatio),
    ...ratio({ from: 0, to: 2 }),
  },
  growthPerWeek: {
    name: 'LOAD_GROWTH',
    meaning: 'growth from one week to the next, such as 0.02 for 2 %',
    scripts: ['realistic'],
    default: '0',
    ...ratio({ from: -0.5, to: 1 }),
  },
  holidays: {
    name: 'LOAD_HOLIDAYS',
    meaning: 'weekdays, separated by commas, that are holidays the first time they come: like a Sunday',
    scripts: ['realistic'],
    ...list(weekday, `some of ${weekdays.join(', ')}, separated by commas`),
  },
  flashSaleHours: {
    name: 'LOAD_FLASH_SALE_HOURS',
    meaning: 'simulated hours after the beginning at which a flash sale opens',
    scripts: ['realistic'],
    ...number({ from: 0, to: 1680 }),
  },
  flashSaleRps: {
    name: 'LOAD_FLASH_SALE_RPS',
    meaning: 'what it adds at its height; as much as the peak where it is not set',
    scripts: ['realistic'],
    ...number({ from: 0, to: 100_000 }),
  },
  noiseRatio: {
    name: 'LOAD_NOISE',
    meaning: 'largest deviation that noise makes, as a share of the rate',
    scripts: ['realistic'],
    default: String(usualWeek.noiseRatio),
    ...ratio({ from: 0, to: 0.9 }),
  },
  seed: {
    name: 'LOAD_SEED',
    meaning: 'chooses the noise',
    scripts: ['realistic'],
    default: '1',
    ...whole({ from: 0, to: 4_294_967_295 }),
  },
  maxVus: {
    name: 'LOAD_MAX_VUS',
    meaning:
      'most requests under way at once, beyond which arrivals are dropped and counted; five seconds of the peak where it is not set',
    scripts: scriptNames,
    ...whole({ from: 1, to: 20_000 }),
  },
  maxP95Ms: {
    name: 'LOAD_MAX_P95_MS',
    meaning: 'the test fails when the 95th percentile of the latency is not below it, in milliseconds',
    scripts: scriptNames,
    default: '500',
    defaults: { scaler: '50' },
    ...number({ above: 0, to: 600_000 }),
  },
  maxErrors: {
    name: 'LOAD_MAX_ERRORS',
    meaning: 'it fails when as large a share of requests or checks fails, or more',
    scripts: scriptNames,
    default: '0.01',
    ...ratio({ above: 0, to: 1 }),
  },
  maxDropped: {
    name: 'LOAD_MAX_DROPPED',
    meaning: 'it fails when a larger share of arrivals is dropped: then the load was not what was wanted',
    scripts: scriptNames,
    default: '0.01',
    ...ratio({ from: 0, to: 1 }),
  },
  short: {
    name: 'LOAD_SHORT',
    meaning: '1 makes it a few seconds long, as CI runs it; what is set otherwise still counts',
    scripts: scriptNames,
    default: '0',
    ...zeroOrOne,
  },
  summaryDir: {
    name: 'LOAD_SUMMARY_DIR',
    meaning: 'folder for the summary as JSON, JUnit and HTML',
    scripts: scriptNames,
    default: 'results',
    ...{ ...anyText, allowed: 'a folder' },
  },
} as const satisfies Record<string, LoadSetting<unknown>>;
