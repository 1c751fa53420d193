import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';

/** What bench/telemetry-app/bench-app.ts compares the telemetry app with: the same answer from Fastify and nothing else. */
const server = fastify();
server.post<{ Body: unknown[] }>('/process', async ({ body }) => [...body, 'a']);
await server.listen({ host: '127.0.0.1', port: 0 });
const { port } = server.server.address() as AddressInfo;
process.stderr.write(`${JSON.stringify({ msg: 'listening', port })}\n`);
process.once('SIGTERM', () => server.close());
