import { readFile } from 'node:fs/promises';
import { type HpaBehavior, kedaDefaults } from '../../controllers/index.ts';
import {
  createKedaSim,
  createTimelinePrinter,
  type KedaSimOptions,
  parseScaledObject,
  type ScaledObjectManifest,
  systemTimers,
  toSentMetadata,
} from '../../keda-sim/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { grpcAddress } from '../../platform/http/host-port.ts';
import { splitPair } from '../../platform/setting-values.ts';
import { withoutUserInfo } from '../../platform/without-user-info.ts';
import type { CommandIo } from '../command-io.ts';
import { defaultAddress, type KedaSimFlags } from '../commands/keda-sim.ts';
import { readTriggerCertificates } from './trigger-certificates.ts';

/** `forescale keda-sim`: plays KEDA and the HPA against a running scaler and prints what they would do. */
export async function kedaSim(flags: KedaSimFlags, io: CommandIo): Promise<void> {
  const options = await readOptions(flags, io);
  const address = options.scaler;
  const { forSeconds, json } = flags.values;
  const printer = createTimelinePrinter({ asJson: json, print: io.stdout });
  const sim = createKedaSim({ ...options, onEvent: printer.event });
  if (io.isTty) {
    const { namespace, name } = options.scaledObject;
    io.stderr(`KEDA asks ${address} for ${namespace}/${name} during ${formatDuration(forSeconds)}\n`);
  }
  sim.start();
  try {
    await systemTimers.wait(forSeconds, io.signal ?? new AbortController().signal);
  } finally {
    await sim.stop();
  }
  const state = sim.state();
  printer.summary(state, sim.calls());
  if (state.polls > 0 && state.failedPolls === state.polls && state.lastFailure !== null) {
    const { what, code, message } = state.lastFailure;
    throw new ForescaleError(
      'source-unreachable',
      `none of ${state.polls} polls of the scaler at ${address} succeeded; the last said ${what} ${code}: ${message}`,
    );
  }
}

/** What is played: the flags, and the manifest where a flag says nothing. */
async function readOptions(
  flags: KedaSimFlags,
  io: CommandIo,
): Promise<KedaSimOptions & { readonly scaler: string }> {
  const { values } = flags;
  const manifest = values.scaledObject === undefined ? undefined : await readManifest(values.scaledObject);
  if (manifest !== undefined && manifest.ignored.length > 0) {
    io.stderr(`${values.scaledObject}: not played: ${manifest.ignored.join(', ')}\n`);
  }
  const metadata = { ...manifest?.metadata, ...readMetadata(flags) };
  const address = readAddress(flags, metadata);
  const replicas = readReplicas(flags, manifest);
  const certificates = await readTriggerCertificates(flags);
  flags.check();
  warnOfSentVariables(metadata, address, io);

  return {
    scaler: address,
    certificates,
    ...replicas,
    idleReplicas: manifest?.idleReplicas,
    cooldownSeconds: values.cooldownSeconds ?? manifest?.cooldownSeconds,
    scaledObject: {
      namespace: values.namespace ?? manifest?.namespace ?? 'default',
      name: values.name ?? manifest?.name ?? 'keda-sim',
      metadata: toSentMetadata(metadata, address, io.env),
    },
    pollingIntervalSeconds: values.pollingIntervalSeconds ?? manifest?.pollingIntervalSeconds,
    hpaSyncSeconds: values.hpaSyncSeconds,
    startUpSeconds: values.startUpSeconds,
    metricType: manifest?.metricType ?? 'AverageValue',
    push: values.push || (manifest?.isPush ?? false),
    useCachedMetrics: values.cached || (manifest?.useCachedMetrics ?? false),
    behavior: behaviorOf(flags, manifest),
    tolerance: values.tolerance,
  };
}

async function readManifest(file: string): Promise<ScaledObjectManifest> {
  let yaml: string;
  try {
    yaml = await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ForescaleError('invalid-argument', `--scaled-object ${file} cannot be read: ${reason}`);
  }
  return parseScaledObject(yaml, file);
}

function readMetadata(flags: KedaSimFlags): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const entry of flags.values.metadata ?? []) {
    const [key, value] = splitPair(entry) ?? [];
    if (key !== undefined && value !== undefined) metadata[key] = value;
    else {
      const message = `--metadata ${entry} has no key=value form, for example --metadata threshold=10`;
      flags.add('--metadata', message);
    }
  }
  return metadata;
}

function readAddress(flags: KedaSimFlags, metadata: Readonly<Record<string, string>>): string {
  const { scalerAddress = defaultAddress } = metadata;
  const address = flags.values.address ?? grpcAddress.parse(scalerAddress);
  if (address === undefined && !flags.isGiven('address')) {
    const shown = withoutUserInfo(scalerAddress);
    flags.add(
      '--address',
      `scalerAddress is "${shown}": it must be ${grpcAddress.allowed}; or give --address`,
    );
  }
  return address ?? defaultAddress;
}

function readReplicas(flags: KedaSimFlags, manifest: ScaledObjectManifest | undefined) {
  const { values } = flags;
  const unsaid = manifest === undefined ? 1 : kedaDefaults.minReplicas;
  const minReplicas = values.minReplicas ?? manifest?.minReplicas ?? unsaid;
  const maxReplicas = values.maxReplicas ?? manifest?.maxReplicas ?? kedaDefaults.maxReplicas;
  if (maxReplicas < Math.max(1, minReplicas)) {
    const message = `--max is ${maxReplicas}: it must be at least 1 and not below --min (${minReplicas})`;
    flags.add('--max', message);
  }
  return { minReplicas, maxReplicas };
}

/** KEDA reads these variables in the scaled container. Here they are the user's, and a manifest may be somebody else's. */
function warnOfSentVariables(
  metadata: Readonly<Record<string, string>>,
  address: string,
  io: CommandIo,
): void {
  const variables = Object.entries(metadata).flatMap(([key, value]) =>
    key.endsWith('FromEnv') && (io.env[value] ?? '') !== '' ? [value] : [],
  );
  if (variables.length > 0)
    io.stderr(`${address} is sent these variables of this environment: ${variables.join(', ')}\n`);
}

function behaviorOf(
  { values }: KedaSimFlags,
  manifest: ScaledObjectManifest | undefined,
): HpaBehavior | undefined {
  const { scaleDownStabilizationSeconds: stabilizationWindowSeconds } = values;
  if (stabilizationWindowSeconds === undefined) return manifest?.behavior;
  const scaleDown = { ...manifest?.behavior?.scaleDown, stabilizationWindowSeconds };
  return { ...manifest?.behavior, scaleDown };
}
