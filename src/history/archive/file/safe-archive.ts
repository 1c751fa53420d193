import { fileFaultOf } from '../../../platform/storage/sqlite/file-faults.ts';
import type { ArchiveKeeper } from './archive-keeper.ts';

/** Time between two attempts to use the file again; by then a disk may have room. */
const retrySeconds = 60;

/** Uses the file of the archive while it works. Nothing throws. */
export interface SafeArchive {
  /** What `work` gives; undefined where the file does not work. `nowSeconds` is of a clock that never goes back. */
  attempt<T>(nowSeconds: number, work: (keeper: ArchiveKeeper) => T): T | undefined;
  close(): void;
}

export interface SafeArchiveOptions {
  /** For messages. */
  readonly path: string;
  /** Throws where the file cannot be used. */
  readonly openFile: () => ArchiveKeeper;
  /** Called when what is wrong changes: file, cause and remedy; undefined = nothing. */
  readonly onWarning: (warning: string | undefined) => void;
}

export function createSafeArchive({ path, openFile, onWarning }: SafeArchiveOptions): SafeArchive {
  let keeper: ArchiveKeeper | undefined;
  let warning: string | undefined;
  /** When it is tried again; never where it is damaged, until the server starts again. */
  let notBeforeSeconds = Number.NEGATIVE_INFINITY;

  function warn(said: string | undefined): void {
    if (said === warning) return;
    warning = said;
    onWarning(said);
  }

  function giveUp(error: unknown, nowSeconds: number): void {
    const { cause, remedy, isDamaged } = fileFaultOf(error);
    notBeforeSeconds = isDamaged ? Number.POSITIVE_INFINITY : nowSeconds + retrySeconds;
    closeQuietly(keeper);
    keeper = undefined;
    warn(`demand is not archived: ${path}: ${cause}; ${remedy}`);
  }

  return {
    attempt(nowSeconds, work) {
      if (keeper === undefined && nowSeconds < notBeforeSeconds) return undefined;
      try {
        keeper ??= openFile();
        const result = work(keeper);
        warn(undefined);
        return result;
      } catch (error) {
        giveUp(error, nowSeconds);
        return undefined;
      }
    },
    close: () => closeQuietly(keeper),
  };
}

function closeQuietly(keeper: ArchiveKeeper | undefined): void {
  try {
    keeper?.close();
  } catch {
    // It is given up because it does not work.
  }
}
