import { errors } from 'undici';
import { ForescaleError, toForescaleError } from '../../platform/errors.ts';

/** The error about an answer that did not come in time. */
export function timedOut(address: string, timeoutMs: number): ForescaleError {
  return new ForescaleError(
    'source-timeout',
    `${address} did not answer within ${timeoutMs / 1000} s; check that it is well, or make the query cheaper, for example by a longer step`,
  );
}

/** The error about an answer beyond its limit. */
export function tooLarge(address: string, maxBytes: number): ForescaleError {
  return new ForescaleError(
    'too-large',
    `the answer of ${address} is larger than ${maxBytes / 1_048_576} MiB; one series needs far less, so the query probably gives many: aggregate them to one, for example with sum()`,
  );
}

/** The error about a request that failed before there was an answer, with the remedy where the cause is known. */
export function unreachable(address: string, cause: unknown): ForescaleError {
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

/** Name that the system or TLS gives to a failed connection; several addresses of one host fail as an AggregateError. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined;
}
