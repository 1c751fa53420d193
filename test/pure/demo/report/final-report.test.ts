import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../../demo/report/final-report.ts';
import { htmlReport } from '../../../../demo/report/html-report.ts';
import { scenario } from '../../../../demo/scenario.ts';
import { runOf } from './demo-run.ts';

describe('the report at the end', () => {
  it('puts the numbers of both fleets beside each other, the reactive one first, and the verdict last', () => {
    const lines = renderReport(runOf(scenario.runSeconds)).split('\n');
    const line = (label: string) => lines.find((one) => one.startsWith(label));
    expect(lines[0]).toMatch(/^Tue 00:00 to Tue 19:00, in 190 s +reactive +Forescale$/);
    expect(line('requests sent')).toMatch(/ 11,236 +11,236$/);
    expect(line('rejected')).toMatch(/ 148 +0$/);
    expect(line('share rejected')).toMatch(/ 1\.3 % +0\.0 %$/);
    expect(line('p95')).toMatch(/ 987 ms +39 ms$/);
    expect(line('time with demand above')).toMatch(/ 20\.1 % +0\.0 %$/);
    expect(line('scale-ups')).toMatch(/ 0 of 10 +7 of 10$/);
    expect(line('pod-minutes')).toMatch(/ 23\.9 +26\.0$/);
    expect(line('replica-hours')).toMatch(/ 143\.4 +155\.8$/);
    expect(lines.at(-2)).toBe('reactive: 148 requests shed; Forescale: 0');
    expect(lines.at(-1)).toBe('At 0.05 per replica-hour: reactive 7.17, Forescale 7.79; 0.62 more.');
    expect(lines.join('\n')).toContain('2 cores, load 1.9; the demo was late by 31 ms at most');
    expect(lines.join('\n')).not.toMatch(/part of the day|busy machine/);
  });

  it('has no line longer than 72 characters', () => {
    const busy = renderReport(runOf(60, { eventLoopMaxMs: 12_345, loadAverage: 123.4 })).split('\n');
    expect(busy.length).toBeGreaterThan(12);
    for (const line of busy) expect(line.length).toBeLessThanOrEqual(72);
  });

  it('withholds the comparison on a machine that was too busy, in the terminal and in the page of one file', () => {
    const busy = runOf(scenario.runSeconds, {
      withheld: 'this machine was too busy: 15.2 processes',
      errors: ['x'],
    });
    for (const text of [renderReport(busy), htmlReport(busy)]) {
      expect(text).toContain('The comparison is withheld: this machine was too busy: 15.2 processes.');
      expect(text).not.toMatch(/148|987 ms|pod-minutes|per replica-hour/);
    }
  });

  it('is also a page of one file, which loads and runs nothing and has the simulated time on its axes', () => {
    const page = htmlReport(runOf(scenario.runSeconds));
    expect(page).toContain('reactive: 148 requests shed; Forescale: 0');
    expect(page).toContain('At 0.05 per replica-hour');
    expect(page).toContain('<td>987 ms</td><td>39 ms</td>');
    expect(page).toMatch(/<text[^>]*>06:00<\/text>/);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });

  it('says that a ramp is not the day, when only a part of the day ran', () => {
    expect(renderReport(runOf(60))).toContain('part of the day');
  });

  it('says when the machine was busy, and what went wrong', () => {
    const errors = ['reactive: a replica did not start'];
    expect(renderReport(runOf(scenario.runSeconds, { loadAverage: 4.2 }))).toContain('busy machine');
    const text = renderReport(runOf(scenario.runSeconds, { eventLoopMaxMs: 812, errors }));
    expect(text).toContain('late by 812 ms at most');
    expect(text).toContain('busy machine');
    expect(text).toContain('error: reactive: a replica did not start');
  });

  it('says no more than the verdict when it ended before it began', () => {
    const { summary, ...none } = runOf(0);
    expect(renderReport({ ...none, summary })).toBe(summary.verdict);
    expect(renderReport({ ...none, summary, fleets: [] })).toBe(summary.verdict);
  });
});
