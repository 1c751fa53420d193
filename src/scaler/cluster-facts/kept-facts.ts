import { type Static, Type } from 'typebox';
import { longestSeconds } from './lead-time/learn-lead-time.ts';
import { historySeconds } from './starts/followed-starts.ts';
import { renewed, type SeenHpa, type WorkloadFacts } from './workload-facts.ts';

const Tolerance = Type.Optional(Type.Number({ minimum: 0 }));

/**
 * What is kept of a workload's cluster across a restart, so that decisions do not fall back to the defaults where kube-state-metrics
 * cannot be asked then. Times are unix seconds.
 */
export const KeptFactsSchema = Type.Object({
  leadTime: Type.Optional(
    Type.Object({
      p95Seconds: Type.Number({ exclusiveMinimum: 0 }),
      seconds: Type.Number({ exclusiveMinimum: 0, maximum: longestSeconds }),
      starts: Type.Number({ minimum: 0 }),
      /** When it was learned from all the starts that there were. */
      atSeconds: Type.Number(),
    }),
  ),
  /** Settings of its HPA, without counts. */
  hpa: Type.Optional(
    Type.Object({
      name: Type.String(),
      target: Type.Object({ namespace: Type.String(), kind: Type.String(), name: Type.String() }),
      toleranceUp: Tolerance,
      toleranceDown: Tolerance,
      atSeconds: Type.Number(),
    }),
  ),
});
export type KeptFacts = Static<typeof KeptFactsSchema>;

/** What is to be kept after a look at `atSeconds`; what was kept `before` stays until the starts of the past were read again. */
export function keptFacts(
  facts: WorkloadFacts | undefined,
  atSeconds: number,
  before: KeptFacts | undefined,
): KeptFacts | undefined {
  if (facts?.areStartsRead !== true) return before;
  const leadTime = facts.leadTime === undefined ? before?.leadTime : { ...facts.leadTime, atSeconds };
  const hpa = facts.seen && keptHpa(facts.seen);
  return { ...(leadTime && { leadTime }), ...(hpa && { hpa }) };
}

function keptHpa({ hpa, atSeconds }: SeenHpa): KeptFacts['hpa'] {
  const { name, target, toleranceUp, toleranceDown } = hpa;
  return {
    name,
    target,
    ...(toleranceUp === undefined ? {} : { toleranceUp }),
    ...(toleranceDown === undefined ? {} : { toleranceDown }),
    atSeconds,
  };
}

/** The HPA as it was seen before a restart. */
export function seenBefore(kept: KeptFacts | undefined): SeenHpa | undefined {
  if (kept?.hpa === undefined) return undefined;
  const { atSeconds, ...settings } = kept.hpa;
  const unknown = { scaledObject: undefined, fewest: undefined, most: undefined, atSeconds: undefined };
  const counts = { current: undefined, desired: undefined };
  const tolerances = { toleranceUp: undefined, toleranceDown: undefined };
  return { hpa: { ...unknown, ...counts, ...tolerances, ...settings }, ready: undefined, atSeconds };
}

/** Whether all of what was kept still holds, so that decisions are made as before the restart. */
export function holdsStill(kept: KeptFacts | undefined, nowSeconds: number): boolean {
  if (kept === undefined) return false;
  const isSeen = kept.hpa === undefined || renewed(seenBefore(kept), undefined, nowSeconds) !== undefined;
  return isSeen && (kept.leadTime === undefined || leadTimeBefore(kept, nowSeconds) !== undefined);
}

/**
 * The facts of a look, or before the first one none, with what was kept of before a restart. A lead time holds until one is learned
 * again, at most as long as starts are read back; settings of the HPA hold as long as those that are not seen any more.
 */
export function withKept(
  facts: WorkloadFacts | undefined,
  kept: KeptFacts | undefined,
  nowSeconds: number,
): WorkloadFacts | undefined {
  if (kept === undefined || facts?.leadTime !== undefined) return facts;
  const seen = facts === undefined ? renewed(seenBefore(kept), undefined, nowSeconds) : facts.seen;
  return { seen, leadTime: leadTimeBefore(kept, nowSeconds), areStartsRead: facts?.areStartsRead ?? false };
}

function leadTimeBefore({ leadTime }: KeptFacts, nowSeconds: number): WorkloadFacts['leadTime'] {
  if (leadTime === undefined || Math.abs(nowSeconds - leadTime.atSeconds) > historySeconds) return undefined;
  const { atSeconds: _, ...learned } = leadTime;
  return learned;
}
