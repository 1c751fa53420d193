import type { IncomingHttpHeaders } from 'node:http';
import { Agent, errors, request } from 'undici';
import { bounded } from '../../platform/deadline.ts';
import { ForescaleError, toForescaleError } from '../../platform/errors.ts';
import { createSecretFile } from '../../platform/secrets/secret-file.ts';
import { type ConnectionSettings, parseSourceAddress } from './connection-settings.ts';

/** Sockets to one source; a request that finds them all in use waits for one. */
const maxSockets = 32;

interface HttpRequest {
  /** Below the base address, with a query string where there is one. */
  readonly path: string;
  readonly body: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Largest answer that is accepted. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Aborting rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Where a redirect points, without credentials and query. Redirects are not followed, because they could lead anywhere. */
  readonly location: string | undefined;
  readonly text: string;
}

export interface HttpConnection {
  /** Origin and path, without credentials: safe to show. */
  readonly address: string;
  /** One POST; rejects with `source-unreachable`, `source-timeout`, `too-large` or `source-nonsense` (no HTTP). */
  post(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** Keeps connections to one source and adds its credentials to requests. Throws `invalid-argument` for a URL that is none. */
export function createHttpConnection(settings: ConnectionSettings): HttpConnection {
  const parsed = parseSourceAddress(settings.url);
  if (typeof parsed === 'string') throw new ForescaleError('invalid-argument', parsed);
  const { base: address, userInfo } = parsed;
  const authorization = createAuthorization(settings, userInfo);
  const agents = createAgents(settings);

  return {
    address,
    async post({ path, body, headers, maxBytes, timeoutMs, signal }) {
      signal.throwIfAborted();
      const bound = bounded(timeoutMs, { signal, error: () => timedOut(address, timeoutMs) });
      try {
        const response = await request(`${address}${path}`, {
          method: 'POST',
          body,
          headers: mergeHeaders(
            { 'user-agent': 'forescale' },
            settings.headers ?? {},
            await authorization(),
            headers,
          ),
          dispatcher: await agents.current(),
          signal: bound.signal,
        });
        const text = await readBounded(response.body, maxBytes, address);
        const contentType = String(response.headers['content-type'] ?? 'no content type');
        return { status: response.statusCode, contentType, location: locationOf(response.headers), text };
      } catch (error) {
        bound.signal.throwIfAborted();
        throw error instanceof ForescaleError ? error : unreachable(address, error);
      } finally {
        bound.release();
      }
    },
    close: () => agents.close(),
  };
}

/** Merges headers whose names do not differ by case; a later part wins. */
function mergeHeaders(...parts: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  return Object.fromEntries(
    parts.flatMap((part) => Object.entries(part).map(([name, value]) => [name.toLowerCase(), value])),
  );
}

/** Makes the authorization header, from files that may change while the server runs. */
function createAuthorization(
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
function createAgents({ tls, unsafeSsl }: ConnectionSettings) {
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
        connections: maxSockets,
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

async function readBounded(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  address: string,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop destroys the stream, so the rest is never downloaded.
    if (bytes > maxBytes) throw tooLarge(address, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

function locationOf(headers: IncomingHttpHeaders): string | undefined {
  const { location } = headers;
  if (location === undefined || !URL.canParse(location)) return location?.split('?', 1)[0];
  const { origin, pathname } = new URL(location);
  return `${origin}${pathname}`;
}

function timedOut(address: string, timeoutMs: number): ForescaleError {
  return new ForescaleError(
    'source-timeout',
    `${address} did not answer within ${timeoutMs / 1000} s; check that it is well, or make the query cheaper, for example by a longer step`,
  );
}

function tooLarge(address: string, maxBytes: number): ForescaleError {
  return new ForescaleError(
    'too-large',
    `the answer of ${address} is larger than ${maxBytes / 1_048_576} MiB; one series needs far less, so the query probably gives many: aggregate them to one, for example with sum()`,
  );
}

function unreachable(address: string, cause: unknown): ForescaleError {
  if (cause instanceof errors.HTTPParserError) {
    return new ForescaleError('source-nonsense', `what listens at ${address} does not speak HTTP`, { cause });
  }
  const code = codeOf(cause);
  if (code === undefined) return toForescaleError(cause);
  if (code === 'UND_ERR_INVALID_ARG') {
    const message = `a request to ${address} cannot be sent: ${(cause as Error).message}; check headers, tenant and credentials`;
    return new ForescaleError('invalid-argument', message, { cause });
  }
  const isCertificate = /CERT|SELF_SIGNED|UNABLE_TO_|_TLS_|SSL/.test(code);
  const remedy = isCertificate
    ? 'give the certificates of this server in tls.caFile (and tls.certFile with tls.keyFile where it asks for one)'
    : 'check the address, and that it is running and may be reached from here';
  return new ForescaleError('source-unreachable', `cannot reach ${address}: ${code}; ${remedy}`, { cause });
}

/** The system's or TLS's name of a failed connection; several addresses of one host fail as an AggregateError. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined;
}
