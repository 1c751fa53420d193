import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import {
  openServerFolder,
  type RunningForescale,
  type ServerFolder,
  type ServerPorts,
  startForescale,
} from '../processes/forescale.ts';
import type { Usage } from '../processes/measured-process.ts';
import { countWorkloads, getJson } from '../start-phase.ts';
import { type ShardName, shardNames, shardsSetting } from './sharing.ts';

/** A server that serves one shard's workloads, and keeps its ports and its folder when it is started again. */
export interface ShardServer {
  readonly name: ShardName;
  readonly ports: ServerPorts;
  start(): Promise<void>;
  kill(): Promise<void>;
  usage(): Promise<Usage>;
  memory(): { readonly rssMiB: number; readonly peakMiB: number };
  /** Workloads that have a forecast, at most as many as have a snapshot. */
  learned(): Promise<number>;
  /** Names of the shards that it says answer. */
  answering(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Makes three servers that are not started yet, each with room for so many workloads. */
export async function makeShardServers(sourceUrl: string, perShard: number): Promise<readonly ShardServer[]> {
  const ports = new Map<ShardName, ServerPorts>();
  for (const name of shardNames) ports.set(name, { grpc: await freePort(), http: await freePort() });
  const shards = shardsSetting(ports);
  return [...ports].map(([name, its]) => {
    const settings = { shard: name, shards };
    return shardServer(name, openServerFolder(sourceUrl, perShard, { ports: its, settings }));
  });
}

function shardServer(name: ShardName, folder: ServerFolder): ShardServer {
  let running: RunningForescale | undefined;
  const server = () => {
    if (running === undefined) throw new Error(`the shard ${name} was not started`);
    return running;
  };
  return {
    name,
    ports: folder.ports,
    async start() {
      running = await startForescale(folder);
    },
    kill: () => server().kill(),
    usage: () => server().usage(),
    memory: () => server().memory(),
    async learned() {
      const { total, cold } = await countWorkloads(server());
      return Math.min(total - cold, await countSnapshots(folder.path));
    },
    async answering() {
      const { shards } = await getJson<{
        readonly shards: readonly { readonly name: string; readonly answers: boolean }[];
      }>(`${server().httpUrl}/api/v1/shards`);
      return shards.filter(({ answers }) => answers).map((shard) => shard.name);
    },
    async stop() {
      await running?.stop();
      folder.remove();
    },
  };
}

async function countSnapshots(path: string): Promise<number> {
  const names = await readdir(join(path, 'state', 'snapshots')).catch(() => []);
  return names.filter((name) => name.endsWith('.snapshot')).length;
}

/** A port of 127.0.0.1 on which nobody listens at this moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
