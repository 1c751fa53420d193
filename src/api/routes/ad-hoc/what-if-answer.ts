import { Type } from 'typebox';
import { EventsUsed } from '../../schemas/calendars.ts';
import { named } from '../../schemas/named.ts';
import { choice, orNull, unixSeconds } from '../../schemas/parts.ts';

// Shapes of the answer of a what-if.

const share = (description: string) => Type.Number({ description: `${description}, 0–1` });

const figures = {
  shortTimeShare: share('share of time in which demand was above what the ready replicas carry'),
  unservedShare: share('demand above it ÷ all demand'),
  shortageShare: Type.Number({ description: 'mean of the replicas that were missing ÷ those needed' }),
  excessShare: Type.Number({ description: 'mean of the replicas that were too many ÷ those needed' }),
  replicaHours: Type.Number({ description: 'hours of replicas that existed, starting ones too' }),
  oracleReplicaHours: Type.Number({
    description: 'of the fewest replicas, by one who knows all demand and the start-up',
  }),
  changes: Type.Integer({ description: 'of the replica count' }),
  goodputPerReplica: Type.Number({ description: 'demand that a replica served on average' }),
  worstDayShortShare: share('share of short time on the worst day'),
  longestShortSeconds: Type.Number(),
  hours: Type.Number({ description: 'time that was judged' }),
  cost: Type.Optional(Type.Number({ description: 'replica-hours × pricePerReplicaHour' })),
};

const { shortTimeShare, replicaHours } = figures;
const atEvents = Type.Object({ shortTimeShare, replicaHours });

const WhatIfPolicySchema = named(
  'WhatIfPolicy',
  'What one way of scaling cost, and how long it was short.',
  Type.Object({
    name: Type.String(),
    title: Type.String({ description: 'for people' }),
    ...figures,
    knob: Type.Object({
      meaning: Type.String({ description: 'what is tuned for equal service' }),
      setting: Type.Number({ description: 'that the figures above are of' }),
    }),
    atEqualService: orNull(
      Type.Object(
        { setting: Type.Number(), ...figures },
        { description: 'tuned, before the judged time, for the service level' },
      ),
    ),
  }),
);

const WhatIfWindowSchema = named(
  'WhatIfWindow',
  'An hour in which much demand was left unserved.',
  Type.Object({
    policy: Type.String(),
    from: unixSeconds('start'),
    to: unixSeconds('end'),
    shortSeconds: Type.Number(),
    unservedShare: share('demand that was not served ÷ all demand'),
    highestDemand: Type.Number(),
    fewestReady: Type.Number({ description: 'ready replicas' }),
  }),
);

/** The answer of a what-if. */
export const WhatIfAnswerSchema = named(
  'WhatIfAnswer',
  'What each way of scaling cost, and how long it was short.',
  Type.Object({
    from: unixSeconds('start of the judged time'),
    to: unixSeconds('end of the judged time'),
    serviceLevel: share('share of time that was to be served'),
    policies: Type.Array(WhatIfPolicySchema),
    verdict: orNull(
      Type.Object(
        {
          reactiveReplicaHours: orNull(
            Type.Number({ description: 'of the reactive rule; null where no target is short so little' }),
          ),
          savedShare: orNull(Type.Number({ description: 'of them by Forescale; below 0 = dearer' })),
          recommendation: choice(['turn-on', 'no-difference', 'leave-off']),
        },
        {
          description:
            'Forescale beside the reactive rule at its best target for the same short time; null where it was not played',
        },
      ),
    ),
    worstWindows: Type.Array(WhatIfWindowSchema, {
      description: 'the hours in which each policy left most demand unserved, worst first',
    }),
    calendar: Type.Optional(
      Type.Object(
        {
          without: Type.Object(figures, { description: 'of Forescale in the judged time' }),
          atEvents: orNull(
            Type.Object(
              { hours: Type.Number({ description: 'of events' }), with: atEvents, without: atEvents },
              { description: 'while events last; null where none is in the judged time' },
            ),
          ),
        },
        { description: 'Forescale without the events; its figures above are with them' },
      ),
    ),
    events: EventsUsed,
    warnings: Type.Array(Type.String(), { description: 'about the history' }),
  }),
);
