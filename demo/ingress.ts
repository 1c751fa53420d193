import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../src/platform/clock.ts';

/** The counter that demand is read from. */
export const demandMetric = 'ingress_requests_total';

/**
 * The metrics of an ingress in front of the fleets. Demand is counted here rather than at the replicas, because an ingress
 * sees every request, rejected ones too, and misses none while Prometheus does not know a new replica yet.
 */
export interface Ingress {
  /** The address that Prometheus scrapes, `127.0.0.1:port`. */
  readonly target: string;
  /** Counts one request for each fleet. */
  arrival(): void;
  close(): Promise<void>;
}

/**
 * Serves the counter on a free loopback port, at every path. Each sample carries the time at which it was counted: when
 * this process stands still between a scrape and its answer, Prometheus would otherwise take the requests of that time for
 * a burst. In the demo's time 0.3 s are two minutes.
 */
export async function openIngress(fleets: readonly string[], clock: Clock): Promise<Ingress> {
  let requests = 0;
  const server = createServer((_, response) => {
    const counted = `${requests} ${Math.round(clock() * 1000)}`;
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(exposition(fleets, counted));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrival() {
      requests++;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The text that Prometheus reads. One counter is no reason to import the metrics client (docs/adr/0002-prom-client.md). */
function exposition(fleets: readonly string[], counted: string): string {
  const lines = fleets.map((fleet) => `${demandMetric}{fleet="${fleet}"} ${counted}\n`);
  return `# HELP ${demandMetric} Requests that came in, by the fleet they were sent to\n# TYPE ${demandMetric} counter\n${lines.join('')}`;
}
