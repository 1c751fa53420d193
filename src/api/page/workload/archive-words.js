import { dateOf } from '../chart/times.js';
import { formatNumber } from '../words.js';

/**
 * How far back demand is archived, and what the archive shows of days to come; empty where nothing is archived.
 * @param {{ archivedSince?: number, effects?: readonly { name: string, ratio: number }[] }} health
 */
export function archiveWords({ archivedSince, effects = [] }) {
  if (archivedSince === undefined) return '';
  const shown = new Map(effects.map(({ name, ratio }) => [name, ratio]));
  const words = [...shown].map(([name, ratio]) => `${formatNumber(ratio)} times the usual demand: ${name}`);
  const since = `Demand is archived since ${dateOf(archivedSince)}.`;
  return words.length === 0 ? since : `${since} The archive shows ${words.join('; ')}.`;
}
