/**
 * The demo's time: a day passes in four minutes, so an hour in ten seconds. Every delay between demand and capacity is
 * compressed alike, which is possible because seasons, steps and intervals are configuration.
 */
export const scene = {
  daySeconds: 240,
  /** Where in the simulated week the demo begins: Tuesday, half past four, before the morning ramp. */
  startDay: 'Tuesday',
  startHour: 4.5,
  historyDays: 14,
  /** Requests per second at the top of a weekday's afternoon, and what one replica should carry. */
  peakRequestsPerSecond: 60,
  targetRequestsPerSecond: 8,
  minReplicas: 1,
  maxReplicas: 10,
  /** Until a new replica is ready: 24 minutes of the simulated day. */
  startUpSeconds: 4,
  scrapeIntervalSeconds: 1,
  refreshIntervalSeconds: 1,
  kedaPollingSeconds: 1,
  hpaSyncSeconds: 1,
  scaleDownStabilizationSeconds: 10,
  rateWindowSeconds: 5,
} as const;

/** Unix 0, and so day 0 of the load shape, is a Thursday. */
const daysFromThursday = {
  Thursday: 0,
  Friday: 1,
  Saturday: 2,
  Sunday: 3,
  Monday: 4,
  Tuesday: 5,
  Wednesday: 6,
} as const;

/** Seconds to add to unix time so that `startSeconds` falls on the scene's first hour of the simulated week. */
export function sceneShiftSeconds(startSeconds: number): number {
  const { daySeconds, startDay, startHour } = scene;
  const wanted = (daysFromThursday[startDay] + startHour / 24) * daySeconds;
  const week = 7 * daySeconds;
  return (((wanted - startSeconds) % week) + week) % week;
}

/** Simulated weekday and time of day, such as `Tue 08:30`. */
export function simulatedTime(unixSeconds: number, shiftSeconds: number): string {
  const days = (unixSeconds + shiftSeconds) / scene.daySeconds;
  const name = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'][Math.floor(days) % 7];
  const minutes = Math.floor((days % 1) * 24 * 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${name} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
