import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { ConnectionSettings } from '../../history/http/connection-settings.ts';
import { openPrometheus } from '../../history/prometheus/prometheus.ts';
import { systemClock } from '../../platform/clock.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { formatMoment } from '../../platform/moment.ts';
import { openMetricsText } from '../../seed/openmetrics.ts';
import { type ReadBack, readBack } from '../../seed/read-back.ts';
import { remoteWrite } from '../../seed/remote-write.ts';
import { checkSeriesName, type Series, selectorOf } from '../../seed/series.ts';
import type { CommandIo } from '../command-io.ts';
import { createFlagValues, type FlagValues } from '../flag-values.ts';
import { readMadeTraffic, type TrafficFlags } from '../made-traffic.ts';
import { type SeedPlan, type SeedValues, seedSeries } from '../seed-series.ts';
import { addSourceOptions, readConnection, type SourceFlags } from '../source-flags.ts';

interface SeedFlags extends SourceFlags, TrafficFlags {
  readonly openmetrics?: string;
  readonly csv?: string;
  readonly days?: string;
  readonly step?: string;
  readonly metric?: string;
  readonly labels: string;
  readonly as: Series['kind'];
  readonly until?: string;
  readonly json?: boolean;
}

type Destination =
  | { readonly kind: 'prometheus'; readonly connection: ConnectionSettings }
  | { readonly kind: 'openmetrics'; readonly path: string };

const examples = `
Without --csv the history is a made one: weekdays with morning ramp, lunch dip and afternoon peak, quieter weekends.
A holiday is like a Sunday; a flash sale comes on top: up within 5 minutes, 15 at its height, then it dies away.
Values are rates, per second; --as counter adds them up to a counter that rate() takes apart again.
A Prometheus takes old samples only where storage.tsdb.out_of_order_time_window covers them, and is started with
--web.enable-remote-write-receiver. What was written is read back, and what is missing is said.

Examples:
  forescale seed --prometheus http://localhost:9090
  forescale seed --prometheus http://localhost:9090 --csv requests.csv --metric requests_per_second --as gauge
  forescale seed --prometheus http://localhost:9090 --days 28 --growth 0.02 --holidays 2026-12-25,2026-12-26
  forescale seed --prometheus http://localhost:9090 --flash-sales 2026-11-27T18:00Z=300
  forescale seed --openmetrics history.om && promtool tsdb create-blocks-from openmetrics history.om data/
`;

/** `forescale seed`: writes history into Prometheus, or as OpenMetrics text for promtool. */
export function addSeedCommand(command: Command, io: CommandIo): void {
  addSourceOptions(command, ['prometheus'])
    .option('--openmetrics <file>', 'write OpenMetrics text for promtool instead; - is stdout')
    .option('--csv <file>', 'the history, moved so that its last row is at --until; - is stdin')
    .option('--days <number>', 'length of the made history (default: 14)')
    .option('--step <duration>', "distance of its rows (default: 60s, of a CSV its rows' own)")
    .option('--peak <rate>', 'its highest rate, requests per second (default: 100)')
    .option('--base <rate>', 'its rate in the dead of night (default: a tenth of the peak)')
    .option('--weekend <ratio>', 'how high a weekend rises, as a share of a weekday (default: 0.45)')
    .option(
      '--growth <ratio>',
      'growth a week, such as 0.02; --peak is what it comes to at the end (default: 0)',
    )
    .option('--holidays <list>', 'days that are like a Sunday, UTC: 2026-12-25,2026-12-26')
    .option('--flash-sales <list>', 'requests per second on top from a moment on: time=rate,time=rate')
    .option('--noise <ratio>', 'largest deviation noise makes, as a share of the rate (default: 0.03)')
    .option('--seed <number>', 'chooses its noise (default: 1)')
    .option('--metric <name>', 'default: app_requests_total, as a gauge app_requests_per_second')
    .option('--labels <list>', 'labels of the series: name=value,name=value', '')
    .addOption(new Option('--as <kind>', 'kind of metric').choices(['counter', 'gauge']).default('counter'))
    .option('--until <time>', 'time of the last row (default: now)')
    .option('--json', 'print what was written as one JSON line')
    .addHelpText('after', examples)
    .action((flags: SeedFlags) => run(flags, io));
}

