import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Registry } from 'prom-client';

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

export async function openIngress(fleets: readonly string[]): Promise<Ingress> {
  const registry = new Registry();
  const requests = new Counter({
    name: demandMetric,
    help: 'Requests that came in, by the fleet they were sent to',
    labelNames: ['fleet'],
    registers: [registry],
  });
  for (const fleet of fleets) requests.inc({ fleet }, 0);
  const server = createServer((_, response) => {
    registry.metrics().then(
      (text) => response.setHeader('content-type', registry.contentType).end(text),
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrival() {
      for (const fleet of fleets) requests.inc({ fleet });
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
