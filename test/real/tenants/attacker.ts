import { setPriority } from 'node:os';
import { type Attack, startAttack } from './attacks.ts';

/**
 * A program: attacks the server at a port until it is told to stop. It has the lowest priority, because what it takes of the machine
 * is not the server's. Writes the outcome as a line of JSON.
 */
const [port, attack] = process.argv.slice(2) as [string, string];
setPriority(19);
const ends = new AbortController();
process.on('SIGTERM', () => {
  ends.abort();
  process.exit();
});
const started = startAttack(Number(port), JSON.parse(attack) as Attack, ends.signal);
const [slowFailures, otherFailures, opened] = await Promise.all([
  started.slowFailures,
  started.otherFailures,
  started.opened,
]);
process.stdout.write(`${JSON.stringify({ slowFailures, otherFailures, opened })}\n`);
