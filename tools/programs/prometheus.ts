import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDuration } from '../../src/platform/duration.ts';
import { findProgram } from './find-program.ts';
import type { ProgramEnvironment } from './program.ts';
import { type RunningProgram, startServerProcess } from './server-process.ts';

/** What one job scrapes: fixed `host:port` targets, or the targets of a file_sd file that is rewritten when they change. */
type ScrapeJob =
  | { readonly name: string; readonly targets: readonly string[] }
  | { readonly name: string; readonly targetsFile: string };

export interface PrometheusOptions {
  readonly env: ProgramEnvironment;
  /** Port of 127.0.0.1 (default: a free one). */
  readonly port?: number;
  /** The whole configuration as YAML; the options that follow are ignored then. */
  readonly config?: string;
  readonly scrapeJobs?: readonly ScrapeJob[];
  readonly scrapeIntervalSeconds?: number;
  /** Largest age of a sample when it arrives; seeding two weeks of history needs more than two weeks. 0 accepts no old sample. */
  readonly outOfOrderWindowSeconds?: number;
  readonly retentionSeconds?: number;
}

const dayInSeconds = 86_400;

/** Starts a real Prometheus on a loopback port, remote-write receiver on, with a data folder of its own. */
export async function startPrometheus(options: PrometheusOptions): Promise<RunningProgram> {
  const { path } = await findProgram('prometheus', options.env);
  const { retentionSeconds = 90 * dayInSeconds } = options;
  return startServerProcess({
    name: 'prometheus',
    ...(options.port !== undefined && { port: options.port }),
    path,
    readyPath: '/-/ready',
    args: async (port, dataFolder) => {
      const configFile = join(dataFolder, 'prometheus.yml');
      await writeFile(configFile, options.config ?? prometheusConfig(options));
      return [
        `--config.file=${configFile}`,
        `--storage.tsdb.path=${join(dataFolder, 'data')}`,
        `--storage.tsdb.retention.time=${formatDuration(retentionSeconds)}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-remote-write-receiver',
        '--log.level=warn',
      ];
    },
  });
}

/** A Prometheus configuration as JSON, which is YAML. */
function prometheusConfig(options: PrometheusOptions): string {
  const {
    scrapeJobs = [],
    scrapeIntervalSeconds = 15,
    outOfOrderWindowSeconds = 60 * dayInSeconds,
  } = options;
  const interval = formatDuration(scrapeIntervalSeconds);
  return JSON.stringify({
    global: {
      scrape_interval: interval,
      // Prometheus refuses a timeout longer than the interval, and its default is 10 s.
      scrape_timeout: formatDuration(Math.min(10, scrapeIntervalSeconds)),
      evaluation_interval: interval,
    },
    storage: { tsdb: { out_of_order_time_window: formatDuration(outOfOrderWindowSeconds) } },
    scrape_configs: scrapeJobs.map((job) => ({
      job_name: job.name,
      ...('targetsFile' in job
        ? { file_sd_configs: [{ files: [job.targetsFile], refresh_interval: interval }] }
        : { static_configs: [{ targets: job.targets }] }),
    })),
  });
}
