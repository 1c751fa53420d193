import type { IncomingHttpHeaders } from 'node:http';
import type { FieldError } from '../../platform/errors.ts';
import { unknownNames } from '../../platform/setting-names.ts';
import { type Kind, number } from '../../platform/setting-values.ts';
import { readSettings, type SettingTable, type SettingValues } from '../../platform/settings.ts';
import { errorKinds } from './error-kinds.ts';
import type { Behaviour } from './fate.ts';
import { longestFaultMs } from './fault-schemas.ts';
import { mostCpuMs, mostMemoryMib } from './fault-settings.ts';
import { type LatencyDistribution, latency, longestWaitMs } from './latency-distribution.ts';

const prefix = 'x-fault-';

/** A latency distribution, or a bare number for a fixed wait. */
const shortLatency: Kind<LatencyDistribution> = {
  allowed: `milliseconds up to ${longestFaultMs}, or ${latency.allowed}`,
  parse(text) {
    const distribution = latency.parse(text.includes(':') ? text : `fixed:${text}`);
    return distribution !== undefined && longestWaitMs(distribution) <= longestFaultMs
      ? distribution
      : undefined;
  },
};

const millisecondsUpTo = (longest: number, allowed: string) => number({ from: 0, to: longest, allowed });

/** The faults that a single request may ask for, by header. */
export const faultHeaders = {
  'x-fault-latency': { meaning: 'time the request waits', ...shortLatency },
  'x-fault-status': { meaning: 'how the request fails', ...errorKinds },
  'x-fault-percent': {
    meaning: 'chance that x-fault-status happens',
    ...number({
      from: 0,
      to: 100,
      allowed: 'a number from 0 to 100: the chance that x-fault-status happens (default 100)',
    }),
  },
  'x-fault-delay': {
    meaning: 'how much later the answer comes where x-fault-status is delay',
    ...millisecondsUpTo(
      longestFaultMs,
      `milliseconds up to ${longestFaultMs}: how much later the answer comes where x-fault-status is delay`,
    ),
  },
  'x-fault-cpu': {
    meaning: 'CPU time the request uses',
    ...millisecondsUpTo(mostCpuMs, `milliseconds of CPU time up to ${mostCpuMs}`),
  },
  'x-fault-memory': {
    meaning: 'memory the request holds until it is answered',
    ...number({ from: 0, to: mostMemoryMib, allowed: `MiB up to ${mostMemoryMib}` }),
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
  return { kind: 'behaviour', behaviour: withHeaders(behaviour, values) };
}

function withHeaders(behaviour: Behaviour, asked: SettingValues<typeof faultHeaders>): Behaviour {
  const { percent, kinds, delayMs } = behaviour.errors;
  const askedKinds = asked['x-fault-status'];
  return {
    latency: asked['x-fault-latency'] ?? behaviour.latency,
    errors: {
      percent: asked['x-fault-percent'] ?? (askedKinds === undefined ? percent : 100),
      kinds: askedKinds ?? kinds,
      delayMs: asked['x-fault-delay'] ?? delayMs,
    },
    cpuMs: asked['x-fault-cpu'] ?? behaviour.cpuMs,
    memoryMib: asked['x-fault-memory'] ?? behaviour.memoryMib,
  };
}
