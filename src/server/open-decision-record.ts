import { join } from 'node:path';
import type { Logger } from '../platform/log.ts';
import type { Lifecycle } from '../platform/process/lifecycle.ts';
import { inForceSeconds, type OpenRecord, openRecord, recordFileName } from '../scaler/index.ts';
import { type ServerFile, usualRecordBytes, usualWorkloadLimit } from './config.ts';
import type { Timing } from './timing.ts';

/** Opens the record of decisions: a file in the state directory, or some hours in memory where there is none. */
export function openDecisionRecord(
  {
    file,
    stateDir,
    log,
  }: { readonly file: ServerFile; readonly stateDir: string | undefined; readonly log: Logger },
  timing: Pick<Timing, 'refreshInterval'>,
  lifecycle: Lifecycle,
): OpenRecord {
  const record = openRecord({
    path: stateDir === undefined ? undefined : join(stateDir, recordFileName),
    mostBytes: file.limits?.recordBytes ?? usualRecordBytes,
    mostWorkloads: file.limits?.workloads ?? usualWorkloadLimit,
    inForceSeconds: inForceSeconds(timing.refreshInterval),
    log,
  });
  lifecycle.onClose('record', () => record.close());
  return record;
}
