import { invalidFields } from '../platform/errors.ts';
import { logLevels } from '../platform/log.ts';
import { unknownNames } from '../platform/setting-names.ts';
import { type Kind, list, matching, number, oneOf, whole } from '../platform/setting-values.ts';
import {
  environmentWriting,
  readSettings,
  type SettingTable,
  type SettingValues,
  type Texts,
} from '../platform/settings.ts';
import { capacitySettings } from './capacity/capacity-settings.ts';
import { callModes, failurePolicies } from './chain/fan-out.ts';
import { contradictions } from './contradictions.ts';
import { faultSettings } from './faults/fault-settings.ts';

/** Each destination has a pool of connections of its own. */
const maxDestinations = 16;

const destination: Kind<string> = {
  allowed: 'an http:// or https:// URL without user name and password',
  parse(text) {
    const url = bareHttpUrl(text);
    if (url?.pathname === '/') url.pathname = '/process';
    return url?.href;
  },
};

/** Every setting of the app, declared once: reading, checking, `Environment`, --help and the documents come from here. */
export const settings = withVariables({
  name: {
    meaning: 'name in the chain, in the metrics and on the info page',
    default: 'telemetry-app',
    ...matching(/^\P{Cc}{0,100}$/u, 'at most 100 characters, none of them a control character'),
  },
  host: {
    meaning: 'address to listen on',
    default: '0.0.0.0',
    ...matching(/^[\w.:-]+$/, 'an IP address or a host name'),
  },
  port: {
    meaning: 'port to listen on; 0 picks a free one and logs it',
    default: '8000',
    ...whole({
      from: 0,
      to: 65_535,
      allowed:
        'a whole number from 0 to 65535 (if Kubernetes injected it for a Service named "app", set enableServiceLinks: false)',
    }),
  },
  destinations: {
    name: 'APP_URL_DESTINO',
    meaning:
      'base URL of the next app in the chain, or of several, separated by commas; /process is appended to one without a path',
    ...list(
      destination,
      `${destination.allowed}, or at most ${maxDestinations} of them separated by commas`,
      maxDestinations,
    ),
  },
  callMode: {
    name: 'APP_CALLS',
    meaning: 'how several destinations are called: one after the other, or all at once',
    default: 'sequential',
    ...oneOf(callModes),
  },
  upstreamFailure: {
    meaning:
      'what a failing destination does to the request: fail, or degrade, which answers 200 with the failure in the call tree',
    default: 'fail',
    ...oneOf(failurePolicies),
  },
  errorPercent: {
    name: 'APP_ERRORS',
    meaning: 'percentage of requests that fail with status 500',
    default: '0',
    ...number({ from: 0, to: 100 }),
  },
  maxLatencyMs: {
    name: 'APP_LATENCY',
    meaning:
      'longest time in milliseconds a request waits before its answer; each waits a random time up to it',
    default: '0',
    ...number({ from: 0, to: 600_000, unit: 'milliseconds' }),
  },
  seed: {
    meaning: 'seed of all random draws, so that a run can be repeated; without it one is chosen and logged',
    ...whole({ from: 0, to: 4_294_967_295 }),
  },
  timeoutMs: {
    meaning: 'longest wait in milliseconds for the whole answer of a destination',
    default: '5000',
    ...whole({ from: 1, to: 600_000, unit: 'milliseconds' }),
  },
  ...faultSettings,
  ...capacitySettings,
  drainSeconds: {
    meaning: 'time from reporting not ready to closing, so that load balancers stop sending first',
    default: '5',
    ...number({ from: 0, to: 300, unit: 'seconds' }),
  },
  historicalPeak: {
    meaning: 'busiest rate in requests per second of the simulated history, app_requests_historical_*',
    default: '100',
    ...number({ from: 0, to: 1_000_000 }),
  },
  otlpEndpoint: {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    meaning:
      'base URL of an OpenTelemetry collector (OTLP over HTTP, /v1/traces is appended); setting it turns traces on',
    allowed:
      'an http:// or https:// URL without user name and password (OTEL_EXPORTER_OTLP_HEADERS takes them), such as http://collector:4318',
    parse: (text: string) => (bareHttpUrl(text) === undefined ? undefined : text),
  },
  logLevel: {
    meaning: 'least important level that is logged',
    default: 'info',
    ...oneOf(logLevels),
  },
} as const satisfies SettingTable);

/** The settings as read; those without a default may be undefined. */
export type Environment = SettingValues<typeof settings>;

/**
 * Reads every setting; an empty variable counts as not set. Throws one error that lists every value that is not
 * allowed, and every one that contradicts another.
 */
export function readEnvironment(variables: Texts): Environment {
  const { values, fieldErrors } = readSettings(settings, variables, environmentWriting);
  const all = [...fieldErrors, ...contradictions(variables)];
  if (all.length > 0) throw invalidFields('environment', all);
  return values;
}

/** Variables that begin with APP_ and resemble a setting without being one, each with the setting probably meant. */
export function misspeltVariables(variables: Texts): { variable: string; didYouMean: string }[] {
  return unknownNames(settings, variables).flatMap(({ name, didYouMean }) =>
    name.startsWith('APP_') && didYouMean !== undefined ? [{ variable: name, didYouMean }] : [],
  );
}

/** Reads a setting without a name of its own from the variable APP_ and its name in the table: `logLevel` from APP_LOG_LEVEL. */
function withVariables<T extends SettingTable>(table: T) {
  const named = Object.entries(table).map(([key, setting]) => {
    const name = `APP_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    return [key, { name, ...setting }];
  });
  return Object.fromEntries(named) as { readonly [Key in keyof T]: T[Key] & { readonly name: string } };
}

/** A URL without credentials, since addresses are logged and shown; undefined where the text is anything else. */
function bareHttpUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
  return url.username === '' && url.password === '' ? url : undefined;
}
