import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { maxKeptBytes } from '../../../src/scaler/trigger-metadata.ts';
import { openTemporaryFolder } from '../../../tools/temporary-folder.ts';
import { projectRoot } from '../../repository/project-files.ts';
import { longFormNote, whyNoLongForm } from '../../support/long-form.ts';
import { startServeProcess } from '../serve-process.ts';
import { chartHeap, chartMemoryBytes, chartWorkloads, peakBytes } from './chart-memory.ts';

const mebibyte = 1024 * 1024;
/** What a workload of a full pod takes that has learned four weeks of minutes: model, decision and entry, and no engine of its own. */
const workloadBytes = 96 * 1024;
/** Its metadata is kept as settings, in the list for a restart, and in the key of its model. */
const metadataBytes = 3 * maxKeptBytes;
/** What the record of a workload takes in memory where it has no file. */
const recordBytes = 7 * 1024;
/** What a server takes that knows no workload. */
const idleBytes = 210 * mebibyte;
/** Left for histories that are being read, answers, and garbage that is not collected yet. */
const headroomRatio = 0.2;

it('gives a pod of the chart no more workloads than its memory carries', () => {
  const needed = idleBytes + chartWorkloads() * (workloadBytes + metadataBytes + recordBytes);
  expect(chartWorkloads()).toBeGreaterThan(0);
  expect(needed).toBeLessThanOrEqual((1 - headroomRatio) * chartMemoryBytes());
});

it.skipIf(whyNoLongForm)(
  `knows what a workload takes${longFormNote}`,
  async ({ annotate }) => {
    const program = join(projectRoot, 'test/real/tenants/bytes-per-workload.ts');
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, '15']);
    const { bytes, models } = JSON.parse(stdout) as { readonly bytes: number; readonly models: number };
    await annotate(`${(bytes / 1024).toFixed(0)} KiB a workload`);
    expect(models).toBe(85);
    expect(bytes).toBeLessThanOrEqual(workloadBytes);
    // A model that became much smaller makes room for more workloads.
    expect(bytes).toBeGreaterThan(workloadBytes / 2);
  },
  300_000,
);

it('knows what the record of a workload takes in memory', async ({ annotate }) => {
  const program = join(projectRoot, 'test/real/tenants/record-bytes.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, '30']);
  const { bytes, hours } = JSON.parse(stdout) as { readonly bytes: number; readonly hours: number };
  await annotate(`${(bytes / 1024).toFixed(1)} KiB for ${hours.toFixed(1)} hours`);
  expect(bytes).toBeLessThanOrEqual(recordBytes);
  expect(hours).toBeGreaterThan(1);
});

it('knows what a server takes without workloads', async () => {
  const state = await openTemporaryFolder('forescale-idle');
  const flags = ['--state-dir', state.path];
  const server = await startServeProcess('http://127.0.0.1:9', { env: chartHeap(), flags });
  const bytes = peakBytes(server.pid);
  await server.stop();
  await state.remove();
  expect(bytes).toBeLessThanOrEqual(idleBytes);
});
