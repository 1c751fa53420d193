import { Agent, type buildConnector, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { createSecretFile } from '../../platform/secrets/secret-file.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import type { SourceProxy } from './proxies.ts';
import { createTlsFiles } from './tls/tls-files.ts';

/** Makes the authorization header, from files that may change while the server runs. */
export function createAuthorization(
  settings: ConnectionSettings,
  userInfo: { readonly username: string; readonly password: string } | undefined,
): () => Promise<Readonly<Record<string, string>>> {
  const basic = (username: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
  });
  const { bearerTokenFile, basicAuth } = settings;
  if (bearerTokenFile !== undefined) {
    const token = createSecretFile('bearerTokenFile', bearerTokenFile);
    return async () => ({ authorization: `Bearer ${(await token.read()).text}` });
  }
  if (basicAuth !== undefined) {
    const password = createSecretFile('basicAuth.passwordFile', basicAuth.passwordFile);
    return async () => basic(basicAuth.username, (await password.read()).text);
  }
  const header = userInfo === undefined ? {} : basic(userInfo.username, userInfo.password);
  return async () => header;
}

/** Keeps an agent for the certificates as they are now. Renewed files get a new agent, and the old one finishes its work. */
export function createAgents(settings: ConnectionSettings, sockets: number, proxy: SourceProxy | undefined) {
  const readTls = createTlsFiles(settings);
  let current: { agent: Dispatcher; version: string } | undefined;

  return {
    async current(): Promise<Dispatcher> {
      const { version, ca, cert, key } = await readTls();
      if (current?.version === version) return current.agent;
      const tls = { rejectUnauthorized: settings.unsafeSsl !== true, ca, cert, key };
      const agent = openAgent(tls, sockets, proxy);
      void current?.agent.close().catch(() => undefined);
      current = { agent, version };
      return agent;
    },
    async close(): Promise<void> {
      await current?.agent.destroy();
    },
  };
}

function openAgent(
  tls: buildConnector.BuildOptions,
  sockets: number,
  proxy: SourceProxy | undefined,
): Dispatcher {
  // The deadline of the request covers all of it; undici's own would cut a slow query short.
  const options = { connections: sockets, headersTimeout: 0, bodyTimeout: 0, connect: tls };
  if (proxy === undefined) return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    httpProxy: proxy.url,
    httpsProxy: proxy.url,
    noProxy: proxy.except,
    requestTls: tls,
    // Proxies let a tunnel through to few ports, and want plain requests for http:// themselves.
    proxyTunnel: false,
  });
}
