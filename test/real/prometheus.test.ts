import { describe, expect, it } from 'vitest';
import { openPrometheus } from '../../src/history/prometheus/prometheus.ts';
import { readBack } from '../../src/seed/read-back.ts';
import { remoteWrite } from '../../src/seed/remote-write.ts';
import { startPrometheus } from '../../tools/programs/prometheus.ts';
import { gauge, minutes } from './history-contract.ts';
import { promqlContract } from './promql-contract.ts';
import { skippedNote, whyMissing } from './real-programs.ts';

const missing = await whyMissing('prometheus');
const env = process.env;

describe.skipIf(missing)(`a real Prometheus${skippedNote(missing)}`, () => {
  promqlContract({ start: () => startPrometheus({ env }) });
});

describe.skipIf(missing)('a Prometheus that takes no old samples', () => {
  it('is named with the setting that would accept them', async () => {
    const prometheus = await startPrometheus({ env, outOfOrderWindowSeconds: 0 });
    const source = openPrometheus({ url: prometheus.url });
    try {
      const rows = minutes(3 * 24 * 60, () => 1);
      await remoteWrite({ url: prometheus.url, series: gauge('newest', rows.slice(-1)) });
      const old = remoteWrite({ url: prometheus.url, series: gauge('newest', rows.slice(0, -1)) });
      await expect(old).rejects.toMatchObject({
        code: 'source-rejected',
        message: expect.stringContaining('out_of_order_time_window'),
      });
      expect(await readBack(source, gauge('newest', rows), { waitsMs: [] })).toEqual({
        written: rows.length,
        found: 1,
        missing: [{ fromSeconds: rows[0]?.[0], toSeconds: rows.at(-1)?.[0], samples: rows.length - 1 }],
      });
    } finally {
      await source.close();
      await prometheus.stop();
    }
  });
});
