import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';

/** The server that bench-api.ts compares the API with: a bare Fastify route that gives a small answer, or a text as long as the API's. */
const { ANSWER_BYTES: bytes = '0' } = process.env;
const server = fastify();
const text = JSON.stringify({ text: 'x'.repeat(Math.max(0, Number(bytes) - 11)) });
server.get('/small', async () => ({ status: 'ok' }));
server.get('/alike', async (_request, reply) => reply.type('application/json').send(text));
await server.listen({ host: '127.0.0.1', port: 0 });
const { port } = server.server.address() as AddressInfo;
process.stderr.write(`${JSON.stringify({ msg: 'listening', port })}\n`);
process.once('SIGTERM', () => server.close());
