import { errors } from 'undici';
import { ForescaleError, toForescaleError } from '../../platform/errors.ts';
import { type SourceLimits, shareOf } from './limits.ts';
import { tlsRemedy } from './tls/tls-failures.ts';

/** The error about an answer that did not come in time. */
export function timedOut(address: string, timeoutMs: number): ForescaleError {
  return new ForescaleError(
    'source-timeout',
    `${address} did not answer within ${timeoutMs / 1000} s; check that it is well, or make the query cheaper, for example by a longer step`,
  );
}

/**
 * The error about a call of which all attempts and requests together took too long. Where it was the wait for its turn that took the
 * time, it says so: the query may be cheap, and others of its namespace slow.
 */
export function callTimedOut(
  address: string,
  timeoutMs: number,
  waitedMs: number,
  { instantsAtOnce }: Pick<SourceLimits, 'instantsAtOnce'>,
): ForescaleError {
  const message =
    waitedMs > timeoutMs / 2
      ? `the query waited ${seconds(waitedMs)} of its ${seconds(timeoutMs)} for its turn, because ${address} is slow to answer those before it; ${instantsAtOnce} run at once, ${shareOf(instantsAtOnce)} of one namespace: make the slow ones cheaper`
      : `${address} did not answer within ${seconds(timeoutMs)}, all attempts and requests together`;
  return new ForescaleError('source-timeout', message);
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

/** The error about an answer beyond its limit. */
export function tooLarge(address: string, maxBytes: number): ForescaleError {
  return new ForescaleError(
    'too-large',
    `the answer of ${address} is larger than ${maxBytes / 1_048_576} MiB; one series needs far less, so the query probably gives many: aggregate them to one, for example with sum()`,
  );
}

/**
 * The error about a request that failed before there was an answer, with the remedy where the cause is known. `proxy` is the address
 * of the proxy on the way.
 */
export async function unreachable(
  address: string,
  cause: unknown,
  proxy?: string | undefined,
): Promise<ForescaleError> {
  const where = proxy === undefined ? address : `${address} through the proxy ${proxy}`;
  if (cause instanceof errors.HTTPParserError) {
    const message = `what listens at ${where} does not speak HTTP; check the port, and whether it wants https://`;
    return new ForescaleError('source-nonsense', message, { cause });
  }
  const code = codeOf(cause);
  if (code === undefined) return toForescaleError(cause);
  const status = proxy === undefined ? undefined : /\((\d{3})\)/.exec((cause as Error).message)?.[1];
  if (status !== undefined) {
    const message = `cannot reach ${where}, which answers ${status}; check its address and credentials, and that it lets this address through`;
    return new ForescaleError('source-unreachable', message, { cause });
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    const message = `a request to ${where} cannot be sent: ${(cause as Error).message}; check headers, tenant and credentials`;
    return new ForescaleError('invalid-argument', message, { cause });
  }
  const both = proxy === undefined ? 'the address' : 'both addresses';
  const remedy =
    (await tlsRemedy(address, code, cause)) ??
    `check ${both}, and that it is running and may be reached from here`;
  return new ForescaleError('source-unreachable', `cannot reach ${where}: ${code}; ${remedy}`, { cause });
}

/** Name that the system or TLS gives to a failed connection; several addresses of one host fail as an AggregateError. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined;
}
