import { type Comparison, createComparison, type Entrant } from '../compare.ts';
import { replicaHoursAt } from '../outcome/equal-service.ts';
import type { Policy } from '../policies/contract.ts';
import { policies } from '../policies/table.ts';
import { type Question, worldOf } from '../question.ts';

/** Start-ups that are played beside each other, seconds. */
const startUpsSeconds = [60, 120, 300, 600, 1200, 1800] as const;

/** What one start-up costs at equal service, in the judged half; undefined where no setting of a policy is short so little. */
export interface StartUpCost {
  readonly startUpSeconds: number;
  readonly reactiveHours: number | undefined;
  readonly forescaleHours: number | undefined;
  /** Of one who knows all demand and the start-up. */
  readonly oracleHours: number;
}

/** The same workload at start-ups from a minute to half an hour, on its way. */
export interface StartUpStudy extends Pick<Comparison, 'advance' | 'doneShare'> {
  costs(): readonly StartUpCost[];
}

/**
 * Plays a question's workload with several start-ups. Each policy is taken at the settings that, in hindsight, gave the service level
 * at least cost: the reactive rule over its targets, Forescale over three service levels.
 */
export function createStartUpStudy(question: Question): StartUpStudy {
  const { demand, sight, scenario } = worldOf(question);
  const allowedShortShare = 1 - question.serviceLevel;
  const levels = [2, 1, 0.5].map((factor) => Math.max(0.5, 1 - factor * allowedShortShare));
  const forescale: Policy = { ...policies.forescale, knob: { ...policies.forescale.knob, values: levels } };
  const entrants: readonly Entrant[] = [
    { name: 'reactive', policy: policies.reactive, isSwept: true },
    { name: 'forescale', policy: forescale, setting: levels[1], isSwept: true },
  ];
  const comparison = createComparison({
    demand,
    sight,
    scenarios: startUpsSeconds.map((seconds) => ({
      ...scenario,
      startUp: { ...scenario.startUp, seconds },
      leadTimeSeconds: undefined,
    })),
    entrants,
    allowedShortShare,
    hasTimelines: false,
  });
  return {
    advance: comparison.advance,
    get doneShare() {
      return comparison.doneShare;
    },
    costs: () =>
      comparison.verdicts().map(([reactive, ours], index) => ({
        startUpSeconds: startUpsSeconds[index]!,
        reactiveHours: replicaHoursAt(reactive!.judged, allowedShortShare),
        forescaleHours: replicaHoursAt(ours!.judged, allowedShortShare),
        oracleHours: ours!.judged[0]!.oracleReplicaHours,
      })),
  };
}
