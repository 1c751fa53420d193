import { pointsOf } from '../http/ranges/range-chunks.ts';
import type {
  History,
  InstantRequest,
  InstantResult,
  RangeReader,
  RangeRequest,
  RequestExtras,
} from '../source.ts';
import type { JointCall } from './ask-together.ts';
import { createGathering } from './gathering.ts';
import type { JointDialect } from './joint-dialect.ts';
import { createJointSender, jointTimeouts, type SenderParts } from './joint-sender.ts';
import { callerOf } from './shared-readers.ts';
import { createStandings } from './standing.ts';

/** Is told how long the source took for one query, milliseconds, without the wait for a turn. */
export type Took = (ms: number) => void;

/** Reads of single queries. */
export interface AloneReads {
  instant(request: InstantRequest, took?: Took): Promise<InstantResult>;
  range(request: RangeRequest, took?: Took): Promise<History>;
}

interface JointReads extends RangeReader {
  instant(request: InstantRequest): Promise<InstantResult>;
}

/** Ranges of at most so many points are asked together: the newest rows of histories, but no histories. */
const mostPoints = 10;
/** Longest text of a joint query: VictoriaMetrics takes 16 KiB, and a URL is best kept below 8 KB. */
const mostBytes = { POST: 12_000, GET: 3_000 };
/** A parameter that would cut a joint answer short. */
const cuttingParameter = 'limit';

/**
 * Makes the readers of one source, which ask queries of the same caller as of the same time together. Callers are told apart by all
 * that is sent along and by their namespace, so that what one of them asks never stands in a request of another.
 */
export function createJointReads(parts: SenderParts, joints: JointDialect) {
  const instants = createGathering<InstantResult>();
  const ranges = createGathering<History>();
  const standings = createStandings();

  return (extras: RequestExtras, alone: AloneReads): JointReads => {
    if (extras.parameters?.[cuttingParameter] !== undefined) return alone;
    const caller = callerOf(extras);
    const timeouts = jointTimeouts(parts.limits, extras);
    const sender = createJointSender(parts, joints, extras);
    const common = {
      mostBytes: () => mostBytes[parts.queryMethod.current()],
      compose: joints.compose,
    };
    const instantCall = (atSeconds: number): JointCall<InstantResult> => ({
      ...common,
      standing: standings.of(`instant ${caller}`, timeouts.instant),
      send: (joint, signal, isAgain) => sender.instants(joint, { atSeconds, signal }, isAgain),
      alone: (query, signal, took) => alone.instant({ query, atSeconds, signal }, took),
      isEmpty: (result) => result.kind === 'missing' && result.isEmpty,
      remarksOf: () => [],
      withRemarks: (result) => result,
    });
    const rangeCall = (span: Omit<RangeRequest, 'query' | 'signal'>): JointCall<History> => ({
      ...common,
      standing: standings.of(`range ${caller}`, timeouts.range),
      send: (joint, signal, isAgain) => sender.ranges(joint, { ...span, signal }, isAgain),
      alone: (query, signal, took) => alone.range({ ...span, query, signal }, took),
      isEmpty: ({ timestamps }) => timestamps.length === 0,
      remarksOf: ({ warnings }) => warnings,
      withRemarks: (history, remarks) => ({ ...history, warnings: [...remarks, ...history.warnings] }),
    });
    return {
      async instant(request) {
        const { query, atSeconds, signal } = request;
        if (!joints.isJoinable(query)) return alone.instant(request);
        return instants.ask(`${atSeconds} ${caller}`, () => instantCall(atSeconds), query, signal);
      },
      async range(request) {
        const { query, signal, ...span } = request;
        if (!(pointsOf(span, span.stepSeconds) <= mostPoints) || !joints.isJoinable(query)) {
          return alone.range(request);
        }
        const group = `${span.startSeconds} ${span.endSeconds} ${span.stepSeconds} ${caller}`;
        return ranges.ask(group, () => rangeCall(span), query, signal);
      },
    };
  };
}
