import { Value } from 'typebox/value';
import { StatusSchema } from '../../api/schemas/server.ts';
import type { ShardAnswer, ShardSaid, ShardsSide } from '../../api/shards.ts';
import { createHttpConnection, type HttpConnection } from '../../history/http/http-connection.ts';
import type { Proxies } from '../../history/http/proxies.ts';
import { ForescaleError, toForescaleError } from '../../platform/errors.ts';
import type { Lifecycle } from '../../platform/process/lifecycle.ts';
import type { Shards } from '../../scaler/index.ts';
import type { ConfiguredShard } from './shard-schema.ts';

/** People wait for the answer, which comes from memory. */
const usualLookMs = 2_000;
const readMs = 4_000;
/** For so long what a shard said of itself is said again, so that many who look at once ask it once. */
const keptMs = 1_000;
/** Largest answer of a server, and some room. */
const maxBytes = 2 * 1024 * 1024;
/** Connections to one shard; more requests wait for one. */
const sockets = { instant: 8, range: 1 };

/** What a server answers to reads: data, which no browser runs. */
const dataTypes = /^(?:application\/(?:json|problem\+json|x-ndjson)|text\/csv)(?:;|$)/;

const { signal: never } = new AbortController();

/** Reads the other shards by their HTTP addresses, without any credentials. Undefined where this server has no other shards. */
export function readOtherShards(
  shards: Shards<ConfiguredShard> | undefined,
  {
    proxies,
    lifecycle,
    lookMs = usualLookMs,
  }: {
    readonly proxies: Proxies | undefined;
    readonly lifecycle: Lifecycle;
    /** Longest wait for what a shard says of itself. */
    readonly lookMs?: number;
  },
): ShardsSide | undefined {
  if (shards === undefined) return undefined;
  const connections = new Map<string, HttpConnection>();
  for (const { name, url } of shards.all) {
    if (name === shards.own.name || url === undefined) continue;
    connections.set(name, createHttpConnection({ url }, { sockets, proxies }));
  }
  lifecycle.onClose('shards', async () => {
    await Promise.all([...connections.values()].map((connection) => connection.close()));
  });

  async function send(
    name: string,
    path: string,
    { accept, timeoutMs }: { readonly accept: string | undefined; readonly timeoutMs: number },
  ): Promise<ShardAnswer> {
    const connection = connections.get(name);
    if (connection === undefined) {
      throw new ForescaleError('source-unreachable', `shard ${name}: its url is not configured`);
    }
    const headers: Record<string, string> = accept === undefined ? {} : { accept };
    try {
      const answer = await connection.send({
        method: 'GET',
        path,
        headers,
        maxBytes,
        timeoutMs,
        signal: never,
      });
      if (dataTypes.test(answer.contentType)) return answer;
      throw new ForescaleError('source-nonsense', `${connection.address} does not answer as a server does`);
    } catch (error) {
      const { code, message } = toForescaleError(error);
      const isLate = code === 'source-timeout';
      const why = isLate ? `${connection.address} did not answer within ${timeoutMs / 1000} s` : message;
      throw new ForescaleError(code, `shard ${name}: ${why}`, { cause: error });
    }
  }

  async function look(name: string): Promise<ShardSaid> {
    try {
      const { status, text } = await send(name, '/api/v1/status', { accept: undefined, timeoutMs: lookMs });
      const said: unknown = status === 200 ? JSON.parse(text) : undefined;
      if (!Value.Check(StatusSchema, said))
        return { error: `it answers ${status}, and not as a server of this version` };
      return said.shard === name
        ? { status: said }
        : { error: `its url leads to ${said.shard ?? 'no shard'}` };
    } catch (error) {
      return { error: toForescaleError(error).message };
    }
  }

  const looks = new Map<string, { readonly atMs: number; readonly said: Promise<ShardSaid> }>();
  return {
    ...shards,
    look(name) {
      const known = looks.get(name);
      if (known !== undefined && performance.now() - known.atMs < keptMs) return known.said;
      const said = look(name);
      looks.set(name, { atMs: performance.now(), said });
      return said;
    },
    read: (name, path, accept) => send(name, path, { accept, timeoutMs: readMs }),
  };
}
