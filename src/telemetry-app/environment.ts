import { closestName } from '../platform/closest-name.ts';
import { type FieldError, invalidFields } from '../platform/errors.ts';
import { type LogLevel, logLevels } from '../platform/log.ts';
import { capacitySettings } from './capacity/capacity-settings.ts';
import { type CallMode, callModes, type FailurePolicy, failurePolicies } from './chain/fan-out.ts';
import { contradictions } from './faults/contradictions.ts';
import { faultSettings } from './faults/fault-settings.ts';
import { parseNumber, parseWhole, type Setting, type Variables } from './setting.ts';

/** Each has a pool of connections of its own. */
const maxDestinations = 16;

/** Every setting of the app, declared once: reading, checking, `Environment` and the docs come from here. */
export const settings = {
  name: {
    variable: 'APP_NAME',
    meaning: 'name in the chain, in the metrics and on the info page',
    allowed: 'at most 100 characters, none of them a control character',
    default: 'telemetry-app',
    parse: parseName,
  },
  host: {
    variable: 'APP_HOST',
    meaning: 'address to listen on',
    allowed: 'an IP address or a host name',
    default: '0.0.0.0',
    parse: (text: string) => (/^[\w.:-]+$/.test(text) ? text : undefined),
  },
  port: {
    variable: 'APP_PORT',
    meaning: 'port to listen on; 0 picks a free one and logs it',
    allowed:
      'a whole number from 0 to 65535 (if Kubernetes injected it for a Service named "app", set enableServiceLinks: false)',
    default: '8000',
    parse: (text: string) => parseWhole(text, 0, 65_535),
  },
  destinations: {
    variable: 'APP_URL_DESTINO',
    meaning:
      'base URL of the next app in the chain, or of several, separated by commas; /process is appended to one without a path',
    allowed: `an http:// or https:// URL without user name and password, or at most ${maxDestinations} of them separated by commas`,
    parse: parseDestinations,
  },
  callMode: {
    variable: 'APP_CALLS',
    meaning: 'how several destinations are called: one after the other, or all at once',
    allowed: `one of ${callModes.join(', ')}`,
    default: 'sequential',
    parse: (text: string): CallMode | undefined => callModes.find((mode) => mode === text),
  },
  upstreamFailure: {
    variable: 'APP_UPSTREAM_FAILURE',
    meaning:
      'what a destination that fails makes of the request: fail, or degrade, which answers 200 with the failure in the call tree',
    allowed: `one of ${failurePolicies.join(', ')}`,
    default: 'fail',
    parse: (text: string): FailurePolicy | undefined => failurePolicies.find((policy) => policy === text),
  },
  errorPercent: {
    variable: 'APP_ERRORS',
    meaning: 'percentage of requests that fail with status 500',
    allowed: 'a number from 0 to 100',
    default: '0',
    parse: (text: string) => parseNumber(text, 0, 100),
  },
  maxLatencyMs: {
    variable: 'APP_LATENCY',
    meaning:
      'longest time in milliseconds a request waits before its answer; each waits a random time up to it',
    allowed: 'a number of milliseconds from 0 to 600000',
    default: '0',
    parse: (text: string) => parseNumber(text, 0, 600_000),
  },
  seed: {
    variable: 'APP_SEED',
    meaning: 'seed of all chance, so that a run can be repeated; when it is not set one is chosen and logged',
    allowed: 'a whole number from 0 to 4294967295',
    parse: (text: string) => parseWhole(text, 0, 4_294_967_295),
  },
  timeoutMs: {
    variable: 'APP_TIMEOUT_MS',
    meaning: 'longest wait in milliseconds for the whole answer of a destination',
    allowed: 'a whole number of milliseconds from 1 to 600000',
    default: '5000',
    parse: (text: string) => parseWhole(text, 1, 600_000),
  },
  ...faultSettings,
  ...capacitySettings,
  drainSeconds: {
    variable: 'APP_DRAIN_SECONDS',
    meaning: 'time between saying not ready and closing, so that load balancers stop sending first',
    allowed: 'a number of seconds from 0 to 300',
    default: '5',
    parse: (text: string) => parseNumber(text, 0, 300),
  },
  historicalPeak: {
    variable: 'APP_HISTORICAL_PEAK',
    meaning: 'busiest rate in requests per second of the simulated history, app_requests_historical_*',
    allowed: 'a number from 0 to 1000000',
    default: '100',
    parse: (text: string) => parseNumber(text, 0, 1_000_000),
  },
  otlpEndpoint: {
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    meaning:
      'base URL of an OpenTelemetry collector (OTLP over HTTP, /v1/traces is appended); set, it turns traces on',
    allowed:
      'an http:// or https:// URL without user name and password (OTEL_EXPORTER_OTLP_HEADERS takes them), such as http://collector:4318',
    parse: (text: string) => (isBareHttpUrl(URL.parse(text)) ? text : undefined),
  },
  logLevel: {
    variable: 'APP_LOG_LEVEL',
    meaning: 'least important level that is logged',
    allowed: `one of ${logLevels.join(', ')}`,
    default: 'info',
    parse: (text: string): LogLevel | undefined => logLevels.find((level) => level === text),
  },
} as const satisfies Record<string, Setting<unknown>>;

