import type { createConcurrencyLimit } from '../../platform/turns/concurrency-limit.ts';
import type { RequestExtras } from '../source.ts';
import { readConcealed, secretsIn } from './concealed.ts';
import type { HttpQuestion } from './dialect.ts';
import type { HttpAnswer, HttpConnection, HttpPool } from './http-connection.ts';
import type { SourceLimits } from './limits.ts';
import { type createQueryMethod, queryRequest } from './query-request.ts';
import { type Delay, withRetries } from './retry.ts';
import type { TurnWait } from './turn-wait.ts';

/** What every question to one source shares. */
export interface AskerParts {
  readonly connection: HttpConnection;
  readonly limits: SourceLimits;
  /** Who may send a request now: as many as there are sockets for instant queries. */
  readonly instants: ReturnType<typeof createConcurrencyLimit>;
  readonly queryMethod: ReturnType<typeof createQueryMethod>;
  readonly delay: Delay;
}

/** Bounds of each attempt. Only aborting ends them all. */
interface AskBounds {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly pool: HttpPool;
  readonly signal: AbortSignal;
  /** Measures how long the call waits for its turns. */
  readonly turnWait?: TurnWait;
}

/** Makes the function that asks a question for one caller and reads the answer, with retries. */
export function createAsker(parts: AskerParts, extras: RequestExtras) {
  const { connection, limits, instants, queryMethod, delay } = parts;
  const own = [...Object.values(extras.headers ?? {}), ...Object.values(extras.parameters ?? {})];
  return <T extends object>(
    question: HttpQuestion,
    bounds: AskBounds,
    read: (answer: HttpAnswer) => T | Promise<T>,
  ): Promise<T> => {
    const { pool, signal, turnWait } = bounds;
    const send = () =>
      queryMethod.send((method) => connection.send({ ...queryRequest(method, question, extras), ...bounds }));
    const sendInTurn = () => {
      turnWait?.begin();
      const work = () => {
        turnWait?.end();
        return send();
      };
      return instants.run(work, signal, extras.namespace);
    };
    // A turn is needed for each attempt anew, so that nobody holds one while waiting for the next attempt.
    const attempt = async () => {
      const answer = await (pool === 'range' ? send() : sendInTurn());
      return readConcealed(answer, secretsIn([...own, ...answer.credentials]), read);
    };
    return withRetries(attempt, { ...limits, delay, signal });
  };
}
