import { logFormats, logLevels } from '../../platform/log.ts';
import { anyText, oneOf } from '../../platform/setting-values.ts';
import type { FlagReading, FlagTable } from '../flags.ts';

export const flags = {
  grpcAddress: {
    value: 'host:port',
    variable: 'FORESCALE_GRPC_ADDRESS',
    meaning: 'where KEDA connects',
    default: '0.0.0.0:6000',
    ...anyText,
  },
  httpAddress: {
    value: 'host:port',
    variable: 'FORESCALE_HTTP_ADDRESS',
    meaning: 'API, page, metrics, probes',
    default: '0.0.0.0:8080',
    ...anyText,
  },
  prometheusUrl: {
    value: 'url',
    variable: 'FORESCALE_PROMETHEUS_URL',
    meaning: 'the default source of history',
    ...anyText,
  },
  config: {
    value: 'file',
    variable: 'FORESCALE_CONFIG',
    meaning: 'YAML: profiles, allow-list, limits, declared workloads',
    ...anyText,
  },
  apiTokenFile: {
    value: 'file',
    variable: 'FORESCALE_API_TOKEN_FILE',
    meaning: 'token for routes that change things or cost much',
    ...anyText,
  },
  tlsCertFile: {
    value: 'file',
    variable: 'FORESCALE_TLS_CERT_FILE',
    meaning: 'PEM of the server’s certificate and its chain: gRPC and HTTP speak TLS',
    ...anyText,
  },
  tlsKeyFile: {
    value: 'file',
    variable: 'FORESCALE_TLS_KEY_FILE',
    meaning: 'PEM of its key',
    ...anyText,
  },
  tlsClientCaFile: {
    value: 'file',
    variable: 'FORESCALE_TLS_CLIENT_CA_FILE',
    meaning: 'PEM of the authorities whose clients may call gRPC: mutual TLS',
    ...anyText,
  },
  stateDir: {
    value: 'directory',
    variable: 'FORESCALE_STATE_DIR',
    meaning: 'keeps known workloads, what was learned and the record of decisions across restarts',
    ...anyText,
  },
  peers: {
    value: 'url',
    variable: 'FORESCALE_PEERS',
    meaning: 'a name of all replicas, or several, which then answer alike',
    ...anyText,
  },
  mode: {
    value: 'mode',
    variable: 'FORESCALE_MODE',
    meaning: 'reactive makes every signal the observed demand',
    default: 'active',
    ...oneOf(['active', 'reactive']),
  },
  logLevel: {
    value: 'level',
    variable: 'FORESCALE_LOG_LEVEL',
    meaning: 'how much is logged',
    default: 'info',
    ...oneOf(logLevels),
  },
  logFormat: {
    value: 'format',
    variable: 'FORESCALE_LOG_FORMAT',
    meaning: 'json for programs, text for people: one line with time, level, event and key=value',
    default: 'json',
    ...oneOf(logFormats),
  },
} as const satisfies FlagTable;

export type ServeFlags = FlagReading<typeof flags>;

export const help = `
Examples:
  forescale serve --prometheus-url http://prometheus:9090
  forescale serve --config forescale.yaml --state-dir /var/lib/forescale
  forescale serve --tls-cert-file tls.crt --tls-key-file tls.key --tls-client-ca-file ca.crt …
  FORESCALE_MODE=reactive forescale serve …      every signal reactive, forecasts go on
`;
