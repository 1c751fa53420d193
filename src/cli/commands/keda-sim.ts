import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  createKedaSim,
  createTimelinePrinter,
  type KedaSimOptions,
  parseScaledObject,
  type ScaledObjectManifest,
  systemTimers,
  toSentMetadata,
} from '../../keda-sim/index.ts';
import { formatDuration, parseDuration } from '../../platform/duration.ts';
import { type FieldError, ForescaleError, invalidFields } from '../../platform/errors.ts';
import type { CommandIo } from '../command-io.ts';
import { readTriggerCertificates } from '../trigger-certificates.ts';

interface KedaSimFlags {
  readonly address?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly metadata?: readonly string[];
  readonly scaledObject?: string;
  readonly pollingInterval?: string;
  readonly hpaSync: string;
  readonly min?: string;
  readonly max?: string;
  readonly cooldown?: string;
  readonly scaleDownStabilization?: string;
  readonly tolerance?: string;
  readonly startUp: string;
  readonly caCert?: string;
  readonly tlsClientCert?: string;
  readonly tlsClientKey?: string;
  readonly for: string;
  readonly push?: boolean;
  readonly cached?: boolean;
  readonly json?: boolean;
}

const defaultAddress = '127.0.0.1:6000';

const examples = `
Examples:
  forescale keda-sim --name web --metadata query='sum(rate(http_requests_total[2m]))' --metadata threshold=10
  forescale keda-sim --scaled-object web.yaml --address 127.0.0.1:6000 --for 1h
  forescale keda-sim --scaled-object web.yaml --polling-interval 1s --hpa-sync 1s --scale-down-stabilization 5s
  forescale keda-sim --scaled-object web.yaml --address scaler:6000 --ca-cert ca.crt --tls-client-cert tls.crt --tls-client-key tls.key
  forescale keda-sim --name web --metadata threshold=10 --min 0 --push --json | jq -c 'select(.replicas)'

A flag wins over the manifest. Where neither says anything, --min is 1 without a manifest and KEDA's own 0 with one.
`;

/** `forescale keda-sim`: plays KEDA and the HPA against a running scaler and prints what they would do. */
export function addKedaSimCommand(command: Command, io: CommandIo): void {
  const repeated = (value: string, previous: readonly string[] = []) => [...previous, value];
  command
    .option(
      '--address <host:port>',
      `the scaler (default: the manifest's scalerAddress, or ${defaultAddress})`,
    )
    .option(
      '--namespace <namespace>',
      'namespace of the ScaledObject (default: the manifest\'s, or "default")',
    )
    .option('--name <name>', 'name of the ScaledObject (default: the manifest’s, else keda-sim)')
    .option('--metadata <key=value>', 'trigger metadata; repeat it for each key', repeated)
    .option('--scaled-object <file>', 'a ScaledObject manifest; its first external trigger is played')
    .option('--polling-interval <duration>', "KEDA's pollingInterval (default: 30s)")
    .option('--hpa-sync <duration>', 'how often the HPA looks', '15s')
    .option('--min <replicas>', 'minReplicaCount (default: 1)')
    .option('--max <replicas>', 'maxReplicaCount (default: 100)')
    .option('--cooldown <duration>', 'cooldownPeriod, before zero (default: 5m)')
    .option('--scale-down-stabilization <duration>', "the HPA's scale-down window (default: 5m)")
    .option('--tolerance <ratio>', "the HPA's tolerance (default: 0.1)")
    .option('--start-up <duration>', 'from asking for a replica until it is ready', '0s')
    .option('--ca-cert <file>', 'PEM of the authority of a scaler that speaks TLS (caCert)')
    .option('--tls-client-cert <file>', 'PEM of the certificate KEDA would show (tlsClientCert)')
    .option('--tls-client-key <file>', 'PEM of its key (tlsClientKey)')
    .option('--for <duration>', 'how long to play', '10m')
    .option('--push', 'hold StreamIsActive open, as for external-push')
    .option('--cached', "the HPA reads the poll's values (useCachedMetrics)")
    .option('--json', 'one JSON line per poll and change, then a summary')
    .addHelpText('after', examples)
    .action((flags: KedaSimFlags) => run(flags, io));
}

