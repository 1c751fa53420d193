import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { createHttpConnection, type HttpAnswer } from '../../../history/http/http-connection.ts';
import { proxiesOf } from '../../../history/http/proxies.ts';
import { type ErrorCode, errorTable, ForescaleError } from '../../../platform/errors.ts';
import { visibleLines } from '../../../platform/terminal/visible.ts';
import type { CommandIo } from '../../command-io.ts';
import type { FlagReading } from '../../flags.ts';
import { type serverFlags, tokenVariable } from '../../server-flags.ts';
import { connectionTo } from '../../source-flags.ts';

/** Every answer comes from memory; one that takes this long does not come. */
const timeoutMs = 10_000;
/** No answer of the server is larger. */
const maxBytes = 8 * 1024 * 1024;
/** Aborts nothing. */
const { signal: never } = new AbortController();

/** Asks a running server. */
export interface ServerClient {
  /** Address of the server, safe to show. */
  readonly address: string;
  /**
   * The answer at a path. Rejects with the server's own error where it refuses, with `source-unreachable` where nothing answers, and
   * with `source-nonsense` for an answer of another shape.
   */
  get<S extends TSchema>(path: string, schema: S): Promise<Static<S>>;
  /** The answer to a JSON body. Rejects as `get` does. */
  post<S extends TSchema>(path: string, body: object, schema: S): Promise<Static<S>>;
  /** The answer to a DELETE. Rejects as `get` does. */
  remove<S extends TSchema>(path: string, schema: S): Promise<Static<S>>;
  close(): Promise<void>;
}

/** A client of the server that the flags name. Throws `invalid-argument` with every flag that is wrong. */
export function createServerClient(
  flags: FlagReading<typeof serverFlags>,
  { env, signal = never }: CommandIo,
): ServerClient {
  const settings = connectionTo('--server', flags.values.server, flags);
  flags.check();
  const connection = createHttpConnection(settings, { proxies: proxiesOf(env) });
  const { address } = connection;
  const token = env[tokenVariable]?.trim() ?? '';
  const isTokenGiven = token !== '' && settings.bearerTokenFile === undefined;
  const headers: Record<string, string> = isTokenGiven ? { authorization: `Bearer ${token}` } : {};
  async function ask<S extends TSchema>(
    path: string,
    schema: S,
    request: {
      readonly method: 'GET' | 'POST' | 'DELETE';
      readonly headers: Record<string, string>;
      readonly body?: string;
    },
  ): Promise<Static<S>> {
    const answer = await connection.send({ ...request, path, maxBytes, timeoutMs, signal });
    const value = jsonOf(answer);
    if (answer.status !== 200) throw refusal(address, answer.status, value);
    if (Value.Check(schema, value)) return value;
    throw new ForescaleError(
      'source-nonsense',
      `${address}${path} does not answer as a server of this version does; check the address, and that both have the same version`,
    );
  }

  return {
    address,
    get: (path, schema) => ask(path, schema, { method: 'GET', headers }),
    remove: (path, schema) => ask(path, schema, { method: 'DELETE', headers }),
    post: (path, body, schema) =>
      ask(path, schema, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    close: connection.close,
  };
}

/** The answer, whose texts are safe to print: whoever may write a query or answer it chooses some of them. */
function jsonOf({ text }: HttpAnswer): unknown {
  try {
    return JSON.parse(text, (_, value) => (typeof value === 'string' ? visibleLines(value) : value));
  } catch {
    return undefined;
  }
}

/** The error of a problem document, or of what answers in place of a server. */
function refusal(address: string, status: number, problem: unknown): ForescaleError {
  const { code, detail } = (problem ?? {}) as { readonly code?: unknown; readonly detail?: unknown };
  if (!isErrorCode(code) || typeof detail !== 'string') {
    const what = `${address} answers ${status}`;
    return status >= 500
      ? new ForescaleError('source-unreachable', `${what}; check that the server runs and is ready`)
      : new ForescaleError(
          'source-nonsense',
          `${what} and no problem of a Forescale server; check the address`,
        );
  }
  const remedy = code === 'unauthorized' ? ` (--bearer-token-file, or ${tokenVariable})` : '';
  return new ForescaleError(code, `${address}: ${detail}${remedy}`);
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code);
}
