import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import type { Scenario } from './no-harm/scenario.ts';
import type { DemandShape } from './no-harm/virtual-demand.ts';
import { createVirtualReplica } from './no-harm/virtual-replica.ts';
import { createWorld, queryName } from './no-harm/world.ts';

const day = 86_400;
const midnight = 1_772_582_400;
/** The nights of this shape end at 40 % of the day, and then there is nearly the whole demand at once. */
const loadSeconds = midnight + 0.4 * day;
const leadSeconds = 600;
/** The decision window is the lead time, half of the rate window and four intervals; the grid has steps of five minutes. */
const latestSeconds = leadSeconds;
const earliestSeconds = leadSeconds + 30 + 70 + 2 * 300;

const demand: DemandShape = {
  kind: 'nights of zero',
  level: 50,
  noise: 0.1,
  glitchShare: 0,
  glitchValue: 0,
  salt: 1,
  emptyIsZero: false,
};
const scenario: Scenario = {
  scale: { stepSeconds: 300, seasonSeconds: day, historySeconds: 10 * day, metadata: {} },
  startSeconds: loadSeconds - 3600,
  demands: [demand],
  workloads: [],
  hpas: [],
  companion: 'twin',
  gaps: [],
  sourceEpisodes: [],
  modelEpisodes: [],
  calendarEpisodes: [],
  events: [],
};

it('wakes an external-push workload from zero by its lead time before the load, and tells KEDA at once', async () => {
  const world = createWorld(scenario);
  const replica = createVirtualReplica(world);
  const scalerMetadata = {
    query: queryName(0),
    threshold: '10',
    leadTime: `${leadSeconds}s`,
    queryStep: '5m',
    historyTimeWindow: '10d',
  };
  const ref = { namespace: 'left', name: 'sleeper', scalerMetadata };
  await replica.welcome([ref]);

  const said: { readonly beforeLoad: number; readonly active: boolean }[] = [];
  const call = Object.assign(new EventEmitter(), {
    request: ref,
    write: ({ result }: { readonly result: boolean }) =>
      said.push({ beforeLoad: loadSeconds - world.trueSeconds, active: result }),
    end: () => undefined,
  });
  const push = replica.handlers['StreamIsActive'] as (stream: unknown) => void;
  push(call);
  // The stream says the state of now before time goes on.
  await new Promise((resolve) => setImmediate(resolve));
  while (world.trueSeconds < loadSeconds + 60) {
    world.trueSeconds += 30;
    world.clockSeconds += 30;
    await replica.refresh();
  }
  call.emit('cancelled');

  expect(said.map(({ active }) => active)).toEqual([false, true]);
  expect(said[1]?.beforeLoad).toBeGreaterThanOrEqual(latestSeconds);
  expect(said[1]?.beforeLoad).toBeLessThanOrEqual(earliestSeconds);
  // A stream that has ended is told nothing more.
  const before = said.length;
  world.trueSeconds += 12 * 3600;
  world.clockSeconds += 12 * 3600;
  await replica.refresh();
  expect(said).toHaveLength(before);
});
