import type { IncomingHttpHeaders } from 'node:http';
import type { FieldError } from '../../platform/errors.ts';
import { unknownNames } from '../../platform/setting-names.ts';
import { type Kind, number } from '../../platform/setting-values.ts';
import { readSettings, type SettingTable } from '../../platform/settings.ts';
import { errorKinds } from './error-kinds.ts';
import { type Behaviour, overridden } from './fate.ts';
import { boundedLatency, longestFaultMs } from './fault-schemas.ts';
import { mostCpuMs, mostMemoryMib } from './fault-settings.ts';
import { type LatencyDistribution, latency } from './latency-distribution.ts';

const prefix = 'x-fault-';

/** A latency distribution, or a bare number for a fixed wait. */
const shortLatency: Kind<LatencyDistribution> = {
  allowed: `milliseconds up to ${longestFaultMs}, or ${latency.allowed}`,
  parse: (text) => boundedLatency.parse(text.includes(':') ? text : `fixed:${text}`),
};

const upTo = (to: number, allowed: string) => number({ from: 0, to, allowed });

/** The faults that a single request may ask for, by header. */
export const faultHeaders = {
  'x-fault-latency': { meaning: 'time the request waits', ...shortLatency },
  'x-fault-status': { meaning: 'how the request fails', ...errorKinds },
  'x-fault-percent': {
    meaning: 'chance that x-fault-status happens',
    ...upTo(100, 'a number from 0 to 100: the chance that x-fault-status happens (default 100)'),
  },
  'x-fault-delay': {
    meaning: 'how much later the answer comes where x-fault-status is delay',
    ...upTo(longestFaultMs, `milliseconds up to ${longestFaultMs}`),
  },
  'x-fault-cpu': {
    meaning: 'CPU time the request uses',
    ...upTo(mostCpuMs, `milliseconds of CPU time up to ${mostCpuMs}`),
  },
  'x-fault-memory': {
    meaning: 'memory the request holds until it is answered',
    ...upTo(mostMemoryMib, `MiB up to ${mostMemoryMib}`),
  },
} as const satisfies SettingTable;

export type HeaderFaults =
  | { readonly kind: 'behaviour'; readonly behaviour: Behaviour }
  | { readonly kind: 'refused'; readonly fieldErrors: readonly FieldError[] };

/** The behaviour of a request with these headers: `behaviour`, in which the faults that the headers ask for take precedence. */
export function readFaultHeaders(headers: IncomingHttpHeaders, behaviour: Behaviour): HeaderFaults {
  const texts: Record<string, string> = {};
  for (const name in headers) if (name.startsWith(prefix)) texts[name] = String(headers[name]).trim();
  if (Object.keys(texts).length === 0) return { kind: 'behaviour', behaviour };
  const { values, fieldErrors } = readSettings(faultHeaders, texts);
  const unknown = unknownNames(faultHeaders, texts).map(({ name, didYouMean }) => {
    const hint = didYouMean === undefined ? '' : `; did you mean ${didYouMean}?`;
    return { field: name, message: `${name} is no header this app knows${hint}` };
  });
  const refused = [...fieldErrors, ...unknown];
  if (refused.length > 0) return { kind: 'refused', fieldErrors: refused };
  const kinds = values['x-fault-status'];
  const asked = {
    latency: values['x-fault-latency'],
    percent: values['x-fault-percent'] ?? (kinds === undefined ? undefined : 100),
    kinds,
    delayMs: values['x-fault-delay'],
    cpuMs: values['x-fault-cpu'],
    memoryMib: values['x-fault-memory'],
  };
  return { kind: 'behaviour', behaviour: overridden(behaviour, asked) };
}
