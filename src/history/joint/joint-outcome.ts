import { ForescaleError, toForescaleError } from '../../platform/errors.ts';

/** How a joint request ended. */
export type JointOutcome<T> =
  | {
      readonly kind: 'answers';
      readonly of: readonly (T | undefined)[];
      readonly remarks: readonly string[];
      readonly tookMs: number;
    }
  /** The answer is not to be relied on, or the source refuses such requests: all are asked alone. */
  | { readonly kind: 'odd' }
  | { readonly kind: 'slow' }
  /** The source refuses it because of what is in it: one of the members may be to blame, and the others are well. */
  | { readonly kind: 'refused' }
  /** The source is not well, and would answer single queries no better, unless one of the members does this to it (`isAnswered`). */
  | { readonly kind: 'unwell'; readonly error: ForescaleError; readonly isAnswered: boolean };

/** Answers that say that something in the request is wrong, or too much. */
const refusals = [400, 413, 414, 422, 431];

/**
 * What a joint request's failure means. `status` is that of the answer, undefined where there was none. The error of a source that is
 * not well has none of the words of the answer, which may repeat what others ask.
 */
export function outcomeOfFailure(
  thrown: unknown,
  status: number | undefined,
  address: string,
): Exclude<JointOutcome<never>, { kind: 'answers' }> {
  const error = toForescaleError(thrown);
  const { code, retryAfterSeconds } = error;
  if (code === 'source-timeout') return { kind: 'slow' };
  if (status === undefined) {
    if (code === 'too-large') return { kind: 'refused' };
    return code === 'source-unreachable' ? { kind: 'unwell', error, isAnswered: false } : { kind: 'odd' };
  }
  if (status === 429 || status >= 500) {
    const message = `${address} answers ${status} to what several workloads ask together`;
    const wordless = new ForescaleError('source-unreachable', message, { retryAfterSeconds });
    return { kind: 'unwell', error: wordless, isAnswered: retryAfterSeconds === undefined };
  }
  return refusals.includes(status) ? { kind: 'refused' } : { kind: 'odd' };
}
