import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../demo/final-report.ts';
import type { DemoRun } from '../../../demo/run.ts';
import { scenario } from '../../../demo/scenario.ts';

function run(
  seconds: number,
  { eventLoopMaxMs = 31, loadAverage = 1.9, errors = [] as readonly string[] } = {},
): DemoRun {
  const samples = [0, seconds].map((t) => ({ t, replicas: 1, ready: 1, demand: 8, capacity: 10, shed: 0 }));
  const fleet = (name: string, shed: number) => ({
    name,
    replicas: { min: 1, max: 10, changes: 20 },
    requests: 11_236,
    shed,
    p95Ms: shed > 0 ? 987 : 39,
    podMinutes: shed > 0 ? 23.9 : 25.96,
    scaleUps: { total: 10, aheadOfDemand: shed > 0 ? 0 : 7, shortTimeShare: shed > 0 ? 0.201 : 0 },
  });
  return {
    summary: {
      polls: 1402,
      samplesScraped: 868_246,
      seasons: ['4m', '28m'],
      fleets: [fleet('forescale', 0), fleet('reactive', 148)],
      verdict: 'reactive: 148 requests shed; Forescale: 0',
      forecast: { status: 'ok', points: 240 },
      machine: { eventLoopP99Ms: 2, eventLoopMaxMs, loadAverage, cores: 2 },
      errors,
    },
    fleets: [{ name: 'forescale', samples }],
    shiftSeconds: 5 * scenario.daySeconds,
  };
}

describe('the report at the end', () => {
  it('puts the numbers of both fleets beside each other, the reactive one first, and the verdict last', () => {
    const lines = renderReport(run(scenario.runSeconds)).split('\n');
    const line = (label: string) => lines.find((one) => one.startsWith(label));
    expect(lines[0]).toMatch(/^Tue 00:00 to Tue 19:00, in 190 s +reactive +Forescale$/);
    expect(line('requests sent')).toMatch(/ 11,236 +11,236$/);
    expect(line('rejected')).toMatch(/ 148 +0$/);
    expect(line('share rejected')).toMatch(/ 1\.3 % +0\.0 %$/);
    expect(line('p95')).toMatch(/ 987 ms +39 ms$/);
    expect(line('time with demand above')).toMatch(/ 20\.1 % +0\.0 %$/);
    expect(line('scale-ups')).toMatch(/ 0 of 10 +7 of 10$/);
    expect(line('pod-minutes')).toMatch(/ 23\.9 +26\.0$/);
    expect(lines.at(-1)).toBe('reactive: 148 requests shed; Forescale: 0');
    expect(lines.join('\n')).toContain('2 cores, load 1.9; the demo was late by 31 ms at most');
    expect(lines.join('\n')).not.toMatch(/part of the day|busy machine/);
  });

  it('has no line longer than 72 characters', () => {
    const busy = renderReport(run(60, { eventLoopMaxMs: 12_345, loadAverage: 123.4 })).split('\n');
    expect(busy.length).toBeGreaterThan(12);
    for (const line of busy) expect(line.length).toBeLessThanOrEqual(72);
  });

  it('says that a ramp is not the day, when only a part of the day ran', () => {
    expect(renderReport(run(60))).toContain('part of the day');
  });

  it('says when the machine was busy, and what went wrong', () => {
    const errors = ['reactive: a replica did not start'];
    expect(renderReport(run(scenario.runSeconds, { loadAverage: 4.2 }))).toContain('busy machine');
    const text = renderReport(run(scenario.runSeconds, { eventLoopMaxMs: 812, errors }));
    expect(text).toContain('late by 812 ms at most');
    expect(text).toContain('busy machine');
    expect(text).toContain('error: reactive: a replica did not start');
  });

  it('says no more than the verdict when it ended before it began', () => {
    const { summary, ...none } = run(0);
    expect(renderReport({ ...none, summary })).toBe(summary.verdict);
    expect(renderReport({ ...none, summary, fleets: [] })).toBe(summary.verdict);
  });
});
