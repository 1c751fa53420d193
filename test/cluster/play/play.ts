import { setTimeout as sleep } from 'node:timers/promises';
import { lateMs, type MachineWatch, watchMachine } from '../../../demo/machine-load.ts';
import type { LoadShape } from '../../../src/load-shapes/index.ts';
import type { Kubectl } from '../../../tools/cluster/kubectl.ts';
import { apply } from '../../real/server-dry-run.ts';
import { type ClusterAccess, openClusterAccess } from './cluster-access.ts';
import { quantile, startUps } from './fleet-timeline.ts';
import { type FleetWatch, watchFleets } from './fleet-watch.ts';
import { prometheusPath } from './forescale-api.ts';
import { seed } from './history.ts';
import { beganAt, loadLog, startLoad } from './load.ts';
import {
  forecastObject,
  names,
  namespace,
  nightlyObject,
  reactiveObject,
  steadyObject,
} from './scaled-objects.ts';
import { createDemand, scenario, secondsAtHour } from './scenario.ts';
import { openShowcase, type Showcase } from './showcase.ts';

/** The showcase in a real cluster under the load of a compressed week. */
export interface Play {
  readonly kubectl: Kubectl;
  readonly access: ClusterAccess;
  readonly showcase: Showcase;
  readonly watch: FleetWatch;
  /** Wanted requests per second of each fleet, by unix time. */
  readonly demand: LoadShape;
  /** Unix time of an hour of the simulated first day; hours above 24 are of the days after it. */
  timeAt(hour: number): number;
  /** Resolves when the simulated clock shows an hour. */
  reach(hour: number): Promise<void>;
  /** Why this machine was too busy for what is measured to count; undefined where it was not. */
  tooBusy(): string | undefined;
  /** How busy this machine was since the load began, in words. */
  machine(): string;
  stop(): Promise<void>;
}

/** Seconds for two k6 to begin, and how often their logs are looked at meanwhile. */
const [loadPatienceSeconds, loadLookSeconds] = [180, 1];

/** Deploys everything; resolves when the load has begun and every ScaledObject is applied. `days` is the length of the load. */
export async function openPlay(
  kubectl: Kubectl,
  kubeconfig: string,
  days: number,
  say: (line: string) => void,
): Promise<Play> {
  const closing: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const showcase = await openShowcase(kubectl, kubeconfig);
    closing.push(() => showcase.remove());
    const began = performance.now();
    const took = (what: string) => say(`${what} after ${((performance.now() - began) / 1000).toFixed(0)} s`);
    await showcase.install();
    took('./stack install: KEDA with its operator, metrics server and webhooks is ready');
    await showcase.deploy();
    took('./stack deploy: Forescale, Prometheus, kube-state-metrics, the chain and the twin are ready');
    const access = await openClusterAccess(kubeconfig);
    closing.push(() => access.stop());
    const watch = watchFleets(access, namespace);
    closing.push(() => watch.stop());
    const machine = watchMachine();
    closing.push(() => machine.close());
    const loadBegan = await beginLoad(kubectl, days);
    await seed(`${access.url}${prometheusPath}`, loadBegan, names.ours);
    const timeAt = (hour: number) => loadBegan + secondsAtHour(hour);
    const objects = [
      forecastObject(),
      reactiveObject(),
      steadyObject(),
      nightlyObject(Math.round(timeAt(0))),
    ];
    await apply(kubectl, objects);
    took(`k6 sends, two weeks of history are written and ${objects.length} ScaledObjects applied`);
    machine.countAnew();
    const demand = createDemand();
    return {
      ...{ kubectl, access, showcase, watch, timeAt, stop },
      demand: (unixSeconds) => demand(unixSeconds - loadBegan),
      reach: (hour) => sleep(Math.max(0, timeAt(hour) * 1000 - Date.now())),
      tooBusy: () => busyness(machine, watch),
      machine: () => machineWords(machine, watch),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts the load of both fleets, and resolves with the unix time at which that of ours began. */
async function beginLoad(kubectl: Kubectl, days: number): Promise<number> {
  for (const app of [names.ours, names.twin]) await startLoad(kubectl, app, { LOAD_DAYS: String(days) });
  for (let look = 0; look < loadPatienceSeconds / loadLookSeconds; look++) {
    const began = beganAt(await loadLog(kubectl, names.ours));
    if (began !== undefined) return began;
    await sleep(loadLookSeconds * 1000);
  }
  throw new Error(
    `k6 did not begin within ${loadPatienceSeconds} s; its log: ${await loadLog(kubectl, names.ours)}`,
  );
}

const startsOf = (watch: FleetWatch) =>
  startUps([names.ours, names.twin].flatMap((app) => watch.podsOf(app)));

function machineWords(machine: MachineWatch, watch: FleetWatch): string {
  const { loadAverage, cores } = machine.read();
  const starts = startsOf(watch);
  return `${loadAverage.toFixed(0)} processes wanted its ${cores} cores in the last minute; a tenth of ${starts.length} pods took ${quantile(starts, 0.9).toFixed(0)} s and more to start`;
}

/**
 * Why the machine decides what is measured: pods that start slower than the lead time Forescale is told cannot be ready in time, and
 * where this process itself stands still, so do the others.
 */
function busyness(machine: MachineWatch, watch: FleetWatch): string | undefined {
  const { eventLoopP99Ms, loadAverage, cores } = machine.read();
  const [slow, allowed] = [quantile(startsOf(watch), 0.9), scenario.leadTimeSeconds];
  const beside = `${loadAverage.toFixed(0)} processes wanted its ${cores} cores`;
  if (slow > allowed)
    return `this machine was too busy (${beside}): a tenth of the pods took ${slow.toFixed(0)} s and more to start, and the lead time is ${allowed} s`;
  if (eventLoopP99Ms > lateMs)
    return `this machine was too busy (${beside}): the test itself was late by ${eventLoopP99Ms.toFixed(0)} ms for 1 % of the time`;
  return undefined;
}