async function run(flags: KedaSimFlags, io: CommandIo): Promise<void> {
  const { forSeconds, ...options } = await readOptions(flags, io);
  const { address } = options;
  const printer = createTimelinePrinter({ asJson: flags.json === true, print: io.stdout });
  const sim = createKedaSim({ ...options, scaler: address, onEvent: printer.event });
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

async function readOptions(
  flags: KedaSimFlags,
  io: CommandIo,
): Promise<Omit<KedaSimOptions, 'scaler'> & { readonly address: string; readonly forSeconds: number }> {
  const manifest = flags.scaledObject === undefined ? undefined : await readManifest(flags.scaledObject);
  if (manifest !== undefined && manifest.ignored.length > 0) {
    io.stderr(`${flags.scaledObject}: not played: ${manifest.ignored.join(', ')}\n`);
  }
  const fieldErrors: FieldError[] = [];
  const given = { ...manifest?.metadata, ...readMetadata(flags.metadata ?? [], fieldErrors) };
  const address = flags.address ?? given['scalerAddress'] ?? defaultAddress;
  if (!/:\d+$/.test(address)) {
    const message = `--address is "${address}": it must be host:port, such as ${defaultAddress}`;
    fieldErrors.push({ field: '--address', value: address, message });
  }
  const name = flags.name ?? manifest?.name ?? 'keda-sim';
  const pollingInterval = readSeconds('--polling-interval', flags.pollingInterval, fieldErrors, 'positive');
  const hpaSyncSeconds = readSeconds('--hpa-sync', flags.hpaSync, fieldErrors, 'positive') ?? 15;
  const cooldown = readSeconds('--cooldown', flags.cooldown, fieldErrors);
  const stabilization = readSeconds('--scale-down-stabilization', flags.scaleDownStabilization, fieldErrors);
  const startUpSeconds = readSeconds('--start-up', flags.startUp, fieldErrors) ?? 0;
  const forSeconds = readSeconds('--for', flags.for, fieldErrors, 'positive') ?? 600;
  const minReplicas =
    readNumber('--min', flags.min, fieldErrors, 'replicas') ?? (manifest ? (manifest.minReplicas ?? 0) : 1);
  const maxReplicas = readNumber('--max', flags.max, fieldErrors, 'replicas') ?? manifest?.maxReplicas ?? 100;
  const tolerance = readNumber('--tolerance', flags.tolerance, fieldErrors, 'ratio');
  if (maxReplicas < Math.max(1, minReplicas)) {
    const message = `--max is ${maxReplicas}: it must be at least 1 and not below --min (${minReplicas})`;
    fieldErrors.push({ field: '--max', value: String(maxReplicas), message });
  }
  const certificates = await readTriggerCertificates(flags, fieldErrors);
  if (fieldErrors.length > 0) throw invalidFields('keda-sim', fieldErrors);
  // KEDA reads them in the scaled container; here they are the user's, and a manifest may be somebody else's.
  const variables = Object.entries(given).flatMap(([key, value]) =>
    key.endsWith('FromEnv') && (io.env[value] ?? '') !== '' ? [value] : [],
  );
  if (variables.length > 0)
    io.stderr(`${address} is sent these variables of this environment: ${variables.join(', ')}\n`);

  const behavior =
    stabilization === undefined
      ? manifest?.behavior
      : {
          ...manifest?.behavior,
          scaleDown: { ...manifest?.behavior?.scaleDown, stabilizationWindowSeconds: stabilization },
        };
  return {
    address,
    certificates,
    forSeconds,
    scaledObject: {
      namespace: flags.namespace ?? manifest?.namespace ?? 'default',
      name: name ?? '',
      metadata: toSentMetadata(given, address, io.env),
    },
    pollingIntervalSeconds: pollingInterval ?? manifest?.pollingIntervalSeconds ?? 30,
    hpaSyncSeconds,
    minReplicas,
    maxReplicas,
    cooldownSeconds: cooldown ?? manifest?.cooldownSeconds ?? 300,
    startUpSeconds,
    metricType: manifest?.metricType ?? 'AverageValue',
    push: flags.push ?? manifest?.isPush ?? false,
    useCachedMetrics: flags.cached ?? manifest?.useCachedMetrics ?? false,
    ...(manifest?.idleReplicas !== undefined && { idleReplicas: manifest.idleReplicas }),
    ...(behavior !== undefined && { behavior }),
    ...(tolerance !== undefined && { tolerance }),
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

function readMetadata(entries: readonly string[], fieldErrors: FieldError[]): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    if (equals > 0) metadata[entry.slice(0, equals)] = entry.slice(equals + 1);
    else {
      const message = `--metadata ${entry} has no key=value form, for example --metadata threshold=10`;
      fieldErrors.push({ field: '--metadata', value: entry, message });
    }
  }
  return metadata;
}

function readSeconds(
  field: string,
  text: string | undefined,
  fieldErrors: FieldError[],
  range: 'positive' | 'any' = 'any',
): number | undefined {
  if (text === undefined) return undefined;
  const seconds = parseDuration(text);
  if (seconds !== undefined && (seconds > 0 || range === 'any')) return seconds;
  const rule = range === 'positive' ? 'a duration above zero' : 'a duration';
  fieldErrors.push({
    field,
    value: text,
    message: `${field} is "${text}": it must be ${rule}, such as 30s or 5m`,
  });
  return undefined;
}

function readNumber(
  field: string,
  text: string | undefined,
  fieldErrors: FieldError[],
  kind: 'replicas' | 'ratio',
): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value >= 0 && (kind === 'ratio' || Number.isInteger(value))) return value;
  const rule = kind === 'ratio' ? 'a ratio such as 0.1' : 'a whole number, 0 or more';
  fieldErrors.push({ field, value: text, message: `${field} is "${text}": it must be ${rule}` });
  return undefined;
}
