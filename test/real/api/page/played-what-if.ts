import type { WhatIfPlayer } from '../../../../src/api/ports.ts';
import { nowSeconds } from '../../../edges/api/fixture.ts';

type Played = Awaited<ReturnType<WhatIfPlayer['play']>>;

/** An answer that took no time to find, in which a higher target costs less and is short for longer. */
export function playedWhatIf({ settings, serviceLevel }: Parameters<WhatIfPlayer['play']>[0]): Played {
  const replicaHours = 30_000 / settings.target;
  const policyOf = (name: 'reactive' | 'forescale', shortTimeShare: number, hours: number) => ({
    name,
    title: name,
    shortTimeShare,
    unservedShare: shortTimeShare / 10,
    shortageShare: shortTimeShare / 5,
    excessShare: 0.3,
    replicaHours: hours,
    oracleReplicaHours: 0.7 * hours,
    changes: 310,
    goodputPerReplica: 0.6 * settings.target,
    worstDayShortShare: 2.5 * shortTimeShare,
    longestShortSeconds: 1_260,
    hours: 240,
    knob: { meaning: 'target', setting: 1 },
    atEqualService: null,
  });
  return {
    from: nowSeconds - 10 * 86_400,
    to: nowSeconds,
    serviceLevel: serviceLevel ?? 0.99,
    policies: [
      policyOf('reactive', settings.target / 400, replicaHours),
      policyOf('forescale', settings.target / 2_000, 1.06 * replicaHours),
    ],
    verdict: { reactiveReplicaHours: 1.2 * replicaHours, savedShare: 0.12, recommendation: 'turn-on' },
    worstWindows: [],
    warnings: [],
  };
}
