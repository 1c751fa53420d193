import { remoteWrite } from '../../../src/seed/remote-write.ts';
import { integrateRates, type Series } from '../../../src/seed/series.ts';
import { namespace } from './scaled-objects.ts';
import { createDemand, scenario } from './scenario.ts';

/** Two simulated weeks of an app's requests, a row a second, that end where the load began. */
export function historyOf(app: string, beganAtSeconds: number): Series {
  const rows = scenario.historyDays * scenario.daySeconds;
  const timestamps = Float64Array.from(
    { length: rows },
    (_, row) => Math.floor(beganAtSeconds) - rows + 1 + row,
  );
  const demand = createDemand();
  const rates = timestamps.map((seconds) => demand(seconds - beganAtSeconds));
  return {
    metric: 'app_requests_total',
    labels: {
      ...{ namespace, app, job: 'telemetry-app', instance: 'history' },
      ...{ method: 'POST', route: '/process', status: '200' },
    },
    kind: 'counter',
    timestamps,
    values: integrateRates(rates, 1),
  };
}

/** Writes the history as `forescale seed` would: by remote write. */
export async function seed(prometheusUrl: string, beganAtSeconds: number, app: string): Promise<void> {
  await remoteWrite({ url: prometheusUrl, series: historyOf(app, beganAtSeconds) });
}
