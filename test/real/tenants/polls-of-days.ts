import { createVirtualReplica } from '../../edges/scaler/no-harm/virtual-replica.ts';
import { createWorld } from '../../edges/scaler/no-harm/world.ts';

/**
 * A program: lets one replica live through days of polls in virtual time, and writes as JSON how much memory is in use at the end of
 * each day, after a collection of garbage. It runs in a process of its own, because a test's has much else in its heap.
 */
const [days = 0, pollSeconds = 0] = process.argv.slice(2).map(Number);
const daySeconds = 86_400;
const startSeconds = 1_764_547_200;
const steady = [0, 1, 2];
/** A job of an hour, every day another one with a query of its own. It is forgotten a day later. */
const jobHours = { from: 6, to: 7 };
/** The threshold of one ScaledObject is edited this often. */
const editSeconds = 6 * 3600;

const world = createWorld({
  scale: { stepSeconds: 60, seasonSeconds: daySeconds, historySeconds: 28 * daySeconds, metadata: {} },
  startSeconds,
  demands: Array.from({ length: steady.length + days }, (_, index) => ({
    kind: 'daily',
    level: 100 + index,
    noise: 0.1,
    glitchShare: 0,
    glitchValue: 0,
    salt: index,
    emptyIsZero: false,
  })),
  workloads: [],
  hpas: [],
  companion: 'twin',
  gaps: [],
  sourceEpisodes: [],
  modelEpisodes: [],
  calendarEpisodes: [],
  events: [],
});
const replica = createVirtualReplica(world);

function refOf(query: number, name: string, more: Readonly<Record<string, string>> = {}) {
  return {
    namespace: 'left',
    name,
    scalerMetadata: { query: `q${query}`, threshold: '10', ...more },
  };
}

/** What KEDA asks for now. */
function refsNow(day: number, secondOfDay: number) {
  const edit = Math.floor((day * daySeconds + secondOfDay) / editSeconds);
  const refs = steady.map((query) =>
    refOf(query, `app-${query}`, query === 0 ? { threshold: `${10 + edit}` } : {}),
  );
  const hour = secondOfDay / 3600;
  const isJob = hour >= jobHours.from && hour < jobHours.to;
  const job = refOf(steady.length + day, `job-${day}`, { historyTimeWindow: '1d' });
  return isJob ? [...refs, job] : refs;
}

function usedBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

await replica.welcome(refsNow(0, 0));
let polls = 0;
let failures = 0;
const bytes: number[] = [];
for (let day = 0; day < days; day++) {
  for (let second = 0; second < daySeconds; second += pollSeconds) {
    world.trueSeconds = startSeconds + day * daySeconds + second;
    world.clockSeconds = world.trueSeconds;
    await replica.refresh();
    for (const ref of refsNow(day, second)) {
      const { metrics, active } = await replica.ask(ref);
      polls++;
      if (metrics.kind === 'error' || active.kind === 'error') failures++;
    }
    replica.workloads.forgetIdle();
    // Timers and streams of the process have their turn, as in production.
    if (second % 3600 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  bytes.push(usedBytes());
}
process.stdout.write(JSON.stringify({ polls, failures, models: replica.models(), bytes }));
