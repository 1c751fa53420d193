import type { JointCall } from '../../../../src/history/joint/ask-together.ts';
import { createGathering } from '../../../../src/history/joint/gathering.ts';
import { type JointOutcome, outcomeOfFailure } from '../../../../src/history/joint/joint-outcome.ts';
import { createStanding } from '../../../../src/history/joint/standing.ts';
import type { HistorySource, InstantResult } from '../../../../src/history/source.ts';
import { ForescaleError } from '../../../../src/platform/errors.ts';
import type { World } from './world.ts';

/** Asks the values of one replica's queries together, as a real source does: one request fails as any of its members does. */
export function askedJointly(world: World, source: HistorySource): HistorySource {
  const gathering = createGathering<InstantResult>((ask) => setImmediate(ask));
  const standing = createStanding({ timeoutMs: 2_000, nowMs: () => world.trueSeconds * 1_000 });
  const callAt = (atSeconds: number): JointCall<InstantResult> => ({
    standing,
    mostBytes: () => 12_000,
    compose: (members) => [{ query: members.join(' or '), members, membersOf: () => [] }],
    send: ({ members }) => jointAnswer(source, members, atSeconds),
    alone: (query, signal) => source.instant({ query, atSeconds, signal }),
    isEmpty: (result) => result.kind === 'missing' && result.isEmpty,
    remarksOf: () => [],
    withRemarks: (result) => result,
  });
  return {
    ...source,
    instant: ({ query, atSeconds, signal }) =>
      gathering.ask(String(atSeconds), () => callAt(atSeconds), query, signal),
  };
}

async function jointAnswer(
  source: HistorySource,
  members: readonly string[],
  atSeconds: number,
): Promise<JointOutcome<InstantResult>> {
  try {
    const of = await Promise.all(members.map((query) => source.instant({ query, atSeconds })));
    if (of.some(({ isPartial }) => isPartial === true)) return { kind: 'odd' };
    return { kind: 'answers', of, remarks: [], tookMs: 1 };
  } catch (error) {
    // What is no error of a source is a bug, which the one who asks has to survive.
    if (!(error instanceof ForescaleError)) throw error;
    return outcomeOfFailure(error, error.code === 'source-unreachable' ? 503 : 422, 'virtual');
  }
}
