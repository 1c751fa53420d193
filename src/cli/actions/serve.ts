import { once } from 'node:events';
import { proxiesOf } from '../../history/http/proxies.ts';
import { createLogger } from '../../platform/log.ts';
import { letOldObjectsGrow } from '../../platform/process/old-objects.ts';
import { version } from '../../platform/process/version.ts';
import { boundYoungHeapsOfThreads } from '../../platform/process/young-objects.ts';
import { parseServerFile, readServerFile } from '../../server/config.ts';
import { startServer } from '../../server/start.ts';
import type { CommandIo } from '../command-io.ts';
import type { ServeFlags } from '../commands/serve.ts';

/** `forescale serve`: the KEDA scaler, the forecasting API and the page, until it is told to stop. */
export async function serve(flags: ServeFlags, io: CommandIo): Promise<void> {
  flags.check();
  boundYoungHeapsOfThreads();
  letOldObjectsGrow();
  const { values } = flags;
  const log = createLogger({ name: 'forescale', level: values.logLevel, format: values.logFormat });
  const file =
    values.config === undefined ? parseServerFile('', 'no file') : await readServerFile(values.config);
  const server = await startServer({
    ...values,
    tls: {
      certFile: values.tlsCertFile,
      keyFile: values.tlsKeyFile,
      clientCaFile: values.tlsClientCaFile,
    },
    file,
    proxies: proxiesOf(io.env),
    version,
    log,
  });
  log.info({ grpcPort: server.grpcPort, http: server.httpUrl }, 'listening');
  const { signal = new AbortController().signal } = io;
  if (!signal.aborted) await once(signal, 'abort');
  log.info({}, 'stopping');
  await server.close();
}
