import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';

/** The server that bench-app.ts compares the telemetry app with: a bare Fastify route that gives the same answer. */
const server = fastify();
server.post<{ Body: unknown[] }>('/process', async ({ body }) => [...body, 'a']);
await server.listen({ host: '127.0.0.1', port: 0 });
const { port } = server.server.address() as AddressInfo;
process.stderr.write(`${JSON.stringify({ msg: 'listening', port })}\n`);
process.once('SIGTERM', () => server.close());
