import {
  measureCalls,
  measureKeda,
  measureMetrics,
  measureRate,
  measureRefresh,
  type Scene,
} from './phases.ts';
import {
  openServerFolder,
  type ServerFolder,
  type ServerProgram,
  startForescale,
} from './processes/forescale.ts';
import { ask, type MeasuredProcess, startMeasured } from './processes/measured-process.ts';
import { createOpened, type Opened } from './processes/opened.ts';
import type { ScaleRun, StartCost } from './report/scale-report.ts';
import { openSource, type SourceKind } from './source/open-source.ts';
import { measureStart } from './start-phase.ts';
import type { TriggerPlan } from './triggers.ts';

export const scaleParts = ['refresh', 'keda', 'calls', 'rate', 'metrics', 'restart'] as const;
type ScalePart = (typeof scaleParts)[number];

export interface ScaleOptions {
  readonly plan: TriggerPlan;
  readonly source: SourceKind;
  /** History that is written into a real source. */
  readonly historySeconds: number;
  readonly parts: readonly ScalePart[];
  /** Length of the times in which nobody asks, or KEDA does. */
  readonly steadySeconds: number;
  readonly rounds: number;
  readonly mostStartSeconds: number;
  /** How the server is started; further arguments of its Node are such as --cpu-prof. */
  readonly program: ServerProgram;
  /** Aborted when the user wants to end. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (text: string) => void;
}

/** The bar of the latency: calls of GetMetrics per second. */
const latencyCallsPerSecond = 200;
const callRoundMs = 1_000;
const rateRoundMs = 5_000;
const scrapes = 5;

/** Measures a server with one number of workloads, from its start to its restart. Everything it starts it ends. */
export async function measureScale(options: ScaleOptions): Promise<ScaleRun> {
  const { plan, signal, onProgress } = options;
  const opened = createOpened(signal);
  const { keep } = opened;
  try {
    const source = keep(await openSource(options.source, plan, options.historySeconds));
    const folder = openServerFolder(source.url, plan.workloads);
    keep({ stop: async () => folder.remove() });
    const client = keep(startMeasured('processes/load-client.ts'));
    const bare = keep(await startBare());
    const started = await startAndWarm(folder, options, { client, opened });
    const scene: Scene = { plan, source, client, bare, server: started.server, signal };
    const parts = await measureParts(scene, options);
    const memory = parts.memory;
    await scene.server.stop();
    onProgress('restart');
    const again = options.parts.includes('restart')
      ? await startAndWarm(folder, options, { client, opened })
      : undefined;
    return {
      workloads: plan.workloads,
      shapes: plan.shapes,
      start: started.cost,
      ...parts,
      memory,
      restart: again?.cost,
    };
  } finally {
    await opened.stop();
  }
}

async function startBare(): Promise<Scene['bare']> {
  const measured = startMeasured('processes/bare-server.ts');
  return { ...measured, grpcPort: await ask<'listening', number>(measured.child, '', 'listening') };
}

async function startAndWarm(
  folder: ServerFolder,
  { plan, mostStartSeconds, program, signal, onProgress }: ScaleOptions,
  { client, opened }: { readonly client: MeasuredProcess; readonly opened: Opened },
): Promise<{ readonly server: Scene['server']; readonly cost: StartCost }> {
  const beganMs = performance.now();
  const server = opened.keep(await startForescale(folder, program));
  const cost = await measureStart(
    { plan, client, server, beganMs, signal },
    { mostSeconds: mostStartSeconds, onProgress: (warm) => onProgress(`${warm} of ${plan.workloads} warm`) },
  );
  return { server, cost };
}

async function measureParts(scene: Scene, options: ScaleOptions) {
  const { steadySeconds, rounds, onProgress } = options;
  const wants = (part: ScalePart) => {
    if (options.parts.includes(part)) onProgress(part);
    return options.parts.includes(part);
  };
  const refresh = wants('refresh') ? await measureRefresh(scene, steadySeconds) : undefined;
  const keda = wants('keda') ? await measureKeda(scene, steadySeconds) : undefined;
  const round = { rounds, roundMs: callRoundMs };
  const calls = wants('calls')
    ? {
        GetMetrics: await measureCalls(scene, 'GetMetrics', round),
        IsActive: await measureCalls(scene, 'IsActive', round),
      }
    : undefined;
  const rateRounds = Math.max(3, Math.round(rounds / 2));
  const rate = wants('rate')
    ? await measureRate(scene, { perSecond: latencyCallsPerSecond, rounds: rateRounds, roundMs: rateRoundMs })
    : undefined;
  const memory = scene.server.memory();
  const metrics = wants('metrics') ? await measureMetrics(scene, scrapes) : undefined;
  return { refresh, keda, calls, rate, metrics, memory };
}
