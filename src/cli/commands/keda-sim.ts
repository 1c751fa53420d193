import { hpaDefaults, kedaDefaults } from '../../controllers/index.ts';
import { duration, formatDuration } from '../../platform/duration.ts';
import { grpcAddress } from '../../platform/http/host-port.ts';
import { anyText, number, whole } from '../../platform/setting-values.ts';
import { certificateFlags } from '../certificate-flags.ts';
import { everyText, type FlagReading, type FlagTable, switchedOn } from '../flags.ts';

export const defaultAddress = '127.0.0.1:6000';

const example = 'such as 30s or 5m';
const anyDuration = duration({ note: example });
const aboveZero = duration({ above: '0', allowed: `a duration above zero, ${example}` });
const replicas = whole({ from: 0, allowed: 'a whole number, 0 or more' });

export const flags = {
  address: {
    value: 'host:port',
    meaning: 'the scaler',
    absent: `the manifest's scalerAddress, or ${defaultAddress}`,
    ...grpcAddress,
  },
  namespace: {
    value: 'namespace',
    meaning: 'namespace of the ScaledObject',
    absent: 'the manifest\'s, or "default"',
    ...anyText,
  },
  name: {
    value: 'name',
    meaning: 'name of the ScaledObject',
    absent: 'the manifest’s, else keda-sim',
    ...anyText,
  },
  metadata: {
    value: 'key=value',
    meaning: 'trigger metadata; repeat it for each key',
    isRepeatable: true,
    ...everyText,
  },
  scaledObject: {
    value: 'file',
    meaning: 'a ScaledObject manifest; its first external trigger is played',
    ...anyText,
  },
  pollingIntervalSeconds: {
    name: '--polling-interval',
    value: 'duration',
    meaning: "KEDA's pollingInterval",
    absent: formatDuration(kedaDefaults.pollingIntervalSeconds),
    ...aboveZero,
  },
  hpaSyncSeconds: {
    name: '--hpa-sync',
    value: 'duration',
    meaning: 'how often the HPA looks',
    default: formatDuration(hpaDefaults.syncSeconds),
    ...aboveZero,
  },
  minReplicas: {
    name: '--min',
    value: 'replicas',
    meaning: 'minReplicaCount',
    absent: '1',
    ...replicas,
  },
  maxReplicas: {
    name: '--max',
    value: 'replicas',
    meaning: 'maxReplicaCount',
    absent: String(kedaDefaults.maxReplicas),
    ...replicas,
  },
  cooldownSeconds: {
    name: '--cooldown',
    value: 'duration',
    meaning: 'cooldownPeriod, before zero',
    absent: formatDuration(kedaDefaults.cooldownSeconds),
    ...anyDuration,
  },
  scaleDownStabilizationSeconds: {
    name: '--scale-down-stabilization',
    value: 'duration',
    meaning: "the HPA's scale-down window",
    absent: formatDuration(hpaDefaults.scaleDownStabilizationSeconds),
    ...anyDuration,
  },
  tolerance: {
    value: 'ratio',
    meaning: "the HPA's tolerance",
    absent: String(hpaDefaults.tolerance),
    ...number({ from: 0, allowed: 'a ratio such as 0.1' }),
  },
  startUpSeconds: {
    name: '--start-up',
    value: 'duration',
    meaning: 'from asking for a replica until it is ready',
    default: '0s',
    ...anyDuration,
  },
  ...certificateFlags,
  forSeconds: {
    name: '--for',
    value: 'duration',
    meaning: 'how long to play',
    default: '10m',
    ...aboveZero,
  },
  push: { meaning: 'hold StreamIsActive open, as for external-push', ...switchedOn },
  cached: { meaning: "the HPA reads the poll's values (useCachedMetrics)", ...switchedOn },
  json: { meaning: 'one JSON line per poll and change, then a summary', ...switchedOn },
} as const satisfies FlagTable;

export type KedaSimFlags = FlagReading<typeof flags>;

export function notAllowed(name: string, text: string, allowed: string): string {
  return `${name} is "${text}": it must be ${allowed}`;
}

export const help = `
Examples:
  forescale keda-sim --name web --metadata query='sum(rate(http_requests_total[2m]))' --metadata threshold=10
  forescale keda-sim --scaled-object web.yaml --address 127.0.0.1:6000 --for 1h
  forescale keda-sim --scaled-object web.yaml --polling-interval 1s --hpa-sync 1s --scale-down-stabilization 5s
  forescale keda-sim --scaled-object web.yaml --address scaler:6000 --ca-cert ca.crt --tls-client-cert tls.crt --tls-client-key tls.key
  forescale keda-sim --name web --metadata threshold=10 --min 0 --push --json | jq -c 'select(.replicas)'

A flag wins over the manifest. Where neither says anything, --min is 1 without a manifest and KEDA's own 0 with one.
`;
