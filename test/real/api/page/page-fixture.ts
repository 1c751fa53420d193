import type { ApiOptions, ModeSwitch } from '../../../../src/api/ports.ts';
import type { Decision } from '../../../../src/forecast/workload-view.ts';
import {
  apiOptions,
  demandAt,
  directoryOf,
  goodDecision,
  goodOutcome,
  modelOf,
  nowSeconds,
  taught,
  workloadOf,
} from '../../../edges/api/fixture.ts';
import { recordOf } from '../../../edges/api/record-fixture.ts';
import { dayOfDecisions, decisionAt } from './page-record.ts';
import { playedWhatIf } from './played-what-if.ts';

/** A kill switch that remembers its mode. */
function switchOf(): ModeSwitch {
  let mode: ReturnType<ModeSwitch['mode']> = 'active';
  return {
    mode: () => mode,
    setMode: async (wanted) => {
      mode = wanted;
    },
  };
}

/** A server with three workloads: in one the forecast decides, one still learns, and one is blind. */
export function pageOptions(overrides: Partial<ApiOptions> = {}): ApiOptions {
  // The server's time goes on from the fixture's, so that the page sees a signal that moves.
  const startedMs = performance.now();
  const clock = () => nowSeconds + (performance.now() - startedMs) / 1000;
  const deciding = (decision: Partial<Decision>) => () => ({
    ...goodDecision,
    ...decision,
    atSeconds: clock(),
  });
  const learned = modelOf(taught(9));
  const workloads = [
    workloadOf(learned, {
      decision: deciding(decisionAt(nowSeconds)),
      outcome: () => goodOutcome,
    }),
    workloadOf(modelOf(taught(0)), {
      name: 'newcomer',
      decision: deciding({
        predictedPeak: undefined,
        trust: undefined,
        basis: 'observed',
        observed: demandAt(nowSeconds),
        wanted: demandAt(nowSeconds),
        signal: demandAt(nowSeconds),
        fallbackReasons: ['has 6h, needs 2d'],
      }),
    }),
    workloadOf(learned, {
      name: 'search',
      decision: deciding({ fresh: false, basis: 'last-good', fallbackReasons: ['no fresh observation'] }),
    }),
  ];
  return apiOptions({
    directory: directoryOf(workloads),
    record: recordOf(dayOfDecisions()),
    clock,
    modeSwitch: switchOf(),
    whatIf: { play: async (request) => playedWhatIf(request) },
    ...overrides,
  });
}
