import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CalendarEvent } from '../../../../src/forecast/index.ts';
import { directoryOf, modelOf, nowSeconds, taught, workloadOf } from '../fixture.ts';
import { openPromClient, type PromClient } from './client.ts';

const hour = 3_600;
const event = (name: string, fromHour: number, hours: number): CalendarEvent => ({
  ...{ name, kind: name, effect: { type: 'learned' } },
  startSeconds: nowSeconds + fromHour * hour,
  endSeconds: nowSeconds + (fromHour + hours) * hour,
});
const many = Array.from({ length: 30 }, (_, index) => event(`Day ${index}`, 100 + index, 1));
const events = [event('Load test', -5, 2), event('Sale', -1, 4), event('Sale', 10, 1), ...many];

let client: PromClient;
beforeAll(async () => {
  const workload = workloadOf(modelOf(taught(2), { events: () => events }));
  client = await openPromClient({ directory: directoryOf([workload]) });
});
afterAll(() => client.app.close());

/** Hours from now at which a query has values, by event. */
async function hoursOf(query: string, from: number, to: number) {
  const range = { query, start: nowSeconds + from * hour, end: nowSeconds + to * hour, step: '30m' };
  const { data, warnings } = await client.get('query_range', range);
  const found = (data?.result ?? []).map(({ metric, values }) => {
    expect(values.every(([, value]) => value === '1')).toBe(true);
    return [metric['event'], values.map(([t]) => (t - nowSeconds) / hour)];
  });
  return { found: Object.fromEntries(found), warnings };
}

describe('forescale_event', () => {
  it('is there while an event takes place, in the past and in the future', async () => {
    const { found } = await hoursOf('max by (event) (forescale_event{namespace="shop"})', -6, 12);
    expect(found).toEqual({
      'Load test': [-5, -4.5, -4, -3.5],
      Sale: [-1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 10, 10.5],
    });
  });

  it('is nothing where there is no event, and can be chosen by name', async () => {
    expect((await hoursOf('forescale_event', 5, 9)).found).toEqual({});
    expect(Object.keys((await hoursOf('forescale_event{event="Sale"}', -6, 12)).found)).toEqual(['Sale']);
  });

  it('tells of twenty names in one span, and says that there are more', async () => {
    const { found, warnings } = await hoursOf('forescale_event', 99, 140);
    expect(Object.keys(found)).toHaveLength(20);
    expect(warnings).toEqual([expect.stringContaining('has events of 30 names in this time')]);
  });
});
