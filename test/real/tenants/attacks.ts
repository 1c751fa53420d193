import { createKedaCaller } from '../integration/scaler-client.ts';
import { openHalfOpenStreams } from './half-open-streams.ts';

/** How much of each attack there is. */
export interface Attack {
  /** ScaledObjects with the longest history that a trigger may ask for. */
  readonly longHistories: number;
  /** ScaledObjects whose query takes the source 14 s. */
  readonly slowQueries: number;
  /** Deploys of one ScaledObject that change a key which nobody knows. */
  readonly edits: number;
  /** Calls whose request never comes, once on one connection and once on many. */
  readonly halfOpenStreams: number;
}

/** Lets three namespaces, and somebody without one, do to the server what one tenant can do. Ends with `signal`. */
export function startAttack(port: number, attack: Attack, signal: AbortSignal) {
  const callers = ['greedy', 'slow', 'edited'].map((namespace) => createKedaCaller(port, namespace));
  const [greedy, slow, edited] = callers as [Caller, Caller, Caller];
  signal.addEventListener('abort', () => {
    for (const caller of callers) caller.close();
  });
  const slowCalls = numbers(attack.slowQueries).map((index) =>
    slow.value(`slow-${index}`, { ...trigger(`slow_${index}`), timeout: '15s' }),
  );
  const otherCalls = [
    ...numbers(attack.longHistories).map((index) =>
      greedy.value(`long-${index}`, { ...trigger(`greedy_${index}`), historyTimeWindow: '400d' }),
    ),
    ...numbers(attack.edits).map((index) =>
      edited.value('app', { ...trigger('edited'), deployedAs: `build-${index}` }),
    ),
  ];
  const { halfOpenStreams: streams } = attack;
  const flood = async () => {
    await openHalfOpenStreams(port, { streams, perConnection: streams, signal });
    return openHalfOpenStreams(port, { streams, perConnection: 1_000, signal });
  };
  return {
    /** Why calls failed whose query is slow, and the other calls. */
    slowFailures: failuresOf(slowCalls),
    otherFailures: failuresOf(otherCalls),
    opened: flood(),
  };
}

type Caller = ReturnType<typeof createKedaCaller>;

function trigger(query: string): Record<string, string> {
  return { query, threshold: '10' };
}

async function failuresOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(calls);
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
