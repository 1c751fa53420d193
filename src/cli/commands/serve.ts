import { once } from 'node:events';
import { type Command, Option } from 'commander';
import { createLogger, type LogLevel, logLevels } from '../../platform/log.ts';
import { version } from '../../platform/process/version.ts';
import { parseServerFile, readServerFile } from '../../server/config.ts';
import { startServer } from '../../server/start.ts';
import type { CommandIo } from '../command-io.ts';

interface ServeFlags {
  readonly grpcAddress: string;
  readonly httpAddress: string;
  readonly prometheusUrl?: string;
  readonly config?: string;
  readonly apiTokenFile?: string;
  readonly tlsCertFile?: string;
  readonly tlsKeyFile?: string;
  readonly tlsClientCaFile?: string;
  readonly stateDir?: string;
  readonly mode: 'active' | 'reactive';
  readonly logLevel: LogLevel;
}

const examples = `
Examples:
  forescale serve --prometheus-url http://prometheus:9090
  forescale serve --config forescale.yaml --state-dir /var/lib/forescale
  forescale serve --tls-cert-file tls.crt --tls-key-file tls.key --tls-client-ca-file ca.crt …
  FORESCALE_MODE=reactive forescale serve …      every signal reactive, forecasts go on
`;

/** `forescale serve`: the KEDA scaler, the forecasting API and the page, until it is told to stop. */
export function addServeCommand(command: Command, io: CommandIo): void {
  command
    .addOption(
      new Option('--grpc-address <host:port>', 'where KEDA connects')
        .env('FORESCALE_GRPC_ADDRESS')
        .default('0.0.0.0:6000'),
    )
    .addOption(
      new Option('--http-address <host:port>', 'API, page, metrics, probes')
        .env('FORESCALE_HTTP_ADDRESS')
        .default('0.0.0.0:8080'),
    )
    .addOption(
      new Option('--prometheus-url <url>', 'the default source of history').env('FORESCALE_PROMETHEUS_URL'),
    )
    .addOption(
      new Option('--config <file>', 'YAML: profiles, allow-list, limits, declared workloads').env(
        'FORESCALE_CONFIG',
      ),
    )
    .addOption(
      new Option('--api-token-file <file>', 'token for routes that change things or cost much').env(
        'FORESCALE_API_TOKEN_FILE',
      ),
    )
    .addOption(
      new Option(
        '--tls-cert-file <file>',
        'PEM of the server’s certificate and its chain: gRPC and HTTP speak TLS',
      ).env('FORESCALE_TLS_CERT_FILE'),
    )
    .addOption(new Option('--tls-key-file <file>', 'PEM of its key').env('FORESCALE_TLS_KEY_FILE'))
    .addOption(
      new Option(
        '--tls-client-ca-file <file>',
        'PEM of the authorities whose clients may call gRPC: mutual TLS',
      ).env('FORESCALE_TLS_CLIENT_CA_FILE'),
    )
    .addOption(
      new Option('--state-dir <directory>', 'remembers known workloads across restarts').env(
        'FORESCALE_STATE_DIR',
      ),
    )
    .addOption(
      new Option('--mode <mode>', 'reactive makes every signal the observed demand')
        .env('FORESCALE_MODE')
        .choices(['active', 'reactive'])
        .default('active'),
    )
    .addOption(
      new Option('--log-level <level>', 'how much is logged')
        .env('FORESCALE_LOG_LEVEL')
        .choices(logLevels)
        .default('info'),
    )
    .addHelpText('after', examples)
    .action(async (flags: ServeFlags) => {
      const log = createLogger({ name: 'forescale', level: flags.logLevel });
      const file =
        flags.config === undefined ? parseServerFile('', 'no file') : await readServerFile(flags.config);
      const server = await startServer({
        grpcAddress: flags.grpcAddress,
        httpAddress: flags.httpAddress,
        defaultSourceUrl: flags.prometheusUrl,
        apiTokenFile: flags.apiTokenFile,
        tls: {
          certFile: flags.tlsCertFile,
          keyFile: flags.tlsKeyFile,
          clientCaFile: flags.tlsClientCaFile,
        },
        stateDirectory: flags.stateDir,
        mode: flags.mode,
        file,
        version,
        log,
      });
      log.info({ grpcPort: server.grpcPort, http: server.httpUrl }, 'listening');
      const stopped =
        io.signal?.aborted === true
          ? Promise.resolve()
          : once(io.signal ?? new AbortController().signal, 'abort');
      await stopped;
      log.info({}, 'stopping');
      await server.close();
    });
}
