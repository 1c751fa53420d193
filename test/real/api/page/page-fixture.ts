import type { ApiOptions, ModeSwitch } from '../../../../src/api/ports.ts';
import type { CalendarEvent, ExpectedEvent } from '../../../../src/forecast/index.ts';
import type { Decision, DemandModelView } from '../../../../src/forecast/workload-view.ts';
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

/** Midnight of the fixture's day, UTC. */
const midnight = nowSeconds - 9 * 3600;
const learnedEffect = { type: 'learned' } as const;
const event = (
  name: string,
  hour: number,
  hours: number,
  effect: CalendarEvent['effect'],
): CalendarEvent => ({
  ...{ name, kind: name, effect },
  startSeconds: midnight + hour * 3600,
  endSeconds: midnight + (hour + hours) * 3600,
});

/** Events of calendars: one that is over, one of the whole day, and others that come. */
const eventsOfShop: readonly (CalendarEvent & { readonly told?: Omit<ExpectedEvent, 'event'> })[] = [
  event('Load test', -8, 2, { type: 'ignored' }),
  { ...event('Epiphany', 0, 24, learnedEffect), told: { ratio: 0.724, occurrences: 3 } },
  {
    ...event('TV ad', 10, 0.5, { type: 'given', ratio: 2.5 }),
    told: { ratio: 2.5, occurrences: undefined },
  },
  { ...event('Winter sale', 6 * 24, 48, learnedEffect), told: { ratio: 1, occurrences: 0 } },
];

function withEvents(model: DemandModelView): DemandModelView {
  return {
    ...model,
    events: () => eventsOfShop.map(({ told: _, ...one }) => one),
    eventsAhead: () =>
      eventsOfShop.flatMap(({ told, ...one }) => (told === undefined ? [] : [{ event: one, ...told }])),
  };
}

/** A server with three workloads: in one, which has events, the forecast decides, one still learns, and one is blind. */
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
    workloadOf(withEvents(learned), {
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
