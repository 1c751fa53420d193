import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ConnectionSettings } from '../../history/http/connection-settings.ts';
import { proxiesOf } from '../../history/http/proxies.ts';
import { openPrometheus } from '../../history/prometheus/prometheus.ts';
import { systemClock } from '../../platform/clock.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { formatMoment } from '../../platform/moment.ts';
import { openMetricsText } from '../../seed/openmetrics.ts';
import { type ReadBack, readBack } from '../../seed/read-back.ts';
import { remoteWrite } from '../../seed/remote-write.ts';
import { seedSeries } from '../../seed/seed-series.ts';
import { checkSeriesName, type Series, selectorOf } from '../../seed/series.ts';
import type { CommandIo } from '../command-io.ts';
import { madeFlags, type SeedFlags } from '../commands/seed.ts';
import { type Flag, flagName } from '../flags.ts';
import { readConnection } from '../source-flags.ts';
import { refuseCsvFlags } from './load-history.ts';

/** `forescale seed`: writes history into Prometheus, or as OpenMetrics text for promtool. */
export async function seed(flags: SeedFlags, io: CommandIo): Promise<void> {
  const destination = readDestination(flags);
  checkHistoryFlags(flags);
  flags.check();
  const { csv, json, as, labels, openmetrics = '-' } = flags.values;
  const usualMetric = as === 'counter' ? 'app_requests_total' : 'app_requests_per_second';
  const { metric = usualMetric } = flags.values;
  checkSeriesName(metric, labels);

  const plan = { ...flags.values, metric };
  const series = await seedSeries(plan, {
    nowSeconds: systemClock(),
    stdin: io.stdin,
    signal: io.signal,
    onWarning: (warning) => io.stderr(`--csv: ${warning}\n`),
  });
  if (series.timestamps.length === 0) {
    throw new ForescaleError('no-data', `--csv: ${csv} has no row with a value; there is nothing to write`);
  }
  if (destination === undefined) await writeOpenMetrics(series, openmetrics, json, io);
  else await writePrometheus(series, destination, json, io);
}

/** The connection to a Prometheus; undefined where OpenMetrics text is written instead. */
function readDestination(flags: SeedFlags): ConnectionSettings | undefined {
  const { prometheus, openmetrics, json } = flags.values;
  if ((prometheus === undefined) === (openmetrics === undefined)) {
    flags.wrong('--prometheus', 'give either --prometheus URL or --openmetrics FILE');
  }
  if (openmetrics === '-' && json) {
    flags.wrong('--json', 'cannot be used with --openmetrics -, which needs stdout for itself');
  }
  if (prometheus === undefined || openmetrics !== undefined) return undefined;
  return readConnection('prometheus', flags);
}

/** A CSV file and a made history exclude each other, and a made one has a base below its peak. */
function checkHistoryFlags(flags: SeedFlags): void {
  const { csv, baseRequestsPerSecond: base, peakRequestsPerSecond: peak } = flags.values;
  if (csv === undefined && base !== undefined && base > peak) {
    const text = flags.textOf('baseRequestsPerSecond');
    flags.wrong('--base', `"${text}" must be ${madeFlags.baseRequestsPerSecond.allowed}`);
  }
  if (csv === undefined) {
    refuseCsvFlags(flags);
    return;
  }
  for (const [tableName, flag] of Object.entries<Flag<unknown>>(madeFlags)) {
    if (flags.isGiven(tableName as keyof typeof madeFlags))
      flags.wrong(flagName(tableName, flag), 'describes a made history; leave it out beside --csv');
  }
}

async function writeOpenMetrics(series: Series, path: string, asJson: boolean, io: CommandIo): Promise<void> {
  const text = openMetricsText(series);
  if (path === '-') {
    for (const chunk of text) io.stdout(chunk);
    return;
  }
  try {
    await pipeline(Readable.from(text), createWriteStream(path), { signal: io.signal });
  } catch (cause) {
    if (cause instanceof ForescaleError || io.signal?.aborted === true) throw cause;
    throw new ForescaleError('invalid-argument', `--openmetrics: cannot write ${path}: ${String(cause)}`, {
      cause,
    });
  }
  report(series, path, undefined, asJson, io);
}

async function writePrometheus(
  series: Series,
  connection: ConnectionSettings,
  asJson: boolean,
  io: CommandIo,
): Promise<void> {
  const { signal } = io;
  const proxies = proxiesOf(io.env);
  const source = openPrometheus(connection, { proxies });
  try {
    await remoteWrite({
      ...connection,
      proxies,
      series,
      signal,
      onProgress: (written) => {
        if (io.isTty) io.stderr(`\rwritten ${written} of ${series.timestamps.length} samples`);
      },
    });
    if (io.isTty) io.stderr('\nreading them back\n');
    const found = await readBack(source, series, { signal });
    report(series, source.address, found, asJson, io);
    if (found.missing.length > 0) throw incomplete(source.address, found);
  } finally {
    await source.close();
  }
}

function report(
  series: Series,
  to: string,
  found: ReadBack | undefined,
  asJson: boolean,
  io: CommandIo,
): void {
  const { metric, labels, kind, timestamps } = series;
  const [first = Number.NaN, last = Number.NaN] = [timestamps[0], timestamps.at(-1)];
  if (asJson) {
    const line = {
      to,
      metric,
      labels,
      as: kind,
      from: first,
      until: last,
      samples: timestamps.length,
      found: found?.found,
      missing: found?.missing.map(({ fromSeconds: from, toSeconds: until, samples }) => ({
        from,
        until,
        samples,
      })),
    };
    io.stdout(`${JSON.stringify(line)}\n`);
    return;
  }
  const readable = found === undefined ? '' : `, ${Math.min(found.found, found.written)} read back`;
  io.stdout(
    `${timestamps.length} samples of ${selectorOf(series)} from ${formatMoment(first)} to ${formatMoment(last)} written to ${to}${readable}\n`,
  );
}

function incomplete(address: string, { written, missing }: ReadBack): ForescaleError {
  const lost = missing.reduce((sum, { samples }) => sum + samples, 0);
  const parts = missing
    .slice(0, 3)
    .map(
      ({ fromSeconds, toSeconds, samples }) =>
        `${samples} from ${formatMoment(fromSeconds)} to ${formatMoment(toSeconds)}`,
    );
  return new ForescaleError(
    'source-rejected',
    `${lost} of ${written} samples cannot be read back from ${address}: ${parts.join(', ')}${missing.length > 3 ? ', …' : ''}; its retention (--storage.tsdb.retention.time) and storage.tsdb.out_of_order_time_window must both be longer than the history`,
  );
}
