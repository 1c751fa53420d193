import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import {
  type ShardName,
  shardNames,
  shardsSetting,
  triggersOfShards,
} from '../../../bench/scale/shards/sharing.ts';
import type { BenchTrigger } from '../../../bench/scale/triggers.ts';
import { ExternalScaler, type ExternalScalerClient } from '../../../src/platform/protocol/external-scaler.ts';
import { freePort } from '../../../tools/programs/free-port.ts';
import { type ServeProcess, startServeProcess } from '../serve-process.ts';

/** A shard that runs, or ran and is to run again. */
export interface RunningShard {
  readonly name: ShardName;
  readonly triggers: readonly BenchTrigger[];
  server(): ServeProcess;
  /** Asks for all of its workloads, some at once; a call that fails has no value. */
  values(): Promise<ReadonlyMap<string, number | undefined>>;
  /** Starts it, again where it was killed: at the same addresses, with the same state. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const callsAtOnce = 32;
const deadlineMs = 10_000;
/** A server is ready at the latest after a minute, whatever it has not read yet, and a busy machine needs longer. */
const readyWithinMs = 300_000;

/** Makes the shards, which are not started yet, with a folder of its own each. */
export async function makeShards(
  sourceUrl: string,
  folder: string,
  plan: { readonly workloads: number; readonly history: string },
): Promise<readonly RunningShard[]> {
  const triggers = triggersOfShards({ ...plan, shapes: 100 });
  const places = await Promise.all(
    shardNames.map(async (name) => ({ name, http: await freePort(), grpc: await freePort() })),
  );
  const shards = shardsSetting(new Map(places.map(({ name, ...ports }) => [name, ports])));
  const limits = { workloads: plan.workloads, workloadsPerNamespace: plan.workloads };
  return places.map(({ name, http, grpc }) => {
    const path = join(folder, name);
    mkdirSync(path);
    writeFileSync(join(path, 'forescale.yaml'), JSON.stringify({ shard: name, shards, limits }));
    const flags = [
      ...['--config', join(path, 'forescale.yaml'), '--state-dir', join(path, 'state')],
      ...['--http-address', `127.0.0.1:${http}`, '--grpc-address', `127.0.0.1:${grpc}`],
    ];
    return runningShard({ name, triggers: triggers.get(name) ?? [], flags, sourceUrl, grpcPort: grpc });
  });
}

function runningShard({
  name,
  triggers,
  flags,
  sourceUrl,
  grpcPort,
}: Pick<RunningShard, 'name' | 'triggers'> & {
  readonly flags: readonly string[];
  readonly sourceUrl: string;
  readonly grpcPort: number;
}): RunningShard {
  let server: ServeProcess | undefined;
  let client: ExternalScalerClient | undefined;
  const running = () => {
    if (server === undefined) throw new Error(`shard ${name} was not started`);
    return server;
  };
  return {
    name,
    triggers,
    server: running,
    async start() {
      server = await startServeProcess(sourceUrl, { flags, readyWithinMs });
      client?.close();
      client = new ExternalScaler(`127.0.0.1:${grpcPort}`, credentials.createInsecure(), {
        'grpc.use_local_subchannel_pool': 1,
      });
    },
    async values() {
      const found = new Map<string, number | undefined>();
      let next = 0;
      const worker = async () => {
        while (next < triggers.length) {
          const trigger = triggers[next++];
          if (trigger !== undefined && client !== undefined)
            found.set(trigger.app, await askValue(client, trigger));
        }
      };
      await Promise.all(Array.from({ length: callsAtOnce }, worker));
      return found;
    },
    async close() {
      client?.close();
      await server?.stop();
    },
  };
}

function askValue(client: ExternalScalerClient, { ref }: BenchTrigger): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = { scaledObjectRef: ref, metricName: 'forescale-demand' };
    client.GetMetrics(asked, { deadline: Date.now() + deadlineMs }, (error, answer) => {
      resolve(error === null ? answer?.metricValues[0]?.metricValueFloat : undefined);
    });
  });
}
