import { within } from '../../platform/deadline.ts';
import type { Logger } from '../../platform/log.ts';
import { startTaskThread, type TaskThread } from '../../platform/process/task-thread.ts';
import type {
  ArchivedSpan,
  ArchiveKeeperOptions,
  ArchiveReach,
  ArchiveSize,
  NotedRollUps,
} from './file/archive-keeper.ts';
import type { ArchiveResult, ArchiveTask } from './file/archive-tasks.ts';
import { type PackedRollUps, packed, unpacked } from './file/packed.ts';
import { gatheringReaches } from './gathered-reaches.ts';
import type { RollUp } from './roll-ups/roll-up.ts';

/** Time between two writes of what was noted. */
const flushMs = 5_000;
/** So many that wait are written at once: a server that starts learns weeks of some workloads within a second. */
const muchWaiting = 20_000;
/** Roll-ups that wait to be written at most, should the disk be full or hang; what is noted beyond that is lost. */
const mostWaiting = 100_000;
/** Longest wait for an answer: a model that starts goes on without. */
const askMs = 5_000;
/** Heap of the thread, MiB. It holds the roll-ups of one series. */
const heapMiB = 48;

/** How the archive stands. */
export interface ArchiveState extends ArchiveSize {
  /** Names the file, the cause and the remedy; undefined where nothing is wrong. */
  readonly warning: string | undefined;
}

/** Demand beyond the retention of the source: roll-ups of each series. Nothing of it throws, rejects or waits for long. */
export interface DemandArchive {
  /** Takes roll-ups. It costs nothing: they are written within seconds, by another thread. */
  note(noted: NotedRollUps): void;
  /** Roll-ups of a series in (fromSeconds, toSeconds], in order of time; none where the archive does not work. */
  read(key: string, fromSeconds: number, toSeconds: number): Promise<readonly RollUp[]>;
  /** Which parts of a series are kept. */
  spans(key: string): Promise<readonly ArchivedSpan[]>;
  /** How far the archive of a series reaches; undefined where nothing is kept of it. It takes a second, because it is asked for several. */
  reach(key: string): Promise<ArchiveReach | undefined>;
  state(): ArchiveState;
  close(): Promise<void>;
}

export interface DemandArchiveOptions extends ArchiveKeeperOptions {
  readonly log: Logger;
  /** Starts the thread. Default: one of this process. */
  readonly startThread?: typeof startArchiveThread;
}

/** Opens the archive. It always opens: where the file cannot be used, demand is not archived, and state and log say why. */
export function openDemandArchive({
  log,
  startThread = startArchiveThread,
  ...settings
}: DemandArchiveOptions): DemandArchive {
  let size: ArchiveSize = { bytes: 0, series: 0, oldestSeconds: undefined };
  let warning: string | undefined;
  function warn(said: string | undefined): void {
    if (said === undefined) log.info({}, 'demand-archived-again');
    else log.warn({ warning: said }, 'demand-not-archived');
    warning = said;
  }
  const endOfThread = (cause: unknown) =>
    warn(
      `demand is not archived: the thread that writes ${settings.path} ended: ${String(cause)}; restart the server`,
    );
  const thread = startedOrNot(() => startThread(settings, warn, endOfThread), endOfThread);
  const waiting = createWaitingNotes(log);
  let writing: Promise<void> | undefined;
  let hasFailed = false;

  async function ask(task: ArchiveTask): Promise<ArchiveResult> {
    if (thread === undefined) return undefined;
    // What was noted before is in the answer: tasks are done in the order in which they are given.
    void flush();
    return within(askMs, thread.run(task)).catch(() => undefined);
  }

  async function write(): Promise<void> {
    const noted = waiting.take();
    if (thread === undefined || noted.length === 0) return;
    const pieces = noted.map(({ rollUps, ...one }) => ({ ...one, rollUps: packed(rollUps) }));
    const written = await thread.run({ kind: 'put', noted: pieces }).catch(() => undefined);
    hasFailed = written === undefined;
    if (written === undefined) waiting.putBack(noted);
    else size = written as ArchiveSize;
  }

  /** One write at a time, so that a disk that hangs has no queue of them. */
  function flush(): Promise<void> {
    writing ??= write().finally(() => {
      writing = undefined;
      flushMuch();
    });
    return writing;
  }
  /** What could not be written is tried again with the next flush. */
  function flushMuch(): void {
    if (waiting.count() >= muchWaiting && !hasFailed) void flush();
  }
  const timer = setInterval(() => void flush(), flushMs).unref();
  const reach = gatheringReaches(
    async (keys) => ((await ask({ kind: 'reaches', keys })) ?? []) as readonly (ArchiveReach | undefined)[],
  );

  return {
    note(noted) {
      waiting.add(noted);
      flushMuch();
    },
    async read(key, fromSeconds, toSeconds) {
      const rollUps = await ask({ kind: 'read', key, fromSeconds, toSeconds });
      return rollUps === undefined ? [] : unpacked(rollUps as PackedRollUps);
    },
    spans: async (key) => ((await ask({ kind: 'spans', key })) ?? []) as readonly ArchivedSpan[],
    reach,
    state: () => ({ ...size, warning }),
    async close() {
      clearInterval(timer);
      await flush();
      await flush();
      await thread?.close();
    },
  };
}

function startedOrNot<T>(start: () => T, onFailure: (cause: unknown) => void): T | undefined {
  try {
    return start();
  } catch (cause) {
    // A process may have too many threads, or none to spare for another heap.
    onFailure(cause);
    return undefined;
  }
}

/** Roll-ups that wait to be written. */
function createWaitingNotes(log: Logger) {
  let notes: NotedRollUps[] = [];
  let count = 0;
  function add(noted: NotedRollUps): void {
    const { length } = noted.rollUps;
    if (length === 0) return;
    if (count + length > mostWaiting) {
      log.warn({ rollUps: length }, 'demand-not-archived');
      return;
    }
    count += length;
    notes.push(noted);
  }
  return {
    add,
    count: () => count,
    take(): readonly NotedRollUps[] {
      const taken = notes;
      notes = [];
      count = 0;
      return taken;
    },
    /** What could not be written comes before what was noted meanwhile. */
    putBack(taken: readonly NotedRollUps[]): void {
      const since = notes;
      notes = [];
      count = 0;
      for (const noted of [...taken, ...since]) add(noted);
    },
  };
}

/** Starts the thread that has the file. Throws where it cannot be started. */
function startArchiveThread(
  settings: ArchiveKeeperOptions,
  onWarning: (warning: string | undefined) => void,
  onEnd: (cause: unknown) => void,
): TaskThread<ArchiveTask, ArchiveResult> {
  return startTaskThread({
    module: new URL('./file/archive-worker', import.meta.url),
    workerData: settings,
    heapMiB,
    what: 'the archive of demand',
    onNotice: ({ warning }: { readonly warning: string | undefined }) => onWarning(warning),
    onEnd,
  });
}
