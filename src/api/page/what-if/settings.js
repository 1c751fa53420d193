import { formatDemand, formatNumber, formatShare, formatSpan } from '../words.js';

/**
 * @typedef {object} Settings what is played; the names are those of the link and, but for the unit of `startUp`, of the API
 * @property {number} target demand one replica should carry
 * @property {number} startUp seconds
 * @property {number} serviceLevel share of time that is to be served
 * @property {number} minReplicas
 * @property {number} maxReplicas
 */

const usualServiceLevel = 0.99;
const usualMaxReplicas = 100;

const multiples = [0.25, 0.33, 0.5, 0.6, 0.7, 0.8, 0.9, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4];
const startUps = [10, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800];
const levels = [0.9, 0.95, 0.98, 0.99, 0.995, 0.999];
const counts = [0, 1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000];

/** The sliders: the setting of each, its label, the values beside the present one, and how one is written. */
export const sliders = [
  {
    name: 'target',
    label: 'Demand per replica',
    values: ({ target }) => multiples.map((multiple) => Number((multiple * target).toPrecision(3))),
    format: (value, unit) => formatDemand(value, unit),
  },
  { name: 'startUp', label: 'Start-up of a replica', values: () => startUps, format: formatSpan },
  {
    name: 'serviceLevel',
    label: 'Service level',
    values: () => levels,
    format: (value) => `${formatShare(value, 2)} of the time`,
  },
  {
    name: 'minReplicas',
    label: 'Fewest replicas',
    values: () => counts,
    format: (value) => formatNumber(value),
  },
  {
    name: 'maxReplicas',
    label: 'Most replicas',
    values: () => counts.slice(1),
    format: (value) => formatNumber(value),
  },
];

/** The settings that a workload has now. @returns {Settings} */
export function presentSettings({ threshold, leadTime, decision, replicas }) {
  return {
    target: threshold,
    startUp: Math.max(1, Math.round(leadTime.seconds)),
    serviceLevel: decision?.serviceLevel ?? usualServiceLevel,
    minReplicas: replicas?.min ?? 1,
    maxReplicas: replicas?.max ?? usualMaxReplicas,
  };
}

/** Settings that are assumed, because what the workload has is not known. */
export function assumedSettings({ replicas }) {
  return new Set([
    ...(replicas?.min == null ? ['minReplicas'] : []),
    ...(replicas?.max == null ? ['maxReplicas'] : []),
  ]);
}

/** The settings of a link; what it does not name, or names as no number, is as it is now. */
export function settingsOf(parameters, present) {
  return Object.fromEntries(
    Object.entries(present).map(([name, value]) => {
      const given = Number(parameters[name] ?? Number.NaN);
      return [name, Number.isFinite(given) && given >= 0 ? given : value];
    }),
  );
}

/** What a link has to name: the settings that are not the present ones. */
export function changedSettings(settings, present) {
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => value !== present[name]));
}

/** Values of a slider, rising, with those that are chosen and present among them. */
export function stepsOf({ name, values }, settings, present) {
  return [...new Set([...values(present), present[name], settings[name]])].sort((a, b) => a - b);
}
