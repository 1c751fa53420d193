/**
 * Every kind of failure that is foreseen, declared once: what its code means, and which HTTP status, gRPC status and exit code of
 * the command it becomes. docs/errors.md is tested against this table.
 */
export const errorTable = {
  'invalid-argument': {
    meaning: 'a flag, trigger key, request field or configuration key has a value that cannot be used',
    httpStatus: 400,
    grpcStatus: 'INVALID_ARGUMENT',
    exitCode: 2,
  },
  'invalid-csv': {
    meaning:
      'a file of history cannot be read, or can be read in two ways; the message names the line and the remedy',
    httpStatus: 400,
    grpcStatus: 'INVALID_ARGUMENT',
    exitCode: 2,
  },
  unauthorized: {
    meaning: 'the route needs the API token',
    httpStatus: 401,
    grpcStatus: 'UNAUTHENTICATED',
    exitCode: 1,
  },
  'address-not-allowed': {
    meaning: 'the address of the source is not on the allow-list, or the namespace may not use the profile',
    httpStatus: 403,
    grpcStatus: 'PERMISSION_DENIED',
    exitCode: 1,
  },
  'other-shard': {
    meaning: 'another release serves the workload; the message says at which address, or how to give it one',
    httpStatus: 421,
    grpcStatus: 'FAILED_PRECONDITION',
    exitCode: 1,
  },
  'not-found': {
    meaning: 'no such workload, trigger or route',
    httpStatus: 404,
    grpcStatus: 'NOT_FOUND',
    exitCode: 1,
  },
  'method-not-allowed': {
    meaning: 'the route is not for this method; the header Allow says which it takes',
    httpStatus: 405,
    grpcStatus: 'UNIMPLEMENTED',
    exitCode: 1,
  },
  'not-on-record': {
    meaning: 'no decision is on record for that moment; the message says since when there are some',
    httpStatus: 404,
    grpcStatus: 'NOT_FOUND',
    exitCode: 1,
  },
  'source-rejected': {
    meaning: 'the source refused the query (4xx)',
    httpStatus: 422,
    grpcStatus: 'FAILED_PRECONDITION',
    exitCode: 1,
  },
  'several-series': {
    meaning: 'the query gives more than one series; aggregate it to one, for example with sum()',
    httpStatus: 422,
    grpcStatus: 'FAILED_PRECONDITION',
    exitCode: 2,
  },
  'unsupported-query': {
    meaning:
      'the query asks for more of its language than is answered here; the message says what is answered',
    httpStatus: 422,
    grpcStatus: 'UNIMPLEMENTED',
    exitCode: 2,
  },
  'no-data': {
    meaning: 'the query gives no usable sample: no series, or only NaN and infinities',
    httpStatus: 422,
    grpcStatus: 'UNAVAILABLE',
    exitCode: 2,
  },
  'too-little-history': {
    meaning: 'the history is too short to answer yet; the message says how much is needed',
    httpStatus: 422,
    grpcStatus: 'UNAVAILABLE',
    exitCode: 3,
  },
  'not-measured': {
    meaning:
      'the machine was too busy for what was measured to count; repeat it when nothing else runs there',
    httpStatus: 503,
    grpcStatus: 'UNAVAILABLE',
    exitCode: 3,
  },
  'source-nonsense': {
    meaning:
      'what answered is not the API of such a source or of a Forescale server: HTML, broken JSON, or an answer of another shape',
    httpStatus: 502,
    grpcStatus: 'UNAVAILABLE',
    exitCode: 1,
  },
  'source-unreachable': {
    meaning: 'the source, or the server that a command asks, cannot be reached or answers 5xx',
    httpStatus: 502,
    grpcStatus: 'UNAVAILABLE',
    exitCode: 1,
  },
  'too-large': {
    meaning: 'an answer, a file or a request is larger than its limit',
    httpStatus: 413,
    grpcStatus: 'RESOURCE_EXHAUSTED',
    exitCode: 1,
  },
  'limit-reached': {
    meaning: 'a configured limit, such as the number of workloads, is reached',
    httpStatus: 429,
    grpcStatus: 'RESOURCE_EXHAUSTED',
    exitCode: 1,
  },
  stale: {
    meaning: 'the last good value is older than its bounded age, so no value is served',
    httpStatus: 503,
    grpcStatus: 'UNAVAILABLE',
    exitCode: 1,
  },
  overloaded: {
    meaning: 'the server has more to do than it can do in time; ask again',
    httpStatus: 503,
    grpcStatus: 'UNAVAILABLE',
    exitCode: 1,
  },
  'source-timeout': {
    meaning: 'the source did not answer in time',
    httpStatus: 504,
    grpcStatus: 'UNAVAILABLE',
    exitCode: 1,
  },
  'contract-broken': {
    meaning: 'an external scaler fails points of KEDA’s contract; `forescale doctor` prints what was seen',
    httpStatus: 502,
    grpcStatus: 'INTERNAL',
    exitCode: 1,
  },
  'missing-tool': {
    meaning: 'a program this command needs is not on this machine; the message says how to install it',
    httpStatus: 500,
    grpcStatus: 'INTERNAL',
    exitCode: 1,
  },
  internal: {
    meaning: 'a bug in Forescale; please report it',
    httpStatus: 500,
    grpcStatus: 'INTERNAL',
    exitCode: 1,
  },
} as const satisfies Record<
  string,
  { meaning: string; httpStatus: number; grpcStatus: string; exitCode: 1 | 2 | 3 }
>;

export type ErrorCode = keyof typeof errorTable;

/** What is wrong with one field. `message` says what was given, what is allowed, and the remedy. */
export interface FieldError {
  readonly field: string;
  readonly value?: string;
  readonly message: string;
}

/**
 * An error a user can act on. `message` names the culprit and the remedy; `fieldErrors` lists every wrong
 * field where several can be wrong at once. Anything else that is thrown is a bug and becomes `internal`.
 */
export class ForescaleError extends Error {
  override readonly name = 'ForescaleError';
  readonly code: ErrorCode;
  readonly fieldErrors: readonly FieldError[];
  /** Who failed asks not to be asked again before so many seconds are over; undefined where nothing was said. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      cause?: unknown;
      fieldErrors?: readonly FieldError[];
      retryAfterSeconds?: number | undefined;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fieldErrors = options.fieldErrors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The error about one wrong field. */
export function invalidField(field: string, message: string, value?: string): ForescaleError {
  const fieldError = value === undefined ? { field, message } : { field, value, message };
  return new ForescaleError('invalid-argument', message, { fieldErrors: [fieldError] });
}

/** Makes one error of several wrong fields; its message lists them all. */
export function invalidFields(what: string, fieldErrors: readonly FieldError[]): ForescaleError {
  const lines = fieldErrors.map((one) => one.message);
  const message =
    lines.length === 1 ? `${what}: ${lines[0]}` : `${what}: ${lines.length} errors: ${lines.join('; ')}`;
  return new ForescaleError('invalid-argument', message, { fieldErrors });
}

/** Makes a ForescaleError of anything that was thrown; an error of another class becomes `internal`, with its cause kept. */
export function toForescaleError(thrown: unknown): ForescaleError {
  if (thrown instanceof ForescaleError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ForescaleError('internal', message, { cause: thrown });
}
