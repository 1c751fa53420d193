/**
 * The demo's time runs on two scales. The day passes 360 times as fast as a real one; every delay between demand and
 * capacity passes 30 times as fast, because a process cannot start in a third of a second. Both fleets have all of it
 * alike. docs/demo.md says what that means.
 */
const delayCompression = 30;
const delay = (realSeconds: number) => realSeconds / delayCompression;

export const scene = {
  daySeconds: 240,
  /** Where in the simulated week the demo begins: Tuesday at five, before the morning ramp. */
  startDay: 'Tuesday',
  startHour: 5,
  /** What is played unless --for says otherwise: until midnight. */
  playSeconds: 190,
  historyDays: 14,
  /** How often the fleets are looked at, and the views drawn. */
  sampleSeconds: 0.5,
  /**
   * Requests per second at the top of a weekday's afternoon: almost six replicas' worth. Few large replicas, because an HPA
   * leaves n replicas alone from 0.9 to 1.1 times what n should carry: with ten, whatever once asked for eleven has them for
   * hours; with six, the next number is further off than any noise (a test says how far).
   */
  peakRequestsPerSecond: 179,
  /** What one replica can serve, what it should carry, and how many may wait in it. */
  capacityRequestsPerSecond: 34,
  targetRequestsPerSecond: 30,
  queueLimit: 15,
  /** Longest time the work on one request takes, on a replica that is not busy. */
  latencyMs: 40,
  minReplicas: 2,
  maxReplicas: 8,
  /** Until a new replica is ready, and of that the part in which its process runs already. */
  startUpSeconds: delay(120),
  readyDelaySeconds: delay(90),
  /** From ready to full capacity. */
  warmUpSeconds: delay(45),
  scrapeIntervalSeconds: delay(30),
  refreshIntervalSeconds: delay(30),
  rateWindowSeconds: delay(120),
  kedaPollingSeconds: delay(30),
  hpaSyncSeconds: delay(15),
  hpaPolicySeconds: delay(15),
  scaleDownStabilizationSeconds: delay(300),
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

const minutesPerDay = 24 * 60;

/** Simulated weekday and time of day, such as `Tue 08:30`. */
export function simulatedTime(unixSeconds: number, shiftSeconds: number): string {
  // A little more than nothing is added, so that rounding never shows the minute before.
  const allMinutes = Math.floor(((unixSeconds + shiftSeconds) / scene.daySeconds) * minutesPerDay + 1e-3);
  const name = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'][Math.floor(allMinutes / minutesPerDay) % 7];
  const minutes = allMinutes % minutesPerDay;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${name} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
