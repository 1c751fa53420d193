import { once } from 'node:events';
import { type PrometheusOptions, startPrometheus } from './programs/prometheus.ts';
import { startVictoriaMetrics } from './programs/victoria-metrics.ts';

/**
 * A program for `npm run bench-scale`: an empty Prometheus or VictoriaMetrics on this machine. It tells its parent the port, and ends when
 * the parent is gone. Prometheus scrapes the port that is given.
 */
const [kind, scraped] = process.argv.slice(2);
const { env } = process;
const scrapeJobs: PrometheusOptions['scrapeJobs'] =
  scraped === undefined ? [] : [{ name: 'bench', targets: [`127.0.0.1:${scraped}`] }];
const { port, stop } =
  kind === 'prometheus' ? await startPrometheus({ env, scrapeJobs }) : await startVictoriaMetrics({ env });
process.send?.({ listening: port });
await once(process, 'disconnect');
await stop();
