import { createKedaSim } from '../../../src/keda-sim/index.ts';
import type { KedaSimEvent } from '../../../src/keda-sim/timeline.ts';
import { eventually } from '../../support/eventually.ts';
import { startServeProcess } from '../serve-process.ts';
import { createQuickClock, createQuickTimers, type QuickTime, quickEnvironment } from './quick-clock.ts';

/** A workload as its two ScaledObjects have it. */
export interface PlayedWorkload {
  readonly query: string;
  readonly target: number;
  readonly startUpSeconds: number;
}

interface DayOptions extends PlayedWorkload {
  readonly time: QuickTime;
  readonly untilSeconds: number;
  readonly initialReplicas: (fleet: PlayedFleet['name']) => number;
}

/** What KEDA and the HPA did with one ScaledObject. */
export interface PlayedFleet {
  readonly name: 'forescale' | 'reactive';
  readonly events: readonly KedaSimEvent[];
  /** Since the forecast was ready: a server that has just started has observed nothing yet. */
  readonly failedPolls: number;
  readonly lastFailure: string | undefined;
}

/**
 * A real `forescale serve` on a real Prometheus, and KEDA and the HPA asking it over gRPC with the periods they have in a cluster, until
 * `untilSeconds`. Time passes for all of them as quickly as `time` says.
 */
export async function playDay(
  prometheusUrl: string,
  options: DayOptions,
): Promise<{ readonly readySeconds: number; readonly fleets: readonly PlayedFleet[] }> {
  const { time, untilSeconds } = options;
  const clock = createQuickClock(time);
  const server = await startServeProcess(prometheusUrl, { env: quickEnvironment(time) });
  const sims = (['forescale', 'reactive'] as const).map((name) => playOne(name, options, server.grpcPort));
  try {
    for (const { sim } of sims) sim.start();
    await eventually(
      async () => (await fetch(`${server.httpUrl}/api/v1/workloads/shop/forescale/forecast`)).text(),
      (text) => text.includes('"status":"ok"'),
    );
    const readySeconds = clock();
    const failedBefore = sims.map(({ sim }) => sim.state().failedPolls);
    await createQuickTimers(time).wait(untilSeconds - readySeconds, new AbortController().signal);
    return {
      readySeconds,
      fleets: sims.map(({ name, events, sim }, index) => {
        const { failedPolls, lastFailure } = sim.state();
        return {
          ...{ name, events, lastFailure: lastFailure?.message },
          failedPolls: failedPolls - (failedBefore[index] ?? 0),
        };
      }),
    };
  } finally {
    await Promise.all(sims.map(({ sim }) => sim.stop()));
    await server.stop();
  }
}

/** The HPA that each has: the short hold that is recommended beside a forecast, and the one without behaviour. */
function playOne(
  name: PlayedFleet['name'],
  { query, target, startUpSeconds, initialReplicas, time }: DayOptions,
  grpcPort: number,
) {
  const isOurs = name === 'forescale';
  const events: KedaSimEvent[] = [];
  const metadata = {
    query,
    threshold: String(target),
    leadTime: `${startUpSeconds}s`,
    // The observed demand as it is, as KEDA's own trigger gives it.
    ...(isOurs ? {} : { mode: 'reactive', hpaTolerance: '0' }),
  };
  const sim = createKedaSim({
    scaler: `127.0.0.1:${grpcPort}`,
    scaledObject: { namespace: 'shop', name, metadata },
    minReplicas: 1,
    initialReplicas: initialReplicas(name),
    startUpSeconds,
    ...(isOurs ? { behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } } : {}),
    clock: createQuickClock(time),
    timers: createQuickTimers(time),
    onEvent: (event) => events.push(event),
  });
  return { name, events, sim };
}
