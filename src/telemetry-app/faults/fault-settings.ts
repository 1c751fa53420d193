import { readFileSync } from 'node:fs';
import { parseNumber, type Setting } from '../setting.ts';
import { errorKindsAllowed, parseErrorKinds } from './error-kinds.ts';
import { latencyAllowed, longestLatencyMs, parseLatency } from './latency-distribution.ts';

/** Bounds of what one request may be made to take, here and at run time. */
export const mostCpuMs = 10_000;
export const mostMemoryMib = 1024;

const tokenPattern = /^[\x21-\x7e]{16,200}$/;

/** What requests are made to suffer, and who may change that at run time. */
export const faultSettings = {
  latencyDistribution: {
    variable: 'APP_LATENCY_DISTRIBUTION',
    meaning:
      'time a request waits before its answer, instead of APP_LATENCY: fixed:20, uniform:0-50, quantiles:20/80/300 (p50, p90, p99) or lognormal:20,0.5 (median, sigma), in milliseconds',
    allowed: latencyAllowed,
    parse: parseLatency,
  },
  errorKinds: {
    variable: 'APP_ERROR_KINDS',
    meaning:
      'what becomes of the requests that fail (APP_ERRORS), with weights: statuses, delay (answered late), drop (connection cut)',
    allowed: errorKindsAllowed,
    default: '500',
    parse: parseErrorKinds,
  },
  errorDelayMs: {
    variable: 'APP_ERROR_DELAY_MS',
    meaning: 'how many milliseconds later a request is answered that fails with a delay',
    allowed: 'a number of milliseconds from 0 to 600000',
    default: '3000',
    parse: (text: string) => parseNumber(text, 0, longestLatencyMs),
  },
  cpuMs: {
    variable: 'APP_CPU_MS',
    meaning:
      'CPU time in milliseconds that each request uses, as real work in slices that leave probes answered',
    allowed: `a number of milliseconds from 0 to ${mostCpuMs}`,
    default: '0',
    parse: (text: string) => parseNumber(text, 0, mostCpuMs),
  },
  memoryMib: {
    variable: 'APP_MEMORY_MIB',
    meaning: 'memory in MiB that each request holds until it is answered',
    allowed: `a number of MiB from 0 to ${mostMemoryMib}`,
    default: '0',
    parse: (text: string) => parseNumber(text, 0, mostMemoryMib),
  },
  faultHeaders: {
    variable: 'APP_FAULT_HEADERS',
    meaning: 'on: requests may ask for faults of their own by headers, x-fault-*',
    allowed: 'either on or off',
    default: 'off',
    parse: (text: string) => (text === 'on' || text === 'off' ? text : undefined),
  },
  adminToken: {
    variable: 'APP_ADMIN_TOKEN',
    meaning: 'bearer token for /admin, which changes faults at run time',
    allowed: '16 to 200 visible ASCII characters',
    isSecret: true,
    parse: (text: string) => (tokenPattern.test(text) ? text : undefined),
  },
  adminTokenFromFile: {
    variable: 'APP_ADMIN_TOKEN_FILE',
    meaning: 'file with that token, read at the start',
    allowed: 'the path of a readable file that holds a token of 16 to 200 visible ASCII characters',
    parse: readToken,
  },
} as const satisfies Record<string, Setting<unknown>>;

function readToken(path: string): string | undefined {
  try {
    const token = readFileSync(path, 'utf8').trim();
    return tokenPattern.test(token) ? token : undefined;
  } catch {
    // The message about the setting names the path and says what it has to be.
    return undefined;
  }
}
