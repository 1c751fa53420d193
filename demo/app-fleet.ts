import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../src/platform/clock.ts';
import { ForescaleError, toForescaleError } from '../src/platform/errors.ts';
import type { RunningProgram } from '../tools/programs/server-process.ts';

export interface AppFleetOptions {
  /** Starts one more replica, which becomes ready after `readyDelaySeconds`; resolves when it is ready. */
  readonly start: (readyDelaySeconds: number) => Promise<RunningProgram>;
  /** Replicas that serve from the beginning. */
  readonly initialReplicas: number;
  /** From the request for a replica until it serves: image pull, start and readiness. */
  readonly startUpSeconds: number;
  /** The part of `startUpSeconds` for which the replica itself is not ready; the initial replicas have none. */
  readonly readyDelaySeconds: number;
  /** Labels of this fleet's samples in Prometheus. */
  readonly labels: Readonly<Record<string, string>>;
  /** The file_sd file that Prometheus reads; it is written anew whenever the fleet changes. */
  readonly targetsFile: string;
  readonly clock: Clock;
  /** Time for requests under way to finish after a replica has left the load balancer; 1000 by default. */
  readonly drainMs?: number;
}

/** Several processes of one service, as a Deployment has them. */
export interface AppFleet {
  /** Starts the missing replicas or retires the newest ones. Resolves when the change has begun, not when it is done. */
  scale(replicas: number): Promise<void>;
  readonly replicas: number;
  /** The cost of the fleet: number of replicas asked for, summed over the seconds since the fleet was opened. */
  replicaSeconds(): number;
  /** One message for each replica that did not start. */
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

/** Opens the fleet. Resolves when its initial replicas serve; rejects when one of them does not start. */
export async function openAppFleet(options: AppFleetOptions): Promise<AppFleet> {
  const { clock, drainMs = 1_000 } = options;
  const replicas: Replica[] = [];
  const retiring = new Set<Promise<void>>();
  const failures: string[] = [];
  const targets = createTargetsFile(options.targetsFile, options.labels);
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

  const publishTargets = () =>
    targets.write(replicas.flatMap(({ program }) => (program === undefined ? [] : [program.port])));

  async function stop(): Promise<void> {
    const left = replicas.splice(0);
    await Promise.all([...retiring, ...left.map(async ({ starting }) => (await starting)?.stop())]);
    await targets.written();
  }

  for (let i = 0; i < options.initialReplicas; i++) add(0, 0);
  await Promise.all(replicas.map(({ starting }) => starting));
  await targets.written();
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
      await targets.written();
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

/** The file_sd file of a fleet. It is written aside and renamed, one write at a time, so that nobody reads half a file. */
function createTargetsFile(path: string, labels: Readonly<Record<string, string>>) {
  let writing = Promise.resolve();
  return {
    write(ports: readonly number[]): void {
      const targets = ports.map((port) => `127.0.0.1:${port}`);
      writing = writing.then(async () => {
        await writeFile(`${path}.new`, JSON.stringify([{ targets, labels }]));
        await rename(`${path}.new`, path);
      });
    },
    written: () => writing,
  };
}
