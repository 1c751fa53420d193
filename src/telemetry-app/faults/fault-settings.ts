import { readFileSync } from 'node:fs';
import { matching, number } from '../../platform/setting-values.ts';
import type { SettingTable } from '../../platform/settings.ts';
import { errorKinds } from './error-kinds.ts';
import { latency, longestLatencyMs } from './latency-distribution.ts';

/** Most that one request may be made to use, by the environment, at run time and by its headers. */
export const mostCpuMs = 10_000;
export const mostMemoryMib = 1024;

const token = matching(/^[\x21-\x7e]{16,200}$/, '16 to 200 visible ASCII characters');

/** The faults of all requests, and who may change them at run time. */
export const faultSettings = {
  latencyDistribution: {
    meaning:
      'time a request waits before its answer, instead of APP_LATENCY: fixed:20, uniform:0-50, quantiles:20/80/300 (p50, p90, p99) or lognormal:20,0.5 (median, sigma), in milliseconds',
    ...latency,
  },
  errorKinds: {
    meaning:
      'how the requests fail that fail (APP_ERRORS), with weights: with a status, delay (answered late), drop (connection cut)',
    default: '500',
    ...errorKinds,
  },
  errorDelayMs: {
    meaning: 'how many milliseconds later a request is answered that fails with a delay',
    default: '3000',
    ...number({ from: 0, to: longestLatencyMs, unit: 'milliseconds' }),
  },
  cpuMs: {
    meaning:
      'CPU time in milliseconds that each request uses; it is real work in slices, so that probes are answered meanwhile',
    default: '0',
    ...number({ from: 0, to: mostCpuMs, unit: 'milliseconds' }),
  },
  memoryMib: {
    meaning: 'memory in MiB that each request holds until it is answered',
    default: '0',
    ...number({ from: 0, to: mostMemoryMib, unit: 'MiB' }),
  },
  faultHeaders: {
    meaning: 'on: requests may ask for faults of their own with the headers x-fault-*',
    default: 'off',
    allowed: 'either on or off',
    parse: (text: string) => (text === 'on' || text === 'off' ? text : undefined),
  },
  adminToken: {
    meaning: 'bearer token for /admin, which changes faults at run time',
    isSecret: true,
    ...token,
  },
  adminTokenFromFile: {
    name: 'APP_ADMIN_TOKEN_FILE',
    meaning: 'file that holds this token; it is read at the start',
    allowed: `the path of a readable file that holds a token of ${token.allowed}`,
    parse(path: string) {
      try {
        return token.parse(readFileSync(path, 'utf8').trim());
      } catch {
        // The field error names the path and says what the file has to be.
        return undefined;
      }
    },
  },
} as const satisfies SettingTable;
