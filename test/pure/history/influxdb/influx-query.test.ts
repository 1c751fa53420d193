import { describe, expect, it } from 'vitest';
import { fillInfluxQuery } from '../../../../src/history/influxdb/influx-query.ts';

const hour = { startSeconds: 1_700_000_000, endSeconds: 1_700_003_600, intervalSeconds: 60 };

describe('a query with Grafana’s placeholders', () => {
  it('is asked for the times after the start up to the end, one row a step', () => {
    const query = 'SELECT sum("rate") FROM "requests" WHERE $timeFilter GROUP BY time($__interval)';
    expect(fillInfluxQuery(query, { ...hour, startSeconds: 1_699_999_980, endSeconds: 1_700_003_580 })).toBe(
      'SELECT sum("rate") FROM "requests" WHERE time > 1699999980000ms AND time <= 1700003580000ms GROUP BY time(60000ms, 1ns)',
    );
  });

  it('has groups that end at the end, wherever that lies', () => {
    const query = 'SELECT mean(x) FROM m WHERE $timeFilter GROUP BY TIME( $__interval ), pod';
    const filled = fillInfluxQuery(query, { ...hour, startSeconds: 999.5, endSeconds: 1059.5 });
    // 1059.5 s is 39.5 s after a whole minute.
    expect(filled).toContain('GROUP BY time(60000ms, 39500000001ns), pod');
  });

  it('fills in the interval wherever else it stands, also within another query', () => {
    const inner =
      'SELECT derivative(last(x), $__interval) AS v FROM m WHERE $timeFilter GROUP BY time($__interval)';
    const query = `SELECT sum(v) / $__interval_ms * 1000 FROM (${inner}) WHERE $timeFilter GROUP BY time($__interval)`;
    const filled = fillInfluxQuery(query, { ...hour, intervalSeconds: 300 });
    expect(filled).toContain('derivative(last(x), 300000ms)');
    expect(filled).toContain('sum(v) / 300000 * 1000');
    expect(filled).not.toContain('$');
  });

  it.each([
    ['DROP DATABASE demand', /is no SELECT/],
    ['SELECT x FROM m WHERE $timeFilter GROUP BY time($__interval); DROP DATABASE d', /only one statement/],
    [
      "SELECT x FROM m WHERE a =~ /'/ AND $timeFilter GROUP BY time($__interval) ; DROP DATABASE d --'",
      /";"/,
    ],
    ['SELECT x\nINTO other FROM m WHERE $timeFilter GROUP BY time($__interval)', /may only read/],
    ['SELECT x FROM m GROUP BY time($__interval)', /does not say \$timeFilter/],
    ['SELECT x FROM m WHERE $timeFilter GROUP BY time(1m)', /does not group by time\(\$__interval\)/],
    ['sum(rate(http_requests_total[2m]))', /is no SELECT/],
  ])('is refused when it is %s, with an example', (query, message) => {
    expect(() => fillInfluxQuery(query, hour)).toThrowError(
      expect.objectContaining({
        code: 'invalid-argument',
        message: expect.stringMatching(message),
        fieldErrors: [
          expect.objectContaining({ field: 'query', message: expect.stringContaining('write it as SELECT') }),
        ],
      }),
    );
  });
});
