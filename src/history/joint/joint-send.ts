import { within } from '../../platform/deadline.ts';
import { type AskerParts, createAsker } from '../http/asker.ts';
import type { HttpQuestion } from '../http/dialect.ts';
import { callTimedOut } from '../http/failures.ts';
import type { HttpAnswer, HttpPool } from '../http/http-connection.ts';
import { withRetries } from '../http/retry.ts';
import { createTurnWait } from '../http/turn-wait.ts';
import type { RequestExtras } from '../source.ts';
import type { JointAnswers } from './joint-dialect.ts';
import { type JointOutcome, outcomeOfFailure } from './joint-outcome.ts';

/** A joint request and its bounds. */
interface Sent {
  readonly question: HttpQuestion;
  readonly pool: HttpPool;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Time of all attempts, the wait for turns included. */
  readonly wholeMs: number;
  /** It is a part of one that failed, so that it is tried once. */
  readonly isAgain: boolean;
}

/** Makes the function that sends joint requests for one caller. It rejects only with the signal's reason. */
export function createJointSend(parts: AskerParts, extras: RequestExtras) {
  const { limits, delay, connection } = parts;
  const { address } = connection;
  // Retries are our own, because a slow answer is not waited for again.
  const ask = createAsker({ ...parts, limits: { ...limits, retries: 0 } }, extras);

  return async function send<T>(
    { question, wholeMs, isAgain, ...bounds }: Sent,
    callerSignal: AbortSignal | undefined,
    read: (answer: HttpAnswer) => Promise<JointAnswers<T>> | JointAnswers<T>,
  ): Promise<JointOutcome<T>> {
    const turnWait = createTurnWait();
    let status: number | undefined;
    const once = async (signal: AbortSignal): Promise<JointOutcome<T>> => {
      const waitedMs = turnWait.waitedMs();
      const beganMs = performance.now();
      status = undefined;
      try {
        const answers = await ask(question, { ...bounds, signal, turnWait }, (answer) => {
          status = answer.status;
          return read(answer);
        });
        if (answers.kind === 'odd') return answers;
        return { ...answers, tookMs: performance.now() - beganMs - (turnWait.waitedMs() - waitedMs) };
      } catch (thrown) {
        signal.throwIfAborted();
        const outcome = outcomeOfFailure(thrown, status, address);
        // The error of a source that is not well is thrown for the retries to see.
        if (outcome.kind === 'unwell') throw outcome.error;
        return outcome;
      }
    };
    try {
      const error = () => callTimedOut(address, wholeMs, turnWait.waitedMs(), limits);
      return await within(
        wholeMs,
        (signal) =>
          withRetries(() => once(signal), {
            ...limits,
            retries: isAgain ? 0 : limits.retries,
            delay,
            signal,
          }),
        { signal: callerSignal, error },
      );
    } catch (thrown) {
      callerSignal?.throwIfAborted();
      const outcome = outcomeOfFailure(thrown, status, address);
      const hasWaited = turnWait.waitedMs() > wholeMs / 2;
      return outcome.kind === 'slow' && hasWaited
        ? {
            kind: 'unwell',
            error: callTimedOut(address, wholeMs, turnWait.waitedMs(), limits),
            isAnswered: false,
          }
        : outcome;
    }
  };
}
