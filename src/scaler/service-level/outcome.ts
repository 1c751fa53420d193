import { outcomeWindows, type ServedSpan, type ServiceOutcome } from '../../forecast/index.ts';
import type { ServiceState } from './played-service.ts';
import type { ServedTime } from './served-time.ts';
import type { ServiceRule } from './service-rule.ts';

/** What a play brought, for people and metrics. */
export function toOutcome({
  rule,
  state,
  served,
  counted,
}: {
  readonly rule: Pick<ServiceRule, 'serviceLevel' | 'leadTimeSeconds'>;
  readonly state: Pick<ServiceState, 'asked' | 'headroom' | 'trust'>;
  readonly served: Pick<ServedTime, 'newestSeconds' | 'last'>;
  readonly counted: ServedSpan;
}): ServiceOutcome {
  return {
    untilSeconds: served.newestSeconds,
    serviceLevel: rule.serviceLevel,
    askedLevel: state.asked.level,
    askedFactor: state.asked.factor,
    headroom: state.headroom,
    trust: state.trust,
    leadTimeSeconds: rule.leadTimeSeconds,
    windows: {
      '1h': served.last(outcomeWindows['1h']),
      '1d': served.last(outcomeWindows['1d']),
      '7d': served.last(outcomeWindows['7d']),
    },
    counted,
  };
}
