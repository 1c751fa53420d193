import { rowSeconds } from '../demand.ts';
import type { Knowledge } from '../knowledge.ts';
import { windowOf } from '../scenario.ts';
import type { Policy } from './contract.ts';
import { raised, usualFactors } from './raised.ts';

const hourSeconds = 3600;
const daySeconds = 86_400;

/**
 * Replicas by the hour of the day, for working days and weekends (UTC), with a reactive trigger beside them: KEDA's cron scaler as
 * somebody sets it once from what was seen until then, which is the largest demand of that hour, times the knob.
 */
export const cron: Policy = {
  title: 'cron',
  knob: { meaning: 'factor on the largest demand of the hour', values: usualFactors, default: 1 },
  hpa: 'own',
  create({ scenario, settings }) {
    const aheadSeconds = windowOf(scenario);
    let schedule: Float64Array | undefined;
    return {
      signals(known, into) {
        schedule ??= scheduleOf(known);
        const { nowSeconds, observed } = known;
        // The next hour's replicas are started early enough to be ready by then.
        const planned = Math.max(schedule[slotOf(nowSeconds)]!, schedule[slotOf(nowSeconds + aheadSeconds)]!);
        for (let i = 0; i < settings.length; i++)
          into[i] = raised(Math.max(observed, planned * settings[i]!), scenario);
      },
    };
  },
};

/** Largest row of each hour so far; 0 where an hour was not seen. */
function scheduleOf({ rows, rowCount, firstSeconds }: Knowledge): Float64Array {
  const schedule = new Float64Array(48);
  for (let i = 0; i < rowCount; i++) {
    const slot = slotOf(firstSeconds + i * rowSeconds);
    if (rows[i]! > schedule[slot]!) schedule[slot] = rows[i]!;
  }
  return schedule;
}

/** 0 … 23 on working days, 24 … 47 at weekends. 1970-01-01 was a Thursday. */
function slotOf(unixSeconds: number): number {
  const hour = Math.floor((unixSeconds % daySeconds) / hourSeconds);
  const weekday = (Math.floor(unixSeconds / daySeconds) + 4) % 7;
  return weekday === 0 || weekday === 6 ? 24 + hour : hour;
}
