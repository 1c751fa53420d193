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
  scene: Pick<Scene, 'client' | 'plan'> & { readonly server: RunningForescale; readonly beganMs: number },
  { mostSeconds, onProgress }: { readonly mostSeconds: number; readonly onProgress: (warm: number) => void },
): Promise<StartCost> {
  const { server, plan, beganMs } = scene;
  const { cpuSeconds: listenCpuSeconds } = await server.usage();
  const load = { kind: 'every', method: 'GetMetrics', atOnce: 16, ms: everyAnswerMs } as const;
  await asking(scene, server.grpcPort, load);
  const lookSeconds = Math.max(1, plan.workloads / 500);
  for (;;) {
    const seconds = (performance.now() - beganMs) / 1000;
    const usage = await server.usage();
    const warm = plan.workloads - (await coldWorkloads(server));
    onProgress(warm);
    if (warm >= plan.workloads || seconds > mostSeconds) {
      const { cpuSeconds, loopP99Ms, loopMaxMs } = usage;
      const { peakMiB } = server.memory();
      return { cpuSeconds, seconds, listenCpuSeconds, loopP99Ms, loopMaxMs, peakMiB, warm };
    }
    await sleep(1000 * lookSeconds);
  }
}

async function coldWorkloads({ httpUrl }: RunningForescale): Promise<number> {
  const answer = await fetch(`${httpUrl}/api/v1/workloads?limit=1`);
  const { byState } = (await answer.json()) as { readonly byState: Readonly<Record<string, number>> };
  return coldStates.reduce((sum, state) => sum + (byState[state] ?? 0), 0);
}
