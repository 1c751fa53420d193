import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Usage } from './measured-process.ts';

/** Preloaded into every process that is measured: answers the message `usage` with what the process has used. */
const resolutionMs = 5;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();

/** How much later than due the loop came to a timer, ms: what is recorded is the time between two looks. */
const lateMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs);

process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  const usage: Usage = {
    cpuSeconds: (user + system) / 1e6,
    loopP99Ms: lateMs(delay.percentile(99)),
    loopMaxMs: lateMs(delay.max),
  };
  process.send?.({ usage });
  delay.reset();
});
process.channel?.unref();
// A process that does not end by itself with its parent, as the server, is told to.
process.once('disconnect', () => {
  if (process.listenerCount('disconnect') === 0) process.kill(process.pid);
});
