import type { IncomingHttpHeaders } from 'node:http';
import { closestName } from '../../platform/closest-name.ts';
import type { FieldError } from '../../platform/errors.ts';
import { parseNumber } from '../setting.ts';
import { withFaults } from './active-faults.ts';
import { errorKindsAllowed, parseErrorKinds } from './error-kinds.ts';
import type { Behaviour } from './fate.ts';
import { longestFaultMs } from './fault-schemas.ts';
import { mostCpuMs, mostMemoryMib } from './fault-settings.ts';
import { latencyAllowed, longestWaitMs, parseLatency } from './latency-distribution.ts';

const prefix = 'x-fault-';

interface FaultHeader {
  /** As a sentence goes on after "must be". */
  readonly allowed: string;
  readonly isAllowed: (text: string) => boolean;
}

/** What a single request may ask to suffer, by header. */
export const faultHeaders = {
  'x-fault-latency': {
    allowed: `milliseconds up to ${longestFaultMs}, or ${latencyAllowed}`,
    isAllowed: (text) => {
      const latency = parseLatency(latencyText(text));
      return latency !== undefined && longestWaitMs(latency) <= longestFaultMs;
    },
  },
  'x-fault-status': {
    allowed: errorKindsAllowed,
    isAllowed: (text) => parseErrorKinds(text) !== undefined,
  },
  'x-fault-percent': {
    allowed: 'a number from 0 to 100: the chance that x-fault-status happens (default 100)',
    isAllowed: (text) => parseNumber(text, 0, 100) !== undefined,
  },
  'x-fault-delay': {
    allowed: `milliseconds up to ${longestFaultMs}: how much later the answer is of an x-fault-status that is delay`,
    isAllowed: (text) => parseNumber(text, 0, longestFaultMs) !== undefined,
  },
  'x-fault-cpu': {
    allowed: `milliseconds of CPU time up to ${mostCpuMs}`,
    isAllowed: (text) => parseNumber(text, 0, mostCpuMs) !== undefined,
  },
  'x-fault-memory': {
    allowed: `MiB up to ${mostMemoryMib}`,
    isAllowed: (text) => parseNumber(text, 0, mostMemoryMib) !== undefined,
  },
} as const satisfies Record<`${typeof prefix}${string}`, FaultHeader>;

type HeaderName = keyof typeof faultHeaders;

export type HeaderFaults =
  | { readonly kind: 'behaviour'; readonly behaviour: Behaviour }
  | { readonly kind: 'refused'; readonly fieldErrors: readonly FieldError[] };

/** What a request with these headers is to suffer: `behaviour`, with what they say in its place. */
export function readFaultHeaders(headers: IncomingHttpHeaders, behaviour: Behaviour): HeaderFaults {
  const given: Partial<Record<HeaderName, string>> = {};
  const fieldErrors: FieldError[] = [];
  let isAny = false;
  for (const field in headers) {
    if (!field.startsWith(prefix)) continue;
    isAny = true;
    const value = String(headers[field]).trim();
    if (!isHeaderName(field)) fieldErrors.push(unknownHeader(field));
    else if (faultHeaders[field].isAllowed(value)) given[field] = value;
    else
      fieldErrors.push({
        field,
        value,
        message: `${field} is "${value}" but must be ${faultHeaders[field].allowed}`,
      });
  }
  if (fieldErrors.length > 0) return { kind: 'refused', fieldErrors };
  return { kind: 'behaviour', behaviour: isAny ? asAsked(behaviour, given) : behaviour };
}

function asAsked(behaviour: Behaviour, given: Partial<Record<HeaderName, string>>): Behaviour {
  const number = (name: HeaderName) => (given[name] === undefined ? undefined : Number(given[name]));
  const latency = given['x-fault-latency'];
  const kinds = given['x-fault-status'];
  const percent = number('x-fault-percent') ?? (kinds === undefined ? undefined : 100);
  const cpuMs = number('x-fault-cpu');
  const memoryMib = number('x-fault-memory');
  const delayMs = number('x-fault-delay');
  return withFaults(behaviour, {
    ...(latency === undefined ? {} : { latency: latencyText(latency) }),
    errors: {
      percent: percent ?? behaviour.errors.percent,
      ...(kinds === undefined ? {} : { kinds }),
      ...(delayMs === undefined ? {} : { delayMs }),
    },
    ...(cpuMs === undefined ? {} : { cpuMs }),
    ...(memoryMib === undefined ? {} : { memoryMib }),
  });
}

/** A bare number is a fixed wait. */
function latencyText(text: string): string {
  return text.includes(':') ? text : `fixed:${text}`;
}

function isHeaderName(name: string): name is HeaderName {
  return Object.hasOwn(faultHeaders, name);
}

function unknownHeader(field: string): FieldError {
  const near = closestName(field, Object.keys(faultHeaders));
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return { field, message: `${field} is no header this app knows${hint}` };
}
