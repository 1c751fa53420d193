import { setImmediate as nextTurn } from 'node:timers/promises';
import { sum } from 'simple-statistics';
import type { ScalerConnection, ScalerRpc } from '../../../src/keda-sim/connection.ts';
import { createKedaSim, type KedaSimOptions } from '../../../src/keda-sim/keda-sim.ts';
import type { Timers } from '../../../src/keda-sim/timers.ts';

type Settings = Pick<KedaSimOptions, 'pollingIntervalSeconds' | 'useCachedMetrics' | 'push'>;

/** Calls about one trigger, by RPC, in a minute. */
export interface CallsPerMinute {
  readonly what: string;
  readonly calls: Readonly<Record<ScalerRpc, number>>;
  readonly together: number;
}

const played: readonly (Settings & { readonly what: string })[] = [
  { what: 'as it comes' },
  { what: '`pollingInterval: 60`', pollingIntervalSeconds: 60 },
  { what: '`useCachedMetrics: true`', useCachedMetrics: true },
  { what: 'both', pollingIntervalSeconds: 60, useCachedMetrics: true },
  { what: '`type: external-push`', push: true },
  {
    what: '`external-push`, cached, `pollingInterval: 300`',
    pollingIntervalSeconds: 300,
    useCachedMetrics: true,
    push: true,
  },
];

const playedMinutes = 120;
/** Turns of the event loop in which what a moment begins comes to rest. */
const turnsPerMoment = 5;

/** Plays KEDA and the HPA with each setting for two hours of virtual time, and counts what they call. */
export async function countKedaCalls(): Promise<readonly CallsPerMinute[]> {
  const counted: CallsPerMinute[] = [];
  for (const { what, ...settings } of played) counted.push({ what, ...(await countCalls(settings)) });
  return counted;
}

async function countCalls(settings: Settings): Promise<Omit<CallsPerMinute, 'what'>> {
  const time = virtualTime();
  const connection = countingConnection();
  const sim = createKedaSim({
    ...settings,
    scaler: connection,
    scaledObject: { namespace: 'shop', name: 'web', metadata: {} },
    clock: time.nowSeconds,
    timers: time.timers,
  });
  sim.start();
  // What comes once, at the start, is no cost of a minute.
  await time.pass(600);
  const before = { ...connection.calls };
  await time.pass(60 * playedMinutes);
  const perMinute = (rpc: ScalerRpc) => (connection.calls[rpc] - before[rpc]) / playedMinutes;
  const calls = {
    GetMetricSpec: perMinute('GetMetricSpec'),
    GetMetrics: perMinute('GetMetrics'),
    IsActive: perMinute('IsActive'),
    StreamIsActive: perMinute('StreamIsActive'),
  };
  await sim.stop();
  return { calls, together: sum(Object.values(calls)) };
}

/** A scaler whose workload is steady and active. */
function countingConnection(): ScalerConnection {
  const calls = { GetMetricSpec: 0, GetMetrics: 0, IsActive: 0, StreamIsActive: 0 };
  const metricName = 'forescale-demand';
  return {
    calls,
    async getMetricSpec() {
      calls.GetMetricSpec++;
      return [{ metricName, targetSize: 10, targetSizeFloat: 10 }];
    },
    async getMetrics() {
      calls.GetMetrics++;
      return [{ metricName, metricValue: 10, metricValueFloat: 10 }];
    },
    async isActive() {
      calls.IsActive++;
      return true;
    },
    streamIsActive(onMessage, { signal }) {
      calls.StreamIsActive++;
      onMessage(true);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
    close: () => undefined,
  };
}

/** A clock that goes on only while it is told to. */
function virtualTime() {
  let nowSeconds = 0;
  const waiting = new Set<{ readonly untilSeconds: number; go(): void }>();
  const timers: Timers = {
    wait: (seconds, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        waiting.add({ untilSeconds: nowSeconds + seconds, go: resolve });
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
  return {
    timers,
    nowSeconds: () => nowSeconds,
    async pass(seconds: number) {
      const endSeconds = nowSeconds + seconds;
      for (;;) {
        for (let turn = 0; turn < turnsPerMoment; turn++) await nextTurn();
        const [next] = [...waiting].sort((a, b) => a.untilSeconds - b.untilSeconds);
        if (next === undefined || next.untilSeconds > endSeconds) break;
        waiting.delete(next);
        nowSeconds = next.untilSeconds;
        next.go();
      }
      nowSeconds = endSeconds;
    },
  };
}
