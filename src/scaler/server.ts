import { Server, type ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { ForescaleError } from '../platform/errors.ts';
import { parseHostPort } from '../platform/http/host-port.ts';
import { ExternalScaler } from '../platform/protocol/external-scaler.ts';
import type { CertificateSource } from '../platform/tls/serving-certificate.ts';
import { createGrpcCredentials } from './grpc/credentials.ts';
import { createReflection } from './grpc/reflection.ts';
import { requestDeadline } from './grpc/request-deadline.ts';
import type { ScalerService } from './service.ts';

const serviceName = 'externalscaler.ExternalScaler';
/** Largest request. KEDA's metadata is small: a long query is some kilobytes. A larger request is a mistake or an attack. */
const maxRequestBytes = 64 * 1024;
/** Calls at once on one connection, beside the pushed ones: KEDA asks for one ScaledObject after the other, in some parallel workers. */
const maxCalls = 1_000;
/** A request is some kilobytes. A call that has sent none for this long is a mistake or an attack. */
const requestDeadlineMs = 10_000;
/** KEDA asks twice a minute over the connections that it keeps; one without a call for this long is of nobody. */
const idleConnectionMs = 300_000;

export interface GrpcServer {
  /** Port it listens on. */
  readonly port: number;
  /** Sets the answer of grpc.health.v1, for the server as a whole and for the scaler. */
  setServing(isServing: boolean): void;
  /** Reports NOT_SERVING, ends streams, lets unary calls finish, and cuts the remaining connections after `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

export interface GrpcServerOptions {
  /** Serves in the clear without. */
  readonly certificates?: CertificateSource | undefined;
  /** A call whose request has not come within this time is ended. Default: 10 s. */
  readonly deadlineMs?: number;
  /**
   * Most triggers of type external-push. KEDA holds a stream open for each of them, all on one connection. A connection that has no
   * stream left blocks KEDA's polls without end, because grpc-go waits for one and KEDA sets no deadline.
   */
  readonly maxPushed: number;
}

/** Serves the scaler, grpc.health.v1 and reflection on `address` (host:port; port 0 picks a free one). */
export async function startGrpcServer(
  address: string,
  service: ScalerService,
  { certificates, deadlineMs = requestDeadlineMs, maxPushed }: GrpcServerOptions,
): Promise<GrpcServer> {
  const server = new Server({
    interceptors: [requestDeadline(deadlineMs)],
    'grpc.max_receive_message_length': maxRequestBytes,
    'grpc.max_concurrent_streams': maxPushed + maxCalls,
    'grpc.max_connection_idle_ms': idleConnectionMs,
    // KEDA keeps one connection per scaler for hours; pings find a peer that is gone.
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
  });
  const health = new HealthImplementation({ '': 'NOT_SERVING', [serviceName]: 'NOT_SERVING' });
  server.addService(ExternalScaler.service, service.handlers);
  health.addToServer(server);
  createReflection().addToServer(server);
  const port = await bind(server, address, createGrpcCredentials(certificates));

  const setServing = (isServing: boolean) => {
    for (const name of ['', serviceName]) health.setStatus(name, isServing ? 'SERVING' : 'NOT_SERVING');
  };
  return {
    port,
    setServing,
    async close(graceMs = 3_000) {
      setServing(false);
      service.endStreams();
      await new Promise<void>((resolve) => {
        // grpc-js does not call back where a peer has left half of a stream open and reads no more.
        const force = setTimeout(() => {
          server.forceShutdown();
          resolve();
        }, graceMs);
        server.tryShutdown(() => {
          clearTimeout(force);
          resolve();
        });
      });
    },
  };
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    const { host, port: wanted } = parseHostPort('--grpc-address', address);
    server.bindAsync(`${host.includes(':') ? `[${host}]` : host}:${wanted}`, credentials, (error, port) => {
      if (error === null) return resolve(port);
      const message = `cannot listen for gRPC on ${address}: ${error.message}; choose another with --grpc-address`;
      reject(new ForescaleError('invalid-argument', message, { cause: error }));
    });
  });
}
