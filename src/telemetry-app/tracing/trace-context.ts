import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The place of a request in its trace (W3C Trace Context, level 1 with the flags of level 2). */
export interface TraceContext {
  /** 32 hexadecimal digits, the same from one end of the chain to the other. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the span that caused this request. */
  readonly spanId: string;
  /** Two hexadecimal digits; the lowest bit, sampled, says that the caller may have recorded the request. */
  readonly flags: string;
  /** State of tracing vendors, passed on unchanged. */
  readonly tracestate?: string | undefined;
}

/** Most members a tracestate may have (W3C Trace Context §3.3.1.1). */
const maxStateMembers = 32;
/** Size of a baggage that everyone has to pass on (W3C Baggage §3.3.2); nobody has to pass on more. */
const maxBaggageBytes = 8_192;

const traceparentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** `key=value`, the key with an optional tenant before an @ (W3C Trace Context §3.3.1.3). */
const stateMemberPattern =
  /^[a-z0-9][a-z0-9_\-*/]{0,240}(@[a-z][a-z0-9_\-*/]{0,13})?=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** The trace context a request came with; undefined without a valid traceparent, in which case its tracestate is void too. */
export function receivedTrace(headers: IncomingHttpHeaders): TraceContext | undefined {
  const { traceparent } = headers;
  if (traceparent === undefined) return undefined;
  // Two traceparent headers arrive joined by a comma, which no valid traceparent contains.
  const match = traceparentPattern.exec(String(traceparent).trim());
  if (match === null) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', more] = match;
  // A later version of the format may continue after the flags; it is read as far as this version goes.
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (isZero(traceId) || isZero(spanId)) return undefined;
  return { traceId, spanId, flags, tracestate: validState(headers['tracestate']) };
}

/** A trace that begins at this app. It is not sampled, since this app records nothing of it (W3C Trace Context §3.2.2.5.1). */
export function newTrace(): TraceContext {
  const digits = randomBytes(24).toString('hex');
  return { traceId: digits.slice(0, 32), spanId: digits.slice(32), flags: '00' };
}

export function isSampled({ flags }: TraceContext): boolean {
  return (Number.parseInt(flags, 16) & 1) === 1;
}

/** The baggage of a request; undefined where it is larger than anyone has to pass on. */
export function receivedBaggage(headers: IncomingHttpHeaders): string | undefined {
  const baggage = headers['baggage'];
  return typeof baggage === 'string' && baggage.length <= maxBaggageBytes ? baggage : undefined;
}

/** The headers that make a request part of the trace. */
export function traceHeaders(context: TraceContext, baggage: string | undefined): Record<string, string> {
  const { traceId, spanId, flags, tracestate } = context;
  return {
    traceparent: `00-${traceId}-${spanId}-${flags}`,
    ...(tracestate === undefined ? {} : { tracestate }),
    ...(baggage === undefined ? {} : { baggage }),
  };
}

/** The tracestate if every member of it is valid, else undefined: a part of it could be taken for the whole. */
function validState(value: string | string[] | undefined): string | undefined {
  const text = Array.isArray(value) ? value.join(',') : (value ?? '');
  const members = text
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  if (members.length === 0 || members.length > maxStateMembers) return undefined;
  return members.every((member) => stateMemberPattern.test(member)) ? members.join(',') : undefined;
}

function isZero(digits: string): boolean {
  return /^0+$/.test(digits);
}
