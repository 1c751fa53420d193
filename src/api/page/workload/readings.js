import { queryOf } from '../frame/address.js';
import { get, Problem } from '../live.js';
import { peakQuantile } from './peaks.js';
import { decisionStep } from './ranges.js';

const quantiles = [...new Set(['0.5', peakQuantile, '0.99'])].join();
/** How far ahead is read: the next peaks are those of a day. */
const aheadHours = 24;
/** Most steps of one forecast, where a day is compressed into minutes. */
const mostSteps = 2016;
/** How far back and ahead events of calendars are read at least. */
const eventDays = 30;
/** Most decisions of one answer of the server. */
const mostPerAnswer = 1000;

/**
 * Reads what a workload's charts and numbers are made of, and keeps it until there is a new row: history, forecast, accuracy,
 * outcome, and the decisions on record, of which only new ones are read again.
 */
export function createReadings() {
  let key = '';
  let series;

  return async (path, trigger, { status, rangeSeconds }) => {
    const about = [path, trigger, rangeSeconds].join(' ');
    const newKey = `${about} ${status.newestRowAt}`;
    if (newKey === key) return series;
    const stepSeconds = decisionStep(rangeSeconds);
    const known = series?.about === about ? series.decisions : [];
    const [past, forecast, accuracy, outcome, { events }, recorded] = await Promise.all([
      get(`${path}/history${queryOf({ trigger, range: `${rangeSeconds}s` })}`),
      get(`${path}/forecast${queryOf({ trigger, quantiles, horizon: aheadOf(status) })}`),
      get(`${path}/accuracy${queryOf({ trigger })}`),
      get(`${path}/outcome${queryOf({ trigger })}`),
      get(`${path}/calendar${queryOf({ trigger, range: `${Math.max(rangeSeconds, eventDays * 86_400)}s` })}`),
      readDecisions(path, trigger, { known, settledUntil: settledUntil(status), rangeSeconds, stepSeconds }),
    ]);
    series = { about, past, forecast, accuracy, outcome, events, rangeSeconds, stepSeconds, ...recorded };
    key = newKey;
    return series;
  };
}

/** Decisions up to then have an outcome that changes no more: their window is over, and its rows are there. */
function settledUntil({ decision, gridSeconds }) {
  return decision === null ? 0 : decision.at - 2 * decision.windowSeconds - 2 * gridSeconds;
}

/** A whole day, or as much of it as one forecast has steps for. */
function aheadOf({ gridSeconds, horizonSeconds }) {
  const seconds = Math.max(horizonSeconds, Math.min(aheadHours * 3600, mostSteps * gridSeconds));
  return `${Math.floor(seconds)}s`;
}

/**
 * The decisions in the range, and a sentence where there are none. Of `known` ones those whose outcome may have come since are read
 * again.
 */
async function readDecisions(path, trigger, { known, settledUntil, rangeSeconds, stepSeconds }) {
  const settled = known.filter(({ at }) => at < settledUntil);
  const last = settled.at(-1)?.at;
  const span = last === undefined ? { range: `${rangeSeconds}s` } : { from: last + stepSeconds / 2 };
  try {
    const { decisions, record, to } = await get(
      `${path}/decisions${queryOf({ trigger, ...span, step: `${stepSeconds}s`, limit: mostPerAnswer })}`,
    );
    const all = [...settled, ...decisions].filter(({ at }) => at >= to - rangeSeconds);
    const none = all.length === 0 ? 'No decision of this time is on record yet.' : '';
    return { decisions: all, isOnRecord: record.oldestAt !== null, withoutDecisions: record.warning ?? none };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { decisions: known, isOnRecord: known.length > 0, withoutDecisions: error.message };
  }
}
