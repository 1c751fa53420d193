import { ask, type MeasuredProcess, startMeasured } from '../processes/measured-process.ts';
import type { TriggerPlan } from '../triggers.ts';
import type { Asked } from './asking-record.ts';
import { createQueryCounts } from './query-counts.ts';
import type { WritingOrder } from './series-writer.ts';

export const sourceKinds = ['stand-in', 'victoria-metrics', 'prometheus'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** Where the demand of the workloads is read from. */
export interface BenchSource {
  readonly url: string;
  /** What it was asked since the last look. */
  asked(): Promise<Asked>;
  stop(): Promise<void>;
}

/** Opens a source that knows the workloads of a plan; `historySeconds` of them are written into a real one. */
export async function openSource(
  kind: SourceKind,
  plan: TriggerPlan,
  historySeconds: number,
): Promise<BenchSource> {
  return kind === 'stand-in' ? openStandIn() : openReal(kind, plan, historySeconds);
}

const portOf = ({ child }: MeasuredProcess) => ask<'listening', number>(child, '', 'listening');

/** Starts the stand-in, a process of its own. */
async function openStandIn(): Promise<BenchSource> {
  const measured = startMeasured('source/stand-in.ts');
  const url = `http://127.0.0.1:${await portOf(measured)}`;
  return {
    url,
    asked: async () => (await (await fetch(`${url}/asked`)).json()) as Asked,
    stop: measured.stop,
  };
}

async function openReal(
  kind: WritingOrder['kind'],
  plan: TriggerPlan,
  historySeconds: number,
): Promise<BenchSource> {
  const writer = startMeasured('source/series-writer.ts');
  const scraped = await portOf(writer);
  // The workshop's programs are no part of the benchmark, so that this one is started and not imported.
  const program = startMeasured('../../tools/history-server.ts', [kind, String(scraped)]);
  const url = `http://127.0.0.1:${await portOf(program)}`;
  await ask(writer.child, { plan, historySeconds, kind, url } satisfies WritingOrder, 'written');
  return {
    url,
    asked: createQueryCounts(url),
    async stop() {
      await writer.stop();
      program.child.disconnect();
      await program.stop();
    },
  };
}
