import type { IncomingHttpHeaders } from 'node:http';
import { unknownNames } from '../../platform/setting-names.ts';
import { type Kind, number } from '../../platform/setting-values.ts';
import { readSettings, type SettingTable } from '../../platform/settings.ts';
import { errorKinds } from '../faults/error-kinds.ts';
import { type Behaviour, overridden } from '../faults/fate.ts';
import { boundedLatency, longestFaultMs } from '../faults/fault-schemas.ts';
import { mostCpuMs, mostMemoryMib } from '../faults/fault-settings.ts';
import { type LatencyDistribution, latency } from '../faults/latency-distribution.ts';
import { Problem } from './problem.ts';

const prefix = 'x-fault-';

/** A latency distribution, or a bare number for a fixed wait. */
const shortLatency: Kind<LatencyDistribution> = {
  allowed: `milliseconds up to ${longestFaultMs}, or ${latency.allowed}`,
  parse: (text) => boundedLatency.parse(text.includes(':') ? text : `fixed:${text}`),
};

const upTo = (to: number, allowed: string) => number({ from: 0, to, allowed });

/** The faults that a single request may ask for, by header. */
export const faultHeaders = {
  latency: { name: 'x-fault-latency', meaning: 'time the request waits', ...shortLatency },
  kinds: { name: 'x-fault-status', meaning: 'how the request fails', ...errorKinds },
  percent: {
    name: 'x-fault-percent',
    meaning: 'chance that x-fault-status happens',
    ...upTo(100, 'a number from 0 to 100: the chance that x-fault-status happens (default 100)'),
  },
  delayMs: {
    name: 'x-fault-delay',
    meaning: 'how much later the answer comes where x-fault-status is delay',
    ...upTo(longestFaultMs, `milliseconds up to ${longestFaultMs}`),
  },
  cpuMs: {
    name: 'x-fault-cpu',
    meaning: 'CPU time the request uses',
    ...upTo(mostCpuMs, `milliseconds of CPU time up to ${mostCpuMs}`),
  },
  memoryMib: {
    name: 'x-fault-memory',
    meaning: 'memory the request holds until it is answered',
    ...upTo(mostMemoryMib, `MiB up to ${mostMemoryMib}`),
  },
} as const satisfies SettingTable;

/**
 * The behaviour of a request with these headers: `behaviour`, in which the faults that the headers ask for take precedence.
 * Throws a `Problem` that names every header that is wrong.
 */
export function readFaultHeaders(headers: IncomingHttpHeaders, behaviour: Behaviour): Behaviour {
  const texts: Record<string, string> = {};
  for (const name in headers) if (name.startsWith(prefix)) texts[name] = String(headers[name]).trim();
  if (Object.keys(texts).length === 0) return behaviour;
  const { values: asked, fieldErrors } = readSettings(faultHeaders, texts);
  const unknown = unknownNames(faultHeaders, texts).map(({ name, didYouMean }) => {
    const hint = didYouMean === undefined ? '' : `; did you mean ${didYouMean}?`;
    return { field: name, message: `${name} is no header this app knows${hint}` };
  });
  const wrong = [...fieldErrors, ...unknown];
  if (wrong.length > 0) throw new Problem('bad-fault-headers', { faults: wrong });
  return overridden(behaviour, { ...asked, percent: asked.percent ?? (asked.kinds && 100) });
}
