import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'undici';
import { bounded } from '../../platform/deadline.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { withoutUserInfo } from '../../platform/without-user-info.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { createAgents, createAuthorization } from './credentials.ts';
import { timedOut, tooLarge, unreachable } from './failures.ts';
import { type Proxies, proxyFor } from './proxies.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { parseSourceAddress } from './source-address.ts';

/** Requests of one pool never wait for sockets of the other. */
export type HttpPool = 'instant' | 'range';

/** Sockets of each pool to one source; a request that finds them all in use waits for one. */
export type HttpSockets = Readonly<Record<HttpPool, number>>;

interface HttpRequest {
  /** Default: the pool of instant queries. */
  readonly pool?: HttpPool;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Path below the base address, with the query string if there is one. */
  readonly path: string;
  /** Only a POST has one. */
  readonly body?: string | Uint8Array;
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
  /** What names this very content, where the server says so. */
  readonly etag?: string | undefined;
  /** Values of the headers that the configuration of the source and its proxy adds: they may be secrets. */
  readonly credentials: readonly string[];
  /** How long the server asks to be left alone, from Retry-After; bounded. */
  readonly retryAfterSeconds?: number | undefined;
}

export type HttpConnection = ReturnType<typeof createHttpConnection>;

const usualSockets: HttpSockets = { instant: 32, range: 16 };

/** Keeps connections to one source and adds its credentials to requests. Throws `invalid-argument` for a URL that is none. */
export function createHttpConnection(
  settings: ConnectionSettings,
  {
    sockets = usualSockets,
    proxies,
  }: { readonly sockets?: HttpSockets; readonly proxies?: Proxies | undefined } = {},
) {
  const parsed = parseSourceAddress(settings.url);
  if (typeof parsed === 'string') throw new ForescaleError('invalid-argument', parsed);
  const { base: address, userInfo } = parsed;
  const authorization = createAuthorization(settings, userInfo);
  const proxy = proxyFor(address, settings.proxyUrl, proxies);
  const pools = {
    instant: createAgents(settings, sockets.instant, proxy),
    range: createAgents(settings, sockets.range, proxy),
  };

  return {
    /** Origin and path, without credentials: safe to show. */
    address,
    /** Sends one request, a POST unless it says otherwise. Rejects with `source-unreachable`, `source-timeout`, `too-large`, or `source-nonsense` for no HTTP. */
    async send(asked: HttpRequest): Promise<HttpAnswer> {
      const { method = 'POST', path, body, headers, maxBytes, timeoutMs, signal, pool = 'instant' } = asked;
      signal.throwIfAborted();
      const bound = bounded(timeoutMs, { signal, error: () => timedOut(address, timeoutMs) });
      try {
        const ownHeaders = mergeHeaders(settings.headers ?? {}, await authorization());
        const response = await request(`${address}${path}`, {
          method,
          ...(body === undefined ? {} : { body }),
          headers: mergeHeaders({ 'user-agent': 'forescale' }, ownHeaders, headers),
          dispatcher: await pools[pool].current(),
          signal: bound.signal,
        });
        const text = await readBounded(response.body, maxBytes, address);
        const contentType = String(response.headers['content-type'] ?? 'no content type');
        return {
          status: response.statusCode,
          contentType,
          location: locationOf(response.headers),
          text,
          etag: String(response.headers['etag'] ?? '') || undefined,
          credentials: [...Object.values(ownHeaders), proxy?.authorization ?? ''],
          retryAfterSeconds: retryAfterSeconds(response.headers),
        };
      } catch (error) {
        bound.signal.throwIfAborted();
        throw error instanceof ForescaleError ? error : await unreachable(address, error, proxy?.shown);
      } finally {
        bound.release();
      }
    },
    close: async () => void (await Promise.all([pools.instant.close(), pools.range.close()])),
  };
}

/** Merges headers whose names do not differ by case; a later part wins. */
function mergeHeaders(...parts: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  return Object.fromEntries(
    parts.flatMap((part) => Object.entries(part).map(([name, value]) => [name.toLowerCase(), value])),
  );
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
  if (location === undefined) return undefined;
  if (!URL.canParse(location)) return withoutUserInfo(location);
  const { origin, pathname } = new URL(location);
  return withoutUserInfo(`${origin}${pathname}`);
}
