import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../platform/clock.ts';
import type { RunningProgram } from './programs/server-process.ts';

export interface AppFleetOptions {
  /** Starts one more replica; resolves when it answers. */
  readonly start: () => Promise<RunningProgram>;
  /** Replicas that serve from the beginning. */
  readonly initialReplicas: number;
  /** A replica added later serves no sooner than this after it was asked for: image pull, start, readiness. */
  readonly startUpSeconds: number;
  /** file_sd file that Prometheus reads; rewritten whenever the fleet changes. */
  readonly targetsFile: string;
  readonly clock: Clock;
}

/** Real processes behind one name, as a Deployment has them. */
export interface AppFleet {
  /** Brings the fleet to this size: starts what is missing, retires the newest first. Resolves when that is under way. */
  scale(replicas: number): Promise<void>;
  readonly replicas: number;
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

/** Opens the fleet; resolves when its first replicas serve. */
export async function openAppFleet(options: AppFleetOptions): Promise<AppFleet> {
  const { clock } = options;
  const replicas: Replica[] = [];
  const retiring = new Set<Promise<void>>();
  let writing = Promise.resolve();

  function add(startUpSeconds: number): void {
    const replica: Replica = {
      starting: options.start().then(
        (program) => {
          replica.program = program;
          publishTargets();
          return program;
        },
        () => undefined,
      ),
      program: undefined,
      servesFromSeconds: clock() + startUpSeconds,
    };
    replicas.push(replica);
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
      await writeFile(`${options.targetsFile}.new`, JSON.stringify([{ targets }]));
      await rename(`${options.targetsFile}.new`, options.targetsFile);
    });
  }

  const running = () => replicas.flatMap(({ program }) => (program === undefined ? [] : [program]));

  for (let i = 0; i < options.initialReplicas; i++) add(0);
  await Promise.all(replicas.map(({ starting }) => starting));
  await writing;

  return {
    async scale(wanted) {
      while (replicas.length < wanted) add(options.startUpSeconds);
      while (replicas.length > wanted) {
        const newest = replicas.pop();
        if (newest !== undefined) retire(newest);
      }
      await writing;
    },
    get replicas() {
      return replicas.length;
    },
    readyUrls: () =>
      replicas.flatMap(({ program, servesFromSeconds }) =>
        program !== undefined && clock() >= servesFromSeconds ? [program.url] : [],
      ),
    async stop() {
      const left = replicas.splice(0);
      await Promise.all([...retiring, ...left.map(async ({ starting }) => (await starting)?.stop())]);
      await writing;
    },
  };
}
