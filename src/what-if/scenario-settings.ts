import { type HpaBehavior, hpaDefaults, kedaDefaults } from '../controllers/index.ts';
import type { Scenario } from './scenario.ts';

/** What a user says of a workload. What is undefined is as in {@link usualSettings}; durations are seconds. */
export interface ScenarioSettings {
  readonly target: number;
  /** Default: the target. */
  readonly capacity?: number | undefined;
  readonly minReplicas?: number | undefined;
  readonly maxReplicas?: number | undefined;
  readonly behavior?: HpaBehavior | undefined;
  readonly tolerance?: number | undefined;
  /** One start-up for all replicas, or several that are drawn from evenly. */
  readonly startUp?: number | readonly number[] | undefined;
  /** Default: nodes are always there. */
  readonly nodeDelaySeconds?: number | undefined;
  readonly replicasPerNode?: number | undefined;
  /** Default: the 95th percentile of the start-up. */
  readonly leadTimeSeconds?: number | undefined;
  readonly pollingIntervalSeconds?: number | undefined;
  readonly cooldownSeconds?: number | undefined;
  readonly activationThreshold?: number | undefined;
  readonly rateWindowSeconds?: number | undefined;
}

/** What is played where a user says nothing. */
export const usualSettings = {
  startUp: 120,
  minReplicas: 1,
  maxReplicas: kedaDefaults.maxReplicas,
  tolerance: hpaDefaults.tolerance,
  replicasPerNode: 4,
  pollingIntervalSeconds: kedaDefaults.pollingIntervalSeconds,
  cooldownSeconds: kedaDefaults.cooldownSeconds,
  activationThreshold: 0,
  rateWindowSeconds: 60,
} as const satisfies Partial<ScenarioSettings>;

/** The workload that these settings describe, with a server of that timing. */
export function scenarioOf(settings: ScenarioSettings, { lags, ...serving }: Scenario['serving']): Scenario {
  const all = { ...usualSettings, ...definedOnly(settings) };
  const { nodeDelaySeconds: delaySeconds, replicasPerNode, pollingIntervalSeconds } = all;
  return {
    target: all.target,
    capacity: all.capacity ?? all.target,
    minReplicas: all.minReplicas,
    maxReplicas: all.maxReplicas,
    behavior: all.behavior,
    tolerance: all.tolerance,
    startUp: {
      seconds: all.startUp,
      nodes: delaySeconds === undefined ? undefined : { delaySeconds, replicasPerNode },
    },
    leadTimeSeconds: all.leadTimeSeconds,
    keda: {
      pollingIntervalSeconds,
      cooldownSeconds: all.cooldownSeconds,
      activationThreshold: all.activationThreshold,
    },
    rateWindowSeconds: all.rateWindowSeconds,
    serving: { ...serving, lags: { ...lags, kedaPollingSeconds: pollingIntervalSeconds } },
  };
}

/** What cannot be, by the setting that is wrong. */
export function settingFaults(settings: ScenarioSettings): readonly {
  readonly setting: 'capacity' | 'maxReplicas';
  readonly message: string;
}[] {
  const {
    target,
    capacity = target,
    minReplicas,
    maxReplicas,
  } = { ...usualSettings, ...definedOnly(settings) };
  const faults = [];
  if (capacity < target) {
    const message = `${capacity} is below the target, ${target}; it is what a replica can carry at most`;
    faults.push({ setting: 'capacity' as const, message });
  }
  if (maxReplicas < minReplicas) {
    const message = `${maxReplicas} is below the fewest replicas, ${minReplicas}`;
    faults.push({ setting: 'maxReplicas' as const, message });
  }
  return faults;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without the settings that are undefined, which would hide the usual ones. */
function definedOnly<T extends object>(settings: T): Defined<T> {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Defined<T>;
}
