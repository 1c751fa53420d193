import { expect, it } from 'vitest';
import { openPrometheus } from '../../src/history/prometheus/prometheus.ts';
import type { OpenSource } from '../../src/history/source.ts';
import { readBack } from '../../src/seed/read-back.ts';
import { remoteWrite } from '../../src/seed/remote-write.ts';
import type { Series } from '../../src/seed/series.ts';
import type { RunningProgram } from '../../tools/programs/server-process.ts';
import { contractEndSeconds as end, gauge, historyContract, type OpenSubject } from './history-contract.ts';

/** An engine with the Prometheus API, and how it is read and written. */
export interface PromqlEngine {
  start(): Promise<RunningProgram>;
  /** Opens it for reading (default: below its own address, with no credentials). */
  open?(url: string): OpenSource;
  /** Writes a series (default: by Prometheus' own remote write). */
  push?(url: string, series: Series): Promise<void>;
  /** Makes written samples searchable. */
  settle?(url: string): Promise<unknown>;
}

/** The suite that every engine with the Prometheus API must pass, with history that we write and read. */
export function promqlContract(engine: PromqlEngine): OpenSubject {
  const { start, open = (url) => openPrometheus({ url }) } = engine;
  const { push = (url, series) => remoteWrite({ url, series }) } = engine;
  const { source, write } = historyContract({
    start,
    open,
    async write(url, series) {
      await push(url, series);
      await engine.settle?.(url);
      const reader = open(url);
      expect(await readBack(reader, series)).toMatchObject({ missing: [] });
      await reader.close();
    },
    // A second less than a step, so that engines which count both ends of a range see no sample twice.
    total: (metric) => `sum(last_over_time(${metric}[59s]))`,
    bySeries: (metric) => metric,
    wrong: 'sum(',
  });

  it('takes NaN and infinities for missing', async () => {
    const at = { startSeconds: end - 600, endSeconds: end, stepSeconds: 60 };
    expect((await source().range({ query: 'vector(0) / 0', ...at })).timestamps).toHaveLength(0);
    expect((await source().range({ query: 'vector(1) / 0', ...at })).timestamps).toHaveLength(0);
    expect(await source().instant({ query: 'vector(1) / 0', atSeconds: end })).toMatchObject({
      kind: 'missing',
      isEmpty: false,
    });
  });

  it('reads a scalar', async () => {
    const answer = await source().instant({ query: '1 + 1', atSeconds: end });
    expect(answer).toMatchObject({ kind: 'value', value: 2 });
  });

  it('reads every series of a query with its labels', async () => {
    await write(gauge('vector_test', [[end, 1]], { pod: 'a' }));
    await write(gauge('vector_test', [[end, 2]], { pod: 'b' }));
    const values = await source().vector?.({ query: 'max by (pod) (vector_test)', atSeconds: end });
    expect(values?.toSorted((a, b) => a.value - b.value)).toEqual([
      { labels: { pod: 'a' }, value: 1 },
      { labels: { pod: 'b' }, value: 2 },
    ]);
  });

  return { source, write };
}
