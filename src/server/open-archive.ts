import { join } from 'node:path';
import { archiveFileName, type DemandArchive, openDemandArchive } from '../history/archive/index.ts';
import { parseDuration } from '../platform/duration.ts';
import type { Logger } from '../platform/log.ts';
import type { Lifecycle } from '../platform/process/lifecycle.ts';
import { type ServerFile, usualArchiveBytes, usualArchiveRetention } from './config.ts';
import { createSharedArchive, type SharedArchive } from './peers/shared-archive.ts';

/** The archive of demand of this replica, and what it shares with others. */
export interface OpenArchive extends SharedArchive {
  readonly own: DemandArchive;
}

/** Opens the archive of demand in the state directory; undefined where there is none, or where nothing is to be kept. */
export function openArchive(
  {
    file,
    stateDir,
    log,
  }: { readonly file: ServerFile; readonly stateDir: string | undefined; readonly log: Logger },
  lifecycle: Lifecycle,
): OpenArchive | undefined {
  const keptSeconds = parseDuration(file.archive?.retention ?? usualArchiveRetention) ?? 0;
  if (stateDir === undefined || keptSeconds === 0) return undefined;
  const own = openDemandArchive({
    path: join(stateDir, archiveFileName),
    mostBytes: file.archive?.bytes ?? usualArchiveBytes,
    keptSeconds,
    log,
  });
  const shared = createSharedArchive(own);
  lifecycle.onClose('archive', () => {
    shared.close();
    return own.close();
  });
  return { ...shared, own };
}