async function run(flags: SeedFlags, io: CommandIo): Promise<void> {
  const values = createFlagValues('seed');
  const destination = readDestination(flags, values);
  const plan = readPlan(flags, values);
  values.check();
  checkSeriesName(plan.metric, plan.labels);

  const series = await seedSeries(plan, { nowSeconds: systemClock(), stdin: io.stdin, signal: io.signal });
  if (series.timestamps.length === 0) {
    throw new ForescaleError(
      'no-data',
      `--csv: ${flags.csv} has no row with a value; there is nothing to write`,
    );
  }
  if (destination.kind === 'openmetrics')
    await writeOpenMetrics(series, destination.path, flags.json === true, io);
  else await writePrometheus(series, destination.connection, flags.json === true, io);
}

function readDestination(flags: SeedFlags, values: FlagValues): Destination {
  const { prometheus, openmetrics, json } = flags;
  if ((prometheus === undefined) === (openmetrics === undefined)) {
    values.fault('--prometheus', 'give either --prometheus URL or --openmetrics FILE');
  }
  if (openmetrics === undefined) {
    const connection = prometheus === undefined ? { url: '' } : readConnection('prometheus', flags, values);
    return { kind: 'prometheus', connection };
  }
  if (openmetrics === '-' && json === true) {
    values.fault('--json', 'cannot be used with --openmetrics -, which needs stdout for itself');
  }
  return { kind: 'openmetrics', path: openmetrics };
}

function readPlan(flags: SeedFlags, values: FlagValues): SeedPlan {
  const { until, metric, as: kind } = flags;
  return {
    values: readSeedValues(flags, values),
    untilSeconds: until === undefined ? undefined : values.moment('--until', until),
    metric: metric ?? (kind === 'counter' ? 'app_requests_total' : 'app_requests_per_second'),
    labels: values.pairs('--labels', flags.labels),
    kind,
  };
}

/** Flags that describe a made history, and so have no place beside --csv. */
const madeOnly = {
  days: '--days',
  peak: '--peak',
  base: '--base',
  weekend: '--weekend',
  noise: '--noise',
  growth: '--growth',
  holidays: '--holidays',
  flashSales: '--flash-sales',
  seed: '--seed',
} as const satisfies Partial<Record<keyof SeedFlags, string>>;

function readSeedValues(flags: SeedFlags, values: FlagValues): SeedValues {
  const { csv, days = '14', step } = flags;
  if (csv !== undefined) {
    for (const [key, flag] of Object.entries(madeOnly)) {
      if (flags[key as keyof typeof madeOnly] !== undefined)
        values.fault(flag, 'describes a made history; leave it out beside --csv');
    }
    const stepSeconds = step === undefined ? undefined : values.seconds('--step', step);
    return { kind: 'csv', path: csv, stepSeconds };
  }
  const dayLimit = (value: number) => value > 0 && value <= 400;
  return {
    kind: 'working-week',
    days: values.number('--days', days, dayLimit, 'a number of days above 0, at most 400'),
    stepSeconds: values.seconds('--step', step ?? '60s'),
    traffic: readMadeTraffic(flags, values),
  };
}

async function writeOpenMetrics(series: Series, path: string, asJson: boolean, io: CommandIo): Promise<void> {
  const text = openMetricsText(series);
  if (path === '-') {
    for (const chunk of text) io.stdout(chunk);
    return;
  }
  try {
    await pipeline(
      Readable.from(text),
      createWriteStream(path),
      io.signal === undefined ? {} : { signal: io.signal },
    );
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
  const source = openPrometheus(connection);
  try {
    await remoteWrite({
      ...connection,
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
      ...(found === undefined
        ? {}
        : {
            found: found.found,
            missing: found.missing.map(({ fromSeconds, toSeconds, samples }) => ({
              from: fromSeconds,
              until: toSeconds,
              samples,
            })),
          }),
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
