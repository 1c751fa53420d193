import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../src/platform/clock.ts';
import { ForescaleError, toForescaleError } from '../src/platform/errors.ts';
import type { RunningProgram } from '../tools/programs/server-process.ts';

export interface AppFleetOptions {
  /** Starts one more replica, which is not ready for that long; resolves when it is. */
  readonly start: (readyDelaySeconds: number) => Promise<RunningProgram>;
  /** Replicas that serve from the beginning. */
  readonly initialReplicas: number;
  /** A replica added later serves no sooner than this after it was asked for: image pull, start, readiness. */
  readonly startUpSeconds: number;
  /** The part of it that the replica itself is slow; those of the beginning are not. */
  readonly readyDelaySeconds: number;
  /** What Prometheus tells the samples of this fleet by. */
  readonly labels: Readonly<Record<string, string>>;
  /** file_sd file that Prometheus reads; rewritten whenever the fleet changes. */
  readonly targetsFile: string;
  readonly clock: Clock;
}

/** Real processes behind one name, as a Deployment has them. */
export interface AppFleet {
  /** Brings the fleet to this size: starts what is missing, retires the newest first. Resolves when that is under way. */
  scale(replicas: number): Promise<void>;
  readonly replicas: number;
  /** Replicas asked for × time, since it was opened: what they cost. */
  replicaSeconds(): number;
  /** Why replicas did not start, if any. */
  readonly failures: readonly string[];
  /** Base URLs of the replicas that serve. */
  readyUrls(): readonly string[];
  stop(): Promise<void>;
}

interface Replica {
  readonly starting: Promise<RunningProgram | undefined>;
  program: RunningProgram | undefined;
  readonly servesFromSeconds: number;
}

/** Time for requests under way to finish after a replica has left the load balancer. */
const drainMs = 1_000;

/** Opens the fleet; resolves when its first replicas serve, and rejects when one of them does not start. */
export async function openAppFleet(options: AppFleetOptions): Promise<AppFleet> {
  const { clock } = options;
  const replicas: Replica[] = [];
  const retiring = new Set<Promise<void>>();
  const failures: string[] = [];
  let writing = Promise.resolve();
  let usedSeconds = 0;
  let usedUntil = clock();

  function add(startUpSeconds: number, readyDelaySeconds: number): void {
    const replica: Replica = {
      starting: options.start(readyDelaySeconds).then(
        (program) => {
          replica.program = program;
          publishTargets();
          return program;
        },
        (error: unknown) => {
          failures.push(toForescaleError(error).message);
          return undefined;
        },
      ),
      program: undefined,
      servesFromSeconds: clock() + startUpSeconds,
    };
    replicas.push(replica);
  }

  function account(): void {
    const now = clock();
    usedSeconds += replicas.length * Math.max(0, now - usedUntil);
    usedUntil = now;
  }

  function retire(replica: Replica): void {
    const ended = (async () => {
      const program = await replica.starting;
      await sleep(drainMs, undefined, { ref: false });
      await program?.stop();
    })().finally(() => retiring.delete(ended));
    retiring.add(ended);
    publishTargets();
  }

  /** Renamed into place, so that Prometheus never reads half a file; one write after the other. */
  function publishTargets(): void {
    const targets = running().map((program) => `127.0.0.1:${program.port}`);
    writing = writing.then(async () => {
      await writeFile(`${options.targetsFile}.new`, JSON.stringify([{ targets, labels: options.labels }]));
      await rename(`${options.targetsFile}.new`, options.targetsFile);
    });
  }

  const running = () => replicas.flatMap(({ program }) => (program === undefined ? [] : [program]));

  async function stop(): Promise<void> {
    const left = replicas.splice(0);
    await Promise.all([...retiring, ...left.map(async ({ starting }) => (await starting)?.stop())]);
    await writing;
  }

  for (let i = 0; i < options.initialReplicas; i++) add(0, 0);
  await Promise.all(replicas.map(({ starting }) => starting));
  await writing;
  if (failures[0] !== undefined) {
    await stop();
    throw new ForescaleError('missing-tool', failures[0]);
  }

  return {
    async scale(wanted) {
      account();
      while (replicas.length < wanted) add(options.startUpSeconds, options.readyDelaySeconds);
      while (replicas.length > wanted) {
        const newest = replicas.pop();
        if (newest !== undefined) retire(newest);
      }
      await writing;
    },
    get replicas() {
      return replicas.length;
    },
    replicaSeconds() {
      account();
      return usedSeconds;
    },
    failures,
    readyUrls: () =>
      replicas.flatMap(({ program, servesFromSeconds }) =>
        program !== undefined && clock() >= servesFromSeconds ? [program.url] : [],
      ),
    stop,
  };
}
