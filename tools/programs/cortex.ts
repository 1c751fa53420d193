import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from './find-program.ts';
import { freePort } from './free-port.ts';
import type { ProgramEnvironment } from './program.ts';
import { type RunningProgram, startServerProcess } from './server-process.ts';

export interface CortexOptions {
  readonly env: ProgramEnvironment;
  /** Limits of single tenants, as Cortex' runtime configuration names them (default: none has its own). */
  readonly limitsOfTenants?: Readonly<Record<string, object>>;
}

/**
 * Starts a real Cortex in one process, on free loopback ports with a data folder of its own. It keeps tenants apart by
 * X-Scope-OrgID, as Mimir does, which began as its fork. Queries are below `/prometheus`, samples are pushed to `/api/v1/push`.
 */
export async function startCortex(options: CortexOptions): Promise<RunningProgram> {
  const { path } = await findProgram('cortex', options.env);
  const grpcPort = await freePort();
  return startServerProcess({
    name: 'cortex',
    path,
    readyPath: '/ready',
    readyTimeoutMs: 120_000,
    async args(port, dataFolder) {
      const file = async (name: string, content: object) => {
        // JSON is YAML.
        await writeFile(join(dataFolder, name), JSON.stringify(content));
        return join(dataFolder, name);
      };
      const overrides = await file('limits.yaml', { overrides: options.limitsOfTenants ?? {} });
      const config = cortexConfig(port, grpcPort, dataFolder, overrides);
      return [`-config.file=${await file('cortex.yaml', config)}`];
    },
  });
}

/** Longest age of a sample that arrives late, and for which the ingester keeps what it has. */
const twoMonths = '1440h';

function cortexConfig(httpPort: number, grpcPort: number, folder: string, overrides: string): object {
  const inMemory = { kvstore: { store: 'inmemory' } };
  const address = '127.0.0.1';
  return {
    // Without its rules, alerts and compaction: nobody here needs them, and alerting would listen on every address of the machine.
    target: 'distributor,ingester,store-gateway,query-frontend,querier',
    auth_enabled: true,
    server: {
      http_listen_address: address,
      http_listen_port: httpPort,
      grpc_listen_address: address,
      grpc_listen_port: grpcPort,
      log_level: 'warn',
    },
    distributor: { ring: { ...inMemory, instance_addr: address } },
    ingester: {
      lifecycler: {
        address,
        ring: { ...inMemory, replication_factor: 1 },
        min_ready_duration: '0s',
        final_sleep: '0s',
      },
    },
    blocks_storage: {
      backend: 'filesystem',
      filesystem: { dir: join(folder, 'blocks') },
      tsdb: { dir: join(folder, 'tsdb'), retention_period: twoMonths },
      bucket_store: { sync_dir: join(folder, 'sync') },
    },
    // The ingester has it all, so that no query waits for the store to see a new block.
    querier: {
      query_store_after: twoMonths,
      store_gateway_addresses: `${address}:${grpcPort}`,
      active_query_tracker_dir: join(folder, 'queries'),
    },
    query_range: { split_queries_by_interval: '24h' },
    frontend_worker: { frontend_address: `${address}:${grpcPort}`, match_max_concurrent: true },
    tenant_federation: { enabled: true },
    limits: { out_of_order_time_window: twoMonths, ingestion_rate: 1e6, ingestion_burst_size: 1_000_000 },
    runtime_config: { file: overrides },
  };
}
