import type { Socket } from 'node:net';

/**
 * Loaded into a server before all else (`--import`): ends it when its standard input, a pipe, ends. The test holds the other end, so
 * that no server is left however the test ends, SIGKILL included.
 */
const input = process.stdin as unknown as Socket;
input.on('end', () => process.kill(process.pid, 'SIGTERM')).resume();
// The input alone keeps no server running that was told to stop.
input.unref();
