import { grpcAddress } from '../../platform/http/host-port.ts';
import { anyText } from '../../platform/setting-values.ts';
import { certificateFlags } from '../certificate-flags.ts';
import { everyText, type FlagReading, type FlagTable, switchedOn } from '../flags.ts';

export const flags = {
  scaler: {
    value: 'host:port',
    meaning: 'the external scaler; every address that the name has is asked',
    default: '127.0.0.1:6000',
    ...grpcAddress,
  },
  metadata: {
    value: 'file',
    meaning: 'YAML or JSON with the trigger metadata: a ScaledObject, or the keys alone',
    absent: 'none',
    ...anyText,
  },
  zero: {
    value: 'key=value',
    meaning: 'a key of the metadata that makes the value 0; repeat it for each key',
    isRepeatable: true,
    ...everyText,
  },
  namespace: {
    value: 'namespace',
    meaning: 'namespace of the ScaledObject',
    absent: "the file's, or default",
    ...anyText,
  },
  name: {
    value: 'name',
    meaning: 'name of the ScaledObject',
    absent: "the file's, or forescale-doctor",
    ...anyText,
  },
  ...certificateFlags,
  json: { meaning: 'one JSON line per point', ...switchedOn },
} as const satisfies FlagTable;

export type DoctorFlags = FlagReading<typeof flags>;

export const help = `
Examples:
  forescale doctor --scaler 127.0.0.1:6000 --metadata scaled-object.yaml
  forescale doctor --metadata scaled-object.yaml --zero query='vector(0)'
  forescale doctor --scaler scaler.keda:6000 --metadata metadata.json --namespace shop --name web --json
  forescale doctor --scaler scaler:6000 --metadata web.yaml --ca-cert ca.crt --tls-client-cert tls.crt --tls-client-key tls.key

Asks any external scaler over gRPC as KEDA does, and prints a line for each of the fourteen points of KEDA's contract: passes,
fails with what was seen, or n/a where it cannot be judged. The exit code is 0 where no point fails and 1 where one does or
nothing answers. The scaler sees one ScaledObject of the given name, and may remember it.
`;
