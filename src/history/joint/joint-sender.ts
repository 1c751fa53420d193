import type { createConcurrencyLimit } from '../../platform/turns/concurrency-limit.ts';
import { nextTurn } from '../../platform/turns/time-slices.ts';
import type { AskerParts } from '../http/asker.ts';
import type { HttpDialect } from '../http/dialect.ts';
import type { HttpAnswer } from '../http/http-connection.ts';
import type { SourceLimits } from '../http/limits.ts';
import { joinParts } from '../http/ranges/joined-parts.ts';
import type { SecondLooks } from '../http/ranges/second-look.ts';
import type { History, InstantRequest, InstantResult, RangeRequest, RequestExtras } from '../source.ts';
import type { JointAnswers, JointDialect, JointQuery } from './joint-dialect.ts';
import type { JointOutcome } from './joint-outcome.ts';
import { createJointSend } from './joint-send.ts';

/** What the joint questions to one source share. */
export interface SenderParts extends AskerParts {
  readonly dialect: HttpDialect;
  readonly ranges: ReturnType<typeof createConcurrencyLimit>;
  readonly looks: SecondLooks;
}

/** Shares of a single query's time after which a joint request is given up, so that its members can still be asked alone in time. */
const instantShare = 0.4;
const rangeShare = 0.3;

/** Longest time of one joint request, milliseconds. */
export function jointTimeouts(limits: SourceLimits, { timeoutMs }: RequestExtras) {
  return {
    instant: Math.round(instantShare * (timeoutMs ?? limits.instantRequestTimeoutMs)),
    range: Math.round(rangeShare * limits.rangeRequestTimeoutMs),
  };
}

/** Makes the functions that send joint requests for one caller. They reject only with the signal's reason. */
export function createJointSender(parts: SenderParts, joints: JointDialect, extras: RequestExtras) {
  const { limits, dialect, ranges, looks } = parts;
  const { address } = parts.connection;
  const send = createJointSend(parts, extras);
  const timeouts = jointTimeouts(limits, extras);

  return {
    instants(
      joint: JointQuery,
      { atSeconds, signal }: Omit<InstantRequest, 'query'>,
      isAgain: boolean,
    ): Promise<JointOutcome<InstantResult>> {
      const question = dialect.askInstant({ query: joint.query, atSeconds }, timeouts.instant);
      const bounds = { timeoutMs: timeouts.instant, maxBytes: limits.instantBytes, pool: 'instant' } as const;
      const sent = { question, ...bounds, wholeMs: limits.instantTimeoutMs, isAgain };
      return send(sent, signal, (answer) => joints.readInstants(answer, address, joint));
    },

    ranges(
      joint: JointQuery,
      { signal, ...span }: Omit<RangeRequest, 'query'>,
      isAgain: boolean,
    ): Promise<JointOutcome<History>> {
      const part = { ...span, query: joint.query };
      const question = dialect.askRange(part, timeouts.range);
      const bounds = { timeoutMs: timeouts.range, maxBytes: limits.rangeBytes, pool: 'range' } as const;
      const sent = { question, ...bounds, wholeMs: limits.rangeTimeoutMs, isAgain };
      const read = async (answer: HttpAnswer): Promise<JointAnswers<History>> => {
        await nextTurn();
        const answers = joints.readRanges(answer, address, joint, part);
        if (answers.kind === 'odd') return answers;
        const of = answers.of.map((rows, index) => {
          if (rows === undefined) return undefined;
          const history = joinParts([{ ...span, rows }], span.stepSeconds, dialect.oneSeries);
          return { ...history, warnings: looks.warnings(joint.members[index] ?? '') };
        });
        return { ...answers, of };
      };
      return ranges.run(() => send(sent, signal, read), signal, extras.namespace);
    },
  };
}
