import type { RecordedDecision, ServedDecision } from '../../../forecast/index.ts';
import { encodeChunk } from './chunk.ts';
import { precisions } from './precision.ts';

/** One way to keep decisions, from the most to the least that is kept. */
interface Keeping {
  /** Place in {@link precisions}. */
  readonly place: number;
  /** Which decisions are kept; by default all. */
  readonly keep?: typeof keepAll;
}

const keepAll = (decisions: readonly RecordedDecision[]) => decisions;

const coarsest = precisions.length - 1;
const keepings: readonly Keeping[] = [
  { place: 0 },
  { place: 1 },
  ...[1, 2, coarsest].map((place) => ({ place, keep: whereTheSignalChanges })),
  ...[2, 4, 8].map((every) => ({ place: coarsest, keep: oneOfAnd(every, looksDifferent) })),
  ...[2, 3, 4, 6, 8, 16, 64, 256, 1024, 4096].map((every) => ({
    place: coarsest,
    keep: oneOfAnd(every, () => false),
  })),
];

/**
 * Decisions as a chunk of at most `mostBytes`, kept as well as that allows and at most as precise as the place `finest` of
 * {@link precisions}. Where not all find room, those are left out at first that change no signal, and then one after the other.
 */
export function encodeWithin(
  decisions: readonly RecordedDecision[],
  mostBytes: number,
  finest: number,
): Uint8Array {
  let smallest = encodeChunk(decisions, finest);
  for (const { place, keep = keepAll } of keepings) {
    if (smallest.length <= mostBytes) break;
    if (place >= finest) smallest = encodeChunk(keep(decisions), place);
  }
  return smallest;
}

/** Longest distance of two decisions that are kept, so that each tells about the time until the next; seconds. */
export const longestKeptSeconds = 60;

/** Without decisions whose signal, as KEDA passes it on, and whose rule are those of the one that is kept before. */
function whereTheSignalChanges(decisions: readonly RecordedDecision[]): readonly RecordedDecision[] {
  let kept: RecordedDecision | undefined;
  return decisions.filter((decision, index) => {
    const next = decisions[index + 1];
    const isNeeded =
      kept === undefined ||
      next === undefined ||
      isTold(decision, kept) ||
      next.atSeconds - kept.atSeconds > longestKeptSeconds;
    if (isNeeded) kept = decision;
    return isNeeded;
  });
}

function isTold(decision: RecordedDecision, before: RecordedDecision): boolean {
  const inThousandths = (one: RecordedDecision) =>
    one.kind === 'none' ? undefined : Math.floor(1000 * one.signal + 1e-6);
  return inThousandths(decision) !== inThousandths(before) || looksDifferent(decision, before);
}

function looksDifferent(decision: RecordedDecision, before: RecordedDecision): boolean {
  if (decision.kind === 'none' || before.kind === 'none') return decision.kind !== before.kind;
  const asked = ({ signal, threshold }: ServedDecision) => Math.ceil(signal / threshold);
  return (
    asked(decision) !== asked(before) ||
    decision.basis !== before.basis ||
    decision.fresh !== before.fresh ||
    decision.active !== before.active
  );
}

/** Keeps one of so many decisions, and those that differ from the one before; the first and the last are always kept. */
function oneOfAnd(every: number, differs: typeof looksDifferent): typeof keepAll {
  return (decisions) =>
    decisions.filter((decision, index) => {
      const before = decisions[index - 1];
      const isKept = index % every === 0 || before === undefined || index === decisions.length - 1;
      return isKept || differs(decision, before);
    });
}
