import { readFile } from 'node:fs/promises';
import { createCronReplicas, kedaDefaults } from '../../controllers/index.ts';
import { createTimeZone } from '../../forecast/index.ts';
import { rateWindowSeconds } from '../../history/prometheus/rate-window.ts';
import type { parseAutoscaler } from '../../keda-sim/index.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { parseTriggerMetadata } from '../../scaler/trigger-metadata.ts';
import { playedServer, readTiming } from '../../server/timing.ts';
import {
  type OwnAutoscaler,
  type Participant,
  type PolicyName,
  participantsOf,
  policies,
  type Scenario,
  type ScenarioSettings,
  scenarioOf,
  settingFaults,
} from '../../what-if/index.ts';
import type { CommandIo } from '../command-io.ts';
import type { WhatIfFlags } from '../commands/what-if.ts';

type Manifest = ReturnType<typeof parseAutoscaler>;

/** What is played: the workload, and who scales it. */
export interface Plan {
  readonly scenario: Scenario;
  readonly participants: readonly Participant[];
  readonly manifest: Manifest | undefined;
  /** The query of the flags, or else of the manifest. */
  readonly query: string | undefined;
}

/** Flags of the settings that can be wrong beside each other. */
const flagOf = { capacity: '--capacity', maxReplicas: '--max' } as const;

/** Reads the flags, and the manifest where a flag says nothing. Throws every field error at once. */
export async function readPlan(flags: WhatIfFlags, io: CommandIo): Promise<Plan> {
  const { values } = flags;
  const manifest = values.manifest === undefined ? undefined : await readManifest(values.manifest);
  if (manifest !== undefined && manifest.ignored.length > 0)
    io.stderr(`${values.manifest}: not played: ${manifest.ignored.join(', ')}\n`);
  const own = ownRule(manifest);
  const target = values.target ?? own.target ?? Number.NaN;
  if (Number.isNaN(target)) {
    flags.wrong('--target', `${whyNoTarget(manifest)}; give for example --target 10`);
  }
  const query = values.query ?? own.query;
  const ofQuery = values.prometheus === undefined ? 0 : rateWindowSeconds(query ?? '');
  const settings: ScenarioSettings = {
    ...values,
    target,
    minReplicas: values.minReplicas ?? (manifest === undefined ? undefined : minReplicasOf(manifest)),
    maxReplicas: values.maxReplicas ?? manifest?.maxReplicas,
    behavior: manifest?.behavior,
    leadTimeSeconds: values.leadTimeSeconds ?? own.leadTimeSeconds,
    pollingIntervalSeconds: values.pollingIntervalSeconds ?? manifest?.pollingIntervalSeconds,
    cooldownSeconds: values.cooldownSeconds ?? manifest?.cooldownSeconds,
    activationThreshold: own.activationThreshold,
    rateWindowSeconds: values.rateWindowSeconds ?? (ofQuery > 0 ? ofQuery : undefined),
  };
  for (const { setting, message } of settingFaults(settings)) flags.wrong(flagOf[setting], message);
  if (values.json && values.yaml) flags.wrong('--yaml', 'cannot be used beside --json; keep one of them');
  const scenario = scenarioOf(settings, playedServer(readTiming()));
  const participants = readParticipants(flags, own.participant(target, scenario.capacity));
  return { manifest, query, participants, scenario };
}

function minReplicasOf(manifest: NonNullable<Manifest>): number {
  return manifest.minReplicas ?? kedaDefaults.minReplicas;
}

function whyNoTarget(manifest: Manifest | undefined): string {
  switch (manifest?.rule.kind) {
    case 'cpu':
      return 'the manifest scales on CPU, which does not say how much demand a replica carries';
    case 'cron':
      return 'the manifest scales by the clock, which does not say how much demand a replica carries';
    default:
      return 'nothing says how much demand a replica carries';
  }
}

async function readManifest(file: string): Promise<Manifest> {
  let yaml: string;
  try {
    yaml = await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ForescaleError('invalid-argument', `--manifest ${file} cannot be read: ${reason}`);
  }
  // Loaded where there is a manifest, because gRPC comes with it.
  const { parseAutoscaler } = await import('../../keda-sim/index.ts');
  return parseAutoscaler(yaml, file);
}

interface OwnRule {
  readonly target?: number;
  readonly query?: string | undefined;
  readonly leadTimeSeconds?: number;
  readonly activationThreshold?: number | undefined;
  participant(target: number, capacity: number): Participant | undefined;
}

/** How the user's own autoscaler takes part. */
function ownRule(manifest: Manifest | undefined): OwnRule {
  if (manifest === undefined) return { participant: () => undefined };
  const { rule } = manifest;
  const participant = (policy: PolicyName, setting: number): Participant => ({
    name: 'own',
    policy,
    setting,
    isTuned: false,
    own: ownAutoscalerOf(manifest),
  });
  switch (rule.kind) {
    case 'demand':
      return { ...rule, participant: (target) => participant('reactive', target / rule.target) };
    case 'cpu':
      // A replica that carries its capacity uses all of the CPU that it requests.
      return {
        participant: (target, capacity) => participant('reactive', target / (rule.utilization * capacity)),
      };
    case 'cron':
      return { participant: () => participant('reactive', 1) };
    case 'external': {
      const { settings } = parseTriggerMetadata(rule.metadata);
      const { threshold, query, serviceLevel, leadTimeSeconds, activationThreshold } = settings;
      return {
        target: threshold,
        query,
        activationThreshold,
        ...(leadTimeSeconds === 'auto' ? {} : { leadTimeSeconds }),
        participant: () => participant('forescale', serviceLevel),
      };
    }
  }
}

/** What the manifest scales by the clock: the HPA takes the most that any cron trigger asks for. */
function ownAutoscalerOf({ rule, cron }: Manifest): OwnAutoscaler {
  return {
    followsDemand: rule.kind !== 'cron',
    createSchedule() {
      const schedules = cron.map((one) => createCronReplicas(one, createTimeZone(one.timeZone).offsetAt));
      return (unixSeconds) => Math.max(0, ...schedules.map((replicasAt) => replicasAt(unixSeconds)));
    },
  };
}

function readParticipants(flags: WhatIfFlags, own: Participant | undefined): readonly Participant[] {
  const known = Object.keys(policies) as PolicyName[];
  const asked = flags.values.policies ?? [...(own === undefined ? [] : ['own']), ...known];
  return asked.flatMap((name): readonly Participant[] => {
    if (name === 'own') {
      if (own === undefined) flags.wrong('--policy', 'own is the autoscaler of --manifest; give its file');
      return own === undefined ? [] : [own];
    }
    const policy = known.find((one) => one === name);
    if (policy !== undefined) return participantsOf([policy], flags.values.serviceLevel);
    flags.wrong('--policy', `"${name}" is not known; choose from own, ${known.join(', ')}`);
    return [];
  });
}
