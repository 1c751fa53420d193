import { describe, expect, it } from 'vitest';
import { askedSeries } from '../../../../bench/scale/source/asked-series.ts';
import { createAskingRecord } from '../../../../bench/scale/source/asking-record.ts';
import { countAt, curves, demandAt } from '../../../../bench/scale/source/made-demand.ts';
import { countQueries } from '../../../../bench/scale/source/query-counts.ts';
import { triggersOf } from '../../../../bench/scale/triggers.ts';
import { createPromqlJoints } from '../../../../src/history/prometheus/joint/promql-joints.ts';

describe('the stand-in source', () => {
  it('answers each query of a trigger with one series without labels', () => {
    const [{ ref, app } = { ref: undefined, app: undefined }] = triggersOf({
      ...{ workloads: 3, shapes: 2, history: '1d' },
    });
    expect(app).toBe('shop-0');
    expect(askedSeries(ref?.scalerMetadata?.['query'] ?? '')).toEqual([{ app, labels: {} }]);
  });

  it('answers a query about several workloads with a series of each', () => {
    expect(askedSeries('sum by (app) (rate(requests_0_total{app=~"shop-1|shop-7"}[2m]))')).toEqual([
      { app: 'shop-1', labels: { app: 'shop-1' } },
      { app: 'shop-7', labels: { app: 'shop-7' } },
    ]);
  });

  it('answers queries that are asked together so that each finds its own', () => {
    const plan = { workloads: 7, shapes: 3, history: '1d' };
    const queries = triggersOf(plan).map(({ ref }) => ref.scalerMetadata?.['query'] ?? '');
    const [joint] = createPromqlJoints().compose(queries, { mostMembers: 200, mostBytes: 12_000 });
    const asked = askedSeries(joint?.query ?? '');
    expect(asked.map(({ labels }) => joint?.membersOf(labels).length)).toEqual(asked.map(() => 1));
    expect(
      asked.map(({ app, labels }) => joint?.members[joint.membersOf(labels)[0] ?? -1]?.includes(`"${app}"`)),
    ).toEqual(queries.map(() => true));
  });

  it('writes counters whose rate is the demand', () => {
    for (let curve = 0; curve < curves; curve++) {
      for (const t of [1_780_000_000, 1_780_040_000, 1_780_081_234]) {
        const rate = (countAt(curve, t + 0.5) - countAt(curve, t - 0.5)) / 1;
        expect(Math.abs(rate - demandAt(curve, t))).toBeLessThan(0.01);
      }
    }
  });
});

describe('the record of what a source is asked', () => {
  it('counts queries and the time between two about the same workload, and begins anew with each look', () => {
    let now = 0;
    const record = createAskingRecord(() => now);
    for (const [seconds, ...apps] of [
      [0, 'a', 'b'],
      [10, 'a'],
      [12, 'b'],
      [22, 'a', 'b'],
    ] as const) {
      now = seconds;
      record.noteInstant(apps);
    }
    record.noteRange();
    expect(record.look()).toEqual({
      ...{ instantQueries: 4, rangeQueries: 1, gapP99Seconds: 12 },
    });
    now = 52;
    record.noteInstant(['a']);
    expect(record.look()).toMatchObject({ instantQueries: 1, rangeQueries: 0, gapP99Seconds: 30 });
    expect(record.look().gapP99Seconds).toBeNaN();
  });

  it('reads the counters of Prometheus and VictoriaMetrics', () => {
    const prometheus = [
      'prometheus_http_requests_total{code="200",handler="/api/v1/query"} 7',
      'prometheus_http_requests_total{code="422",handler="/api/v1/query"} 2',
      'prometheus_http_requests_total{code="200",handler="/api/v1/query_range"} 3',
      'prometheus_http_requests_total{code="200",handler="/metrics"} 40',
    ].join('\n');
    expect(countQueries(prometheus)).toEqual({ instantQueries: 9, rangeQueries: 3 });
    const victoria = [
      'vm_http_requests_total{path="/api/v1/query"} 5',
      'vm_http_requests_total{path="/api/v1/query_range"} 1',
      'vm_http_requests_total{path="/api/v1/query_exemplars"} 8',
    ].join('\n');
    expect(countQueries(victoria)).toEqual({ instantQueries: 5, rangeQueries: 1 });
  });
});
