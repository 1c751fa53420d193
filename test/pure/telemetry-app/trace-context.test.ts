import { describe, expect, it } from 'vitest';
import {
  isSampled,
  newTrace,
  receivedBaggage,
  receivedTrace,
  traceHeaders,
} from '../../../src/telemetry-app/tracing/trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${spanId}-01`;
const sentOn = (headers: Record<string, string>) => {
  const received = receivedTrace(headers);
  return received === undefined ? undefined : traceHeaders(received, receivedBaggage(headers));
};

describe('a trace context', () => {
  it('goes on as it came', () => {
    const headers = { traceparent, tracestate: 'congo=t61rcWkgMzE,rojo@sys=00f067aa', baggage: 'user=7;x=1' };
    expect(sentOn(headers)).toEqual(headers);
    expect(receivedTrace(headers)).toMatchObject({ traceId, spanId, flags: '01' });
  });

  it('of a later version is read as far as this one goes, and sent on as this one', () => {
    for (const later of [`cc-${traceId}-${spanId}-01`, `cc-${traceId}-${spanId}-01-what-the-future-brings`]) {
      expect(sentOn({ traceparent: later })).toEqual({ traceparent });
    }
  });

  it.each([
    ['of version ff', `ff-${traceId}-${spanId}-01`],
    ['of version 00 with more behind it', `${traceparent}-more`],
    ['of a later version with more but no dash', `cc-${traceId}-${spanId}-01.more`],
    ['of no trace', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['of no parent', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['in capitals', traceparent.toUpperCase()],
    ['that is short', `00-${traceId.slice(1)}-${spanId}-01`],
    ['that came twice', `${traceparent}, ${traceparent}`],
    ['that is empty', ''],
    ['that is no hexadecimal', `00-${traceId.replace('4', 'g')}-${spanId}-01`],
  ])('%s is none, and takes its tracestate with it', (_, invalid) => {
    expect(receivedTrace({ traceparent: invalid, tracestate: 'a=1' })).toBeUndefined();
  });

  it('is made anew with other ids each time, valid and not sampled', () => {
    const made = Array.from({ length: 1_000 }, newTrace);
    expect(new Set(made.map((trace) => trace.traceId)).size).toBe(1_000);
    expect(new Set(made.map((trace) => trace.spanId)).size).toBe(1_000);
    for (const trace of made) expect(receivedTrace(traceHeaders(trace, undefined))).toEqual(trace);
    expect(made.some(isSampled)).toBe(false);
  });

  it('is sampled by the lowest bit of its flags alone', () => {
    const sampled = (flags: string) => isSampled({ traceId, spanId, flags });
    expect(['00', '01', '02', '03', 'fe', 'ff'].map(sampled)).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
  });
});

describe('a tracestate', () => {
  it.each([
    ['a key in capitals', 'Congo=1'],
    ['a member without a value', 'congo'],
    ['an equals sign in a value', 'a=b=c'],
    ['a control character', 'a=\u0001'],
    ['more than 32 members', Array.from({ length: 33 }, (_, i) => `k${i}=v`).join(',')],
    ['a value of more than 256 characters', `a=${'x'.repeat(257)}`],
    ['nothing in it', ' , '],
  ])('with %s is dropped, and the trace goes on', (_, tracestate) => {
    expect(sentOn({ traceparent, tracestate })).toEqual({ traceparent });
  });

  it('with 32 members and empty ones between goes on', () => {
    const members = Array.from({ length: 32 }, (_, i) => `k${i}=v`);
    expect(sentOn({ traceparent, tracestate: members.join(' ,, ') })).toEqual({
      traceparent,
      tracestate: members.join(','),
    });
  });
});

describe('a baggage', () => {
  it('goes on up to the size everyone has to carry, without a traceparent too', () => {
    const largest = `a=${'x'.repeat(8_190)}`;
    expect(receivedBaggage({ baggage: largest })).toBe(largest);
    expect(receivedBaggage({ baggage: `${largest}x` })).toBeUndefined();
    expect(receivedBaggage({})).toBeUndefined();
  });
});
