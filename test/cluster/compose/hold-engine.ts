import { startDockerEngine } from './docker-engine.ts';

/** Starts an engine, says where, and holds it until it is ended from outside, as Ctrl-C does. */
const { folder } = await startDockerEngine();
console.log(folder);
setInterval(() => undefined, 60_000);
