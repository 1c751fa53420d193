import type { RecordState } from '../../forecast/index.ts';
import { fileFaultOf } from '../../platform/storage/sqlite/file-faults.ts';
import type { Noted, RecordKeeper } from './keeper.ts';

/** Time between two attempts to use the file again; by then a disk may have room. */
const retrySeconds = 60;

/** Keeps decisions in a file, and in memory while that does not work. Nothing throws. */
export interface SafeKeeper {
  /** Keeps decisions. `nowSeconds` is of a clock that never goes back. */
  append(noted: readonly Noted[], nowSeconds: number): void;
  /** Lets a question be answered from what is kept. */
  read<T>(ask: (keeper: RecordKeeper) => T): T;
  tidy(nowSeconds: number): boolean;
  state(): RecordState;
  close(): void;
}

/** Keeps decisions in memory, and does not try to keep them in a file. */
export function withoutFile(memory: RecordKeeper, state: RecordState): SafeKeeper {
  return {
    append: memory.append,
    read: (ask) => ask(memory),
    tidy: memory.tidy,
    state: () => state,
    close: memory.close,
  };
}

export interface SafeKeeperOptions {
  /** For messages. */
  readonly path: string;
  /** Throws where the file cannot be used. */
  readonly openFile: () => RecordKeeper;
  readonly memory: RecordKeeper;
  /** Called when the state changes. */
  readonly onState: (state: RecordState) => void;
}

export function createSafeKeeper({ path, openFile, memory, onState }: SafeKeeperOptions): SafeKeeper {
  let file: RecordKeeper | undefined;
  let warning: string | undefined;
  /** Unset = it is damaged, and nothing is tried until the server starts again. */
  let triedSeconds: number | undefined = Number.NEGATIVE_INFINITY;

  function attempt<T>(nowSeconds: number, work: (keeper: RecordKeeper) => T): T | undefined {
    try {
      file ??= openFile();
      return work(file);
    } catch (error) {
      degrade(error, nowSeconds);
      return undefined;
    }
  }

  function degrade(error: unknown, nowSeconds: number): void {
    const { cause, remedy, isDamaged } = fileFaultOf(error);
    triedSeconds = isDamaged ? undefined : nowSeconds;
    closeQuietly(file);
    file = undefined;
    const said = `the record of decisions is kept in memory, some hours of it: ${path}: ${cause}; ${remedy}`;
    if (said === warning) return;
    warning = said;
    onState(state());
  }

  function recovered(): void {
    if (warning === undefined) return;
    warning = undefined;
    onState(state());
  }

  const state = (): RecordState => ({ kept: file === undefined ? 'memory' : 'file', warning });
  const isDue = (nowSeconds: number) =>
    file !== undefined || (triedSeconds !== undefined && nowSeconds - triedSeconds >= retrySeconds);

  return {
    append(noted, nowSeconds) {
      const isKept =
        isDue(nowSeconds) &&
        attempt(nowSeconds, (keeper) => {
          keeper.append(noted);
          return true;
        });
      if (isKept === true) recovered();
      else memory.append(noted);
    },
    read(ask) {
      const both = file === undefined ? memory : joined(file, memory);
      try {
        return ask(both);
      } catch (error) {
        if (file === undefined) throw error;
        degrade(error, Number.NEGATIVE_INFINITY);
        return ask(memory);
      }
    },
    tidy(nowSeconds) {
      if (file === undefined) return memory.tidy(nowSeconds);
      return attempt(triedSeconds ?? 0, (keeper) => keeper.tidy(nowSeconds)) ?? false;
    },
    state,
    close() {
      closeQuietly(file);
      memory.close();
    },
  };
}

/** What is kept in a file and, from times when that did not work, in memory. */
function joined(file: RecordKeeper, memory: RecordKeeper): RecordKeeper {
  return {
    ...file,
    *chunksOf(key, fromSeconds, toSeconds) {
      const inMemory = [...memory.chunksOf(key, fromSeconds, toSeconds)];
      const inFile = file.chunksOf(key, fromSeconds, toSeconds);
      if (inMemory.length === 0) yield* inFile;
      else yield* [...inFile, ...inMemory].sort((a, b) => a.fromSeconds - b.fromSeconds);
    },
    oldestSeconds: (key) => file.oldestSeconds(key) ?? memory.oldestSeconds(key),
    triggers: (namespace, name) => [
      ...new Set([...file.triggers(namespace, name), ...memory.triggers(namespace, name)]),
    ],
  };
}

function closeQuietly(file: RecordKeeper | undefined): void {
  try {
    file?.close();
  } catch {
    // It is given up because it does not work.
  }
}
