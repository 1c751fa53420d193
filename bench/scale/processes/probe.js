import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Preloaded into every process that is measured: answers the message `usage` with what the process has used. It is plain JavaScript,
 * because for a TypeScript file Node loads what strips types, which takes 10 MiB and more of a server that was built without them.
 */
const resolutionMs = 5;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();

/** How much later than due the loop came to a timer, ms: what is recorded is the time between two looks. */
const lateMs = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolutionMs);

process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  // `Usage` of measured-process.ts.
  const usage = {
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
