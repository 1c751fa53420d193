import { describe, expect, it } from 'vitest';
import { boundParts, servedParts } from '../../../src/api/answers/served-parts.ts';
import type { ServedDecision } from '../../../src/forecast/index.ts';
import { decodeChunk, encodeChunk } from '../../../src/scaler/record/chunk/chunk.ts';
import { type Made, playTrace, readTrace } from '../../pure/scaler/record/recorded-week.ts';
import { isLongForm } from '../../support/long-form.ts';
import { traceNames, tracePath } from '../../support/traces.ts';

const daySeconds = 86_400;
const weekSeconds = 7 * daySeconds;
/** Decisions of two hours: what is written together. */
const together = 720;
/** A week of one and a day of three others; in the long form a week of every trace that is here. */
const traces = isLongForm
  ? traceNames().map((name) => [name, weekSeconds] as const)
  : ([
      ['svc-ms-mongo-app-02-1m', weekSeconds],
      ['cloud-crane-06-1m', daySeconds],
      ['llm-servegen-small-31-10m', daySeconds],
      ['demand-nyc-taxi-a-30m', daySeconds],
    ] as const);
/** Replicas that the mean demand asks for. */
const meanReplicas = 8;
/** A quarter of an hour in each three hours nothing is observed. */
const isBlindAt = (seconds: number) => seconds % 10_800 < 900;

function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

const sumOf = (parts: readonly { readonly value: number }[]) =>
  parts.reduce((sum, { value }) => sum + value, 0);

describe.each(traces)('a record of %s, %i s', (name, lastSeconds) => {
  it('has parts that add up to what was served, and to the bound that it was made with', () => {
    const path = tracePath(name);
    if (path === undefined) throw new Error(`no trace ${name}`);
    const trace = readTrace(path);
    const seen = { decisions: 0, withBound: 0, bases: new Set<string>() };
    let waiting: Made[] = [];
    const check = () => {
      const rows = decodeChunk(
        encodeChunk(
          waiting.map(({ noted }) => noted),
          0,
        ),
      );
      for (const [index, { decision }] of rows.entries()) {
        const served = waiting[index]?.served;
        if (decision.kind !== 'served' || served === undefined) throw new Error('nothing was served');
        judge(decision, served, seen);
      }
      waiting = [];
    };
    playTrace(trace, { lastSeconds, threshold: meanOf(trace.values) / meanReplicas, isBlindAt }, (made) => {
      waiting.push(made);
      if (waiting.length === together) check();
    });
    check();
    // A decision every ten seconds after each row; some traces have rows in office hours only.
    const from = (trace.timestamps.at(-1) ?? 0) - lastSeconds;
    const rows = trace.timestamps.filter((t) => t >= from).length;
    expect(seen.decisions).toBeGreaterThan((rows * trace.stepSeconds) / 11);
    expect(seen.withBound).toBeGreaterThan(seen.decisions / 2);
    expect(seen.bases.size).toBeGreaterThan(1);
  });
});

function judge(
  decision: ServedDecision,
  served: Made['served'],
  seen: { decisions: number; withBound: number; bases: Set<string> },
): void {
  // Thousands of comparisons: each fails with what was compared.
  const differs = (what: string, a: number, b: number) => {
    const allowed = 1e-9 * Math.max(1, Math.abs(b));
    if (!(Math.abs(a - b) <= allowed)) throw new Error(`${what}: ${a} is not ${b} at ${served.atSeconds}`);
  };
  differs('signal', decision.signal, served.signal);
  differs('time', decision.atSeconds, served.atSeconds);
  const parts = servedParts(decision);
  differs('parts', sumOf(parts), served.signal);
  if (decision.basis !== served.basis) throw new Error(`${decision.basis} is not ${served.basis}`);
  const isHeld = parts.some(({ name, value }) => name === 'held' && value !== 0);
  if (isHeld && served.basis !== 'last-good') throw new Error(`held at ${served.atSeconds}`);
  const bound = boundParts(decision);
  if (bound.length > 0) {
    differs('bound', sumOf(bound), decision.predictedPeak ?? Number.NaN);
    seen.withBound++;
  }
  seen.decisions++;
  seen.bases.add(served.basis);
}
