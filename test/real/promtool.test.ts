import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMetricsText } from '../../src/seed/openmetrics.ts';
import { findProgram } from '../../tools/programs/find-program.ts';
import { gauge, minutes } from './history-contract.ts';
import { skippedNote, whyMissing } from './real-programs.ts';

const missing = await whyMissing('promtool');
const note = skippedNote(missing);

describe.skipIf(missing)(`promtool${note}`, () => {
  it.each(['counter', 'gauge'] as const)('makes blocks of our OpenMetrics text of a %s', async (kind) => {
    const folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
    try {
      const rows = minutes(600, (index) => index * 1e9 + 0.125);
      const series = { ...gauge('app_requests_total', rows, { app: 'quote " and \\', path: 'a\nb' }), kind };
      writeFileSync(join(folder, 'history.om'), [...openMetricsText(series)].join(''));
      const { path } = await findProgram('promtool', process.env);
      const args = ['tsdb', 'create-blocks-from', 'openmetrics', 'history.om', 'blocks'];
      execFileSync(path, args, { cwd: folder, stdio: 'pipe' });
      expect(readdirSync(join(folder, 'blocks')).length).toBeGreaterThan(1);
      // Dumping wants a write-ahead log, which a Prometheus would have made.
      mkdirSync(join(folder, 'blocks/wal'));
      const dump = execFileSync(path, ['tsdb', 'dump', 'blocks'], { cwd: folder, encoding: 'utf8' });
      expect(dump.trim().split('\n')).toHaveLength(600);
      expect(dump).toContain('__name__="app_requests_total"');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
