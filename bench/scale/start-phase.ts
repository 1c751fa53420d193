import { setTimeout as sleep } from 'node:timers/promises';
import { asking, type Scene } from './phases.ts';
import type { RunningForescale } from './processes/forescale.ts';
import type { StartCost } from './report/scale-report.ts';

/** States of a workload without a forecast. */
const coldStates = ['learning', 'loading', 'unavailable', 'blind'];
const everyAnswerMs = 120_000;

/**
 * Asks a server that was just started about every workload, and waits until each has a forecast, at most `mostSeconds`. Asking how
 * far it is costs CPU too, so that it is asked less often where there are more workloads.
 */
export async function measureStart(
  scene: Pick<Scene, 'client' | 'plan' | 'signal'> & {
    readonly server: RunningForescale;
    readonly beganMs: number;
  },
  { mostSeconds, onProgress }: { readonly mostSeconds: number; readonly onProgress: (warm: number) => void },
): Promise<StartCost> {
  const { server, plan, beganMs } = scene;
  const { cpuSeconds: listenCpuSeconds } = await server.usage();
  const load = { kind: 'every', method: 'GetMetrics', atOnce: 16, ms: everyAnswerMs } as const;
  await asking(scene, server.grpcPort, load);
  const lookSeconds = Math.max(1, plan.workloads / 500);
  for (;;) {
    const seconds = (performance.now() - beganMs) / 1000;
    const warm = plan.workloads - (await countWorkloads(server)).cold;
    onProgress(warm);
    if (warm >= plan.workloads || seconds > mostSeconds) {
      // Looked at once, because each look begins to count anew how late the loop is.
      const { cpuSeconds, loopP99Ms, loopMaxMs } = await server.usage();
      const { peakMiB } = server.memory();
      return { cpuSeconds, seconds, listenCpuSeconds, loopP99Ms, loopMaxMs, peakMiB, warm };
    }
    await sleep(1000 * lookSeconds, undefined, { signal: scene.signal });
  }
}

/** The workloads that a server knows, and those of them without a forecast. */
export async function countWorkloads({
  httpUrl,
}: Pick<RunningForescale, 'httpUrl'>): Promise<{ readonly total: number; readonly cold: number }> {
  // The list of workloads would have each of them forecast as far as its page shows.
  const { workloads } = await getJson<{
    readonly workloads: { readonly byState: Readonly<Record<string, number>> };
  }>(`${httpUrl}/api/v1/status`);
  const { byState } = workloads;
  const total = Object.values(byState).reduce((sum, count) => sum + count, 0);
  const cold = coldStates.reduce((sum, state) => sum + (byState[state] ?? 0), 0);
  return { total, cold };
}

/** Times that a document is asked for, a second apart: on a machine that is busy with other work a connection may take too long. */
const mostTries = 10;

/** Asks a server for a document, each time by a connection of its own, because the server closes one that was not used for seconds. */
export async function getJson<T>(url: string): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return (await (await fetch(url, { headers: { connection: 'close' } })).json()) as T;
    } catch (error) {
      if (tries === mostTries) throw new Error(`${url} did not answer`, { cause: error });
      await sleep(1000);
    }
  }
}
