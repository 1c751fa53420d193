import { describe, expect, it } from 'vitest';
import { type K6Summary, readable, toReport } from '../../../loadtests/lib/report.ts';
import { reportHtml } from '../../../loadtests/lib/report-html.ts';
import { reportJunit } from '../../../loadtests/lib/report-junit.ts';
import { reportText } from '../../../loadtests/lib/report-text.ts';

const trend = { count: 100, min: 1, med: 12.345, 'p(95)': 480, 'p(99)': 612.4, max: 1999 };
const data: K6Summary = {
  state: { testRunDurationMs: 10_250 },
  metrics: {
    iterations: { type: 'counter', contains: 'default', values: { count: 100, rate: 10 } },
    dropped_iterations: {
      type: 'counter',
      contains: 'default',
      values: { count: 3, rate: 0.3 },
      thresholds: { 'count<=1': { ok: false } },
    },
    http_req_duration: {
      type: 'trend',
      contains: 'time',
      values: trend,
      thresholds: { 'p(95)<500': { ok: true } },
    },
    'http_req_duration{name:<b>"&}': { type: 'trend', contains: 'time', values: trend },
    'http_req_duration{name:never}': { type: 'trend', contains: 'time', values: { count: 0, med: 0 } },
    http_req_waiting: { type: 'trend', contains: 'time', values: trend },
  },
  root_group: {
    checks: [{ name: 'is <good>\u0007 & "fast"', passes: 98, fails: 2 }],
    groups: [{ checks: [{ name: 'never', passes: 0, fails: 5 }], groups: [] }],
  },
};
const run = {
  script: 'basic',
  wantedSeconds: 10,
  wantedRps: Array.from({ length: 1000 }, (_, index) => index),
  settings: new Map([['LOAD_URL', 'http://x?<script>']]),
};
const report = toReport(data, run);

describe('the report', () => {
  it('fails when a rule is broken, and says what the value was', () => {
    expect(report).toMatchObject({ passed: false, seconds: 10.25, iterations: 100, dropped: 3 });
    expect(report.rules).toEqual([
      { metric: 'dropped_iterations', rule: 'count<=1', passed: false, value: 3 },
      { metric: 'http_req_duration', rule: 'p(95)<500', passed: true, value: 480 },
    ]);
    expect(report.checks.map(({ name }) => name)).toEqual(['is <good>\u0007 & "fast"', 'never']);
    expect(report.latencies.map(({ name, p95Ms }) => [name, p95Ms])).toEqual([
      ['http_req_duration', 480],
      ['http_req_duration{name:<b>"&}', 480],
    ]);
    expect(report.wantedRps.length).toBeLessThanOrEqual(400);
  });

  it('passes when every rule holds', () => {
    const metrics = {
      ...data.metrics,
      dropped_iterations: { ...data.metrics['iterations'], thresholds: {} },
    };
    expect(toReport({ ...data, metrics } as K6Summary, run).passed).toBe(true);
  });

  it('does not pass when nothing was measured, whatever the rules say', () => {
    const nothing = toReport({ ...data, metrics: {} }, run);
    expect(nothing).toMatchObject({ passed: false, rules: [] });
    expect(reportText(nothing)).toContain('nothing was measured');
    expect(reportJunit(nothing)).toContain('<failure message="nothing was measured');
    expect(reportHtml(nothing)).toContain('nothing was measured');
  });

  it('does not pass when it was stopped, and says so, though every rule held so far', () => {
    const metrics = {
      ...data.metrics,
      dropped_iterations: { ...data.metrics['iterations'], thresholds: {} },
    };
    const stopped = toReport({ ...data, metrics } as K6Summary, { ...run, wantedSeconds: 300 });
    expect(stopped.passed).toBe(false);
    for (const text of [reportText(stopped), reportJunit(stopped), reportHtml(stopped)])
      expect(text).toContain('it was stopped: 10.3 s of 300 s were sent');
  });

  it('has no value for what never happened, where k6 has a zero', () => {
    const metrics: K6Summary['metrics'] = {
      checks: {
        type: 'rate',
        contains: 'default',
        values: { rate: 0, passes: 0, fails: 0 },
        thresholds: { 'rate>0.99': { ok: true } },
      },
      http_req_duration: {
        type: 'trend',
        contains: 'time',
        values: { 'p(95)': 0, count: 0 },
        thresholds: { 'p(95)<500': { ok: true } },
      },
      dropped_iterations: {
        type: 'counter',
        contains: 'default',
        values: { count: 0 },
        thresholds: { 'count<=1': { ok: true } },
      },
    };
    const { rules, latencies } = toReport({ ...data, metrics }, run);
    expect(rules.map(({ metric, value }) => [metric, value])).toEqual([
      ['checks', undefined],
      ['dropped_iterations', 0],
      ['http_req_duration', undefined],
    ]);
    expect(latencies).toEqual([]);
  });

  it('reads well in a terminal', () => {
    expect(
      reportText(report)
        .split('\n')
        .filter((line) => line !== ''),
    ).toEqual([
      'basic: FAILED after 10.3 s, 100 iterations, 3 dropped',
      '  latency, ms                    count  median  p95  p99   max',
      '  http_req_duration                100    12.3  480  612  1999',
      '  http_req_duration{name:<b>"&}    100    12.3  480  612  1999',
      '  check                passed  failed',
      '  is <good>\u0007 & "fast"      98       2',
      '  never                     0       5',
      '  rule                         was',
      '  dropped_iterations count<=1    3  BROKEN',
      '  http_req_duration p(95)<500  480   holds',
    ]);
  });

  it('is JUnit with a case for each rule and check, the broken ones as failures', () => {
    const xml = reportJunit(report);
    expect(xml).toContain('<testsuites tests="5" failures="2" time="10.250">');
    expect(xml).toContain(
      '<testcase classname="load.basic" name="dropped_iterations count&lt;=1"><failure message="was 3"/>',
    );
    expect(xml).toContain(
      '<testcase classname="load.basic" name="check: is &lt;good&gt; &amp; &quot;fast&quot;"/>',
    );
    expect(xml).toContain('name="check: never"><failure message="failed 5 times, passed never"/>');
  });

  it('is a page that fetches nothing, runs nothing, and takes names for what they are', () => {
    const html = reportHtml(report);
    expect(html).toContain("content=\"default-src 'none'; style-src 'unsafe-inline'\"");
    expect(html).not.toMatch(/<script|<link|<img|\bsrc=|url\(|@import|href=/);
    expect(html).toContain('http_req_duration{name:&lt;b&gt;&quot;&amp;}: median 12.3, p95 480');
    expect(html).toContain('<td>http://x?&lt;script&gt;</td>');
    expect(html).toContain('<td class="broken">broken</td>');
    expect(html).not.toContain('NaN');
  });

  it.each([
    [undefined, '–'],
    [Number.NaN, '–'],
    [0, '0'],
    [0.012345, '0.0123'],
    [12.345, '12.3'],
    [1234.5, '1235'],
    [2_000_000, '2000000'],
  ])('writes %s as %s', (value, text) => {
    expect(readable(value)).toBe(text);
  });
});
