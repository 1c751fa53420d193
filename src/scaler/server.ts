import { Server, ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { ForescaleError } from '../platform/errors.ts';
import { parseHostPort } from '../platform/http/host-port.ts';
import { ExternalScaler } from '../platform/protocol/external-scaler.ts';
import type { CertificateSource } from '../platform/tls/serving-certificate.ts';
import { allowCancelling } from './grpc/cancelled-calls.ts';
import { type Connections, createConnections, usualMostConnections } from './grpc/connections.ts';
import { answerDirectly } from './grpc/direct-calls.ts';
import { boundHalfOpenCalls } from './grpc/half-open-calls.ts';
import { createHalfOpenTable } from './grpc/half-open-table.ts';
import { type Listener, listen } from './grpc/listener.ts';
import { createReflection } from './grpc/reflection.ts';
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
  /** Most connections at once. Default: 250. */
  readonly maxConnections?: number;
}

/** Serves the scaler, grpc.health.v1 and reflection on `address` (host:port; port 0 picks a free one). */
export async function startGrpcServer(
  address: string,
  service: ScalerService,
  options: GrpcServerOptions,
): Promise<GrpcServer> {
  const { certificates, deadlineMs = requestDeadlineMs, maxConnections = usualMostConnections } = options;
  const callsAtOnce = options.maxPushed + maxCalls;
  // TLS is spoken before, so that what gRPC is given is in the clear.
  const connections = createConnections(maxConnections, (stream) => injector.injectConnection(stream));
  const table = createHalfOpenTable({ connections, deadlineMs, nowMs: () => performance.now() });
  const server = new Server({
    interceptors: [boundHalfOpenCalls(table, connections)],
    'grpc.max_receive_message_length': maxRequestBytes,
    'grpc.max_concurrent_streams': callsAtOnce,
    'grpc.max_connection_idle_ms': idleConnectionMs,
    // KEDA keeps one connection per scaler for hours; pings find a peer that is gone.
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
    // Nobody asks for its counts, which cost each call and connection.
    'grpc.enable_channelz': 0,
  });
  allowCancelling(server, callsAtOnce);
  answerDirectly(server, ExternalScaler.service, service.handlers, { connections, table, maxRequestBytes });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const health = new HealthImplementation({ '': 'NOT_SERVING', [serviceName]: 'NOT_SERVING' });
  server.addService(ExternalScaler.service, service.handlers);
  health.addToServer(server);
  createReflection().addToServer(server);
  const listener = await bind(address, certificates, connections);

  const setServing = (isServing: boolean) => {
    for (const name of ['', serviceName]) health.setStatus(name, isServing ? 'SERVING' : 'NOT_SERVING');
  };
  return {
    port: listener.port,
    setServing,
    async close(graceMs = 3_000) {
      setServing(false);
      listener.close();
      service.endStreams();
      // It calls back before its sessions are over, and can force none of them without channelz.
      server.tryShutdown(() => undefined);
      await connections.drain(graceMs);
    },
  };
}

async function bind(
  address: string,
  certificates: CertificateSource | undefined,
  connections: Connections,
): Promise<Listener> {
  const hostAndPort = parseHostPort('--grpc-address', address);
  return listen(hostAndPort, certificates, connections).catch((cause: Error) => {
    const message = `cannot listen for gRPC on ${address}: ${cause.message}; choose another with --grpc-address`;
    throw new ForescaleError('invalid-argument', message, { cause });
  });
}
