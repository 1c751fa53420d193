import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The counter that demand is read from. */
export const demandMetric = 'ingress_requests_total';

/**
 * What an ingress exposes about the fleets behind it. Demand is counted here rather than at the replicas: here are all
 * requests that were offered, the shed ones too, and none is missed while Prometheus does not know a new replica yet.
 */
export interface Ingress {
  /** For Prometheus: `127.0.0.1:port`. */
  readonly target: string;
  /** Counts one request for each fleet. */
  arrival(): void;
  close(): Promise<void>;
}

/** Serves the counter on a free loopback port, whatever path is asked for. */
export async function openIngress(fleets: readonly string[]): Promise<Ingress> {
  let requests = 0;
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(exposition(fleets, requests));
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

/** By hand, because one counter is no reason for another import of the metrics client (docs/adr/0002-prom-client.md). */
function exposition(fleets: readonly string[], requests: number): string {
  const lines = fleets.map((fleet) => `${demandMetric}{fleet="${fleet}"} ${requests}\n`);
  return `# HELP ${demandMetric} Requests that came in, by the fleet they were sent to\n# TYPE ${demandMetric} counter\n${lines.join('')}`;
}