type Settings = typeof settings;
type Value<S extends Setting<unknown>> =
  | Exclude<ReturnType<S['parse']>, undefined>
  | (S extends { readonly default: string } ? never : undefined);

/** The settings as read; absent ones are undefined. */
export type Environment = { readonly [K in keyof Settings]: Value<Settings[K]> };

/**
 * Reads every setting; an empty variable counts as not set. Throws one error that lists every value not
 * allowed, and every one that contradicts another.
 */
export function readEnvironment(variables: Variables): Environment {
  const fieldErrors: FieldError[] = [];
  const read = (setting: Setting<unknown>): unknown => {
    const given = variables[setting.variable]?.trim();
    const text = given === undefined || given === '' ? setting.default : given;
    if (text === undefined) return undefined;
    const value = setting.parse(text);
    if (value === undefined) fieldErrors.push(notAllowed(setting, text));
    return value;
  };
  const values = Object.entries(settings).map(([key, setting]) => [key, read(setting)]);
  fieldErrors.push(...contradictions(variables));
  if (fieldErrors.length > 0) throw invalidFields('environment', fieldErrors);
  return Object.fromEntries(values) as Environment;
}

/**
 * Variables that begin with APP_ and are no setting though they resemble one, each with the one probably
 * meant.
 */
export function misspeltVariables(variables: Variables): { variable: string; didYouMean: string }[] {
  const known = Object.values(settings).map((setting) => setting.variable);
  return Object.keys(variables)
    .filter((variable) => variable.startsWith('APP_') && !known.some((name) => name === variable))
    .flatMap((variable) => {
      const didYouMean = closestName(variable, known);
      return didYouMean === undefined ? [] : [{ variable, didYouMean }];
    });
}

function notAllowed({ variable, allowed, isSecret }: Setting<unknown>, value: string): FieldError {
  if (isSecret === true) return { field: variable, message: `${variable} must be ${allowed}` };
  return { field: variable, value, message: `${variable} is "${value}" but must be ${allowed}` };
}

function parseName(text: string): string | undefined {
  return text.length <= 100 && !/\p{Cc}/u.test(text) ? text : undefined;
}

function parseDestinations(text: string): readonly string[] | undefined {
  const urls = text.split(',').map((part) => parseDestination(part.trim()));
  const valid = urls.filter((url) => url !== undefined);
  return valid.length === urls.length && urls.length <= maxDestinations ? valid : undefined;
}

function parseDestination(text: string): string | undefined {
  const url = URL.parse(text);
  if (!isBareHttpUrl(url)) return undefined;
  if (url.pathname === '/') url.pathname = '/process';
  return url.href;
}

/** Without credentials: addresses are logged and shown. */
function isBareHttpUrl(url: URL | null): url is URL {
  return (
    url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === ''
  );
}
