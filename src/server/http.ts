import type { AddressInfo } from 'node:net';
import { createApiApp } from '../api/app.ts';
import type { AdHocForecaster, ApiOptions } from '../api/ports.ts';
import type { ResolveSource } from '../forecast/index.ts';
import { systemClock } from '../platform/clock.ts';
import { ForescaleError } from '../platform/errors.ts';
import { isLoopback, parseHostPort } from '../platform/http/host-port.ts';
import type { Lifecycle } from '../platform/process/lifecycle.ts';
import { createSecretFile } from '../platform/secrets/secret-file.ts';

/** Serves the API and the page, and returns their URL. Ad-hoc forecasts and what-ifs read what `resolve` grants. */
export async function openHttp(
  { httpAddress, apiTokenFile }: { httpAddress: string; apiTokenFile: string | undefined },
  api: Omit<ApiOptions, 'adHoc' | 'boundToLoopback' | 'clock' | 'token'>,
  resolve: ResolveSource,
  lifecycle: Lifecycle,
): Promise<string> {
  const { host, port } = parseHostPort('--http-address', httpAddress);
  const token = apiTokenFile === undefined ? undefined : await openToken(apiTokenFile);
  const app = await createApiApp({
    ...api,
    adHoc: adHocHistory(resolve),
    token,
    boundToLoopback: isLoopback(host),
    clock: systemClock,
  });
  lifecycle.onClose('http', () => app.close());
  await app.listen({ host, port }).catch((cause: unknown) => {
    const message = `cannot listen for HTTP on ${httpAddress}: ${String(cause)}; choose another with --http-address`;
    throw new ForescaleError('invalid-argument', message, { cause });
  });
  const address = app.server.address() as AddressInfo;
  return `${api.certificates === undefined ? 'http' : 'https'}://${host}:${address.port}`;
}

/**
 * Reads history for ad-hoc queries. They come from people with the token, not from a namespace, so a profile that is closed to
 * some namespaces is closed to them.
 */
function adHocHistory(resolve: ResolveSource): AdHocForecaster {
  return {
    async history({ query, address, rangeSeconds, stepSeconds }, signal) {
      const { source } = resolve({ address, namespace: '' });
      const endSeconds = systemClock();
      const startSeconds = endSeconds - rangeSeconds;
      const usualStep = Math.min(60, Math.max(1, Math.floor(rangeSeconds / 1000)));
      const range = { query, startSeconds, endSeconds, stepSeconds: stepSeconds ?? usualStep, signal };
      return { ...(await source.range(range)), rateWindowSeconds: source.rateWindowSeconds(query) };
    },
  };
}

/**
 * Reads the API token from its file whenever it is asked for, because it may be renewed. Rejects where there is none at the
 * start.
 */
export async function openToken(path: string): Promise<() => Promise<string>> {
  const file = createSecretFile('--api-token-file', path);
  const token = async () => (await file.read()).text;
  await token();
  return token;
}
