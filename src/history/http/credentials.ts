import { Agent } from 'undici';
import { createSecretFile } from '../../platform/secrets/secret-file.ts';
import type { ConnectionSettings } from './connection-settings.ts';

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
export function createAgents({ tls, unsafeSsl }: ConnectionSettings, sockets: number) {
  const files = (['caFile', 'certFile', 'keyFile'] as const).flatMap((name) => {
    const path = tls?.[name];
    return path === undefined ? [] : [{ name, file: createSecretFile(`tls.${name}`, path) }];
  });
  let current: { agent: Agent; version: string } | undefined;

  return {
    async current(): Promise<Agent> {
      const contents = await Promise.all(
        files.map(async ({ name, file }) => ({ name, ...(await file.read()) })),
      );
      const version = contents.map((content) => content.version).join();
      if (current?.version === version) return current.agent;
      const pem = Object.fromEntries(contents.map(({ name, text }) => [name, text]));
      const agent = new Agent({
        connections: sockets,
        // The deadline of the request covers all of it; undici's own would cut a slow query short.
        headersTimeout: 0,
        bodyTimeout: 0,
        connect: {
          rejectUnauthorized: unsafeSsl !== true,
          ca: pem['caFile'],
          cert: pem['certFile'],
          key: pem['keyFile'],
        },
      });
      void current?.agent.close().catch(() => undefined);
      current = { agent, version };
      return agent;
    },
    async close(): Promise<void> {
      await current?.agent.destroy();
    },
  };
}
