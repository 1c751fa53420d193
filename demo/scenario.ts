/**
 * Factor by which delays between demand and capacity are shortened. The day is shortened 360 times, but a process cannot
 * start in a third of a second. Both fleets have the same delays. docs/demo.md says what the two scales mean.
 */
const delayCompression = 30;
const delay = (realSeconds: number) => realSeconds / delayCompression;

export const scenario = {
  daySeconds: 240,
  /** Time in the simulated week at which the comparison begins: Tuesday at five, before the morning ramp. */
  startDay: 'Tuesday',
  startHour: 5,
  /** Default of --for; the run then ends at simulated midnight. */
  runSeconds: 190,
  historyDays: 14,
  /** A comparison that begins no later than this after `startHour` still sees the whole morning ramp. */
  startToleranceSeconds: 5,
  /** Price of a replica for an hour unless given: about two virtual cores with their memory in a public cloud, in dollars. */
  pricePerReplicaHour: 0.05,
  /** Time between two samples of the fleets. The views are redrawn at each sample. */
  sampleSeconds: 0.5,
  /**
   * Requests per second at the top of a weekday's afternoon, the load of almost six replicas. The replicas are few and large
   * because an HPA leaves n replicas alone while demand is 0.9 to 1.1 times their target: a fleet of ten that once asked for
   * an eleventh keeps it for hours. From six the next number is further off than any noise, which a test shows.
   */
  peakRequestsPerSecond: 179,
  /** Requests per second that one replica can serve and should carry, and how many requests may wait in it. */
  capacityRequestsPerSecond: 34,
  targetRequestsPerSecond: 30,
  queueLimit: 15,
  /** Longest time that one request takes on an idle replica. */
  latencyMs: 40,
  minReplicas: 2,
  maxReplicas: 8,
  /** Time until a new replica is ready; below it the part of that time in which its process runs already. */
  startUpSeconds: delay(120),
  readyDelaySeconds: delay(90),
  /** Time from ready to full capacity. */
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

/** Seconds to add to unix time so that `startSeconds` falls on the scenario's first hour of the simulated week. */
export function scenarioShiftSeconds(startSeconds: number): number {
  const { daySeconds, startDay, startHour } = scenario;
  const wanted = (daysFromThursday[startDay] + startHour / 24) * daySeconds;
  const week = 7 * daySeconds;
  return (((wanted - startSeconds) % week) + week) % week;
}

/** Seconds until the simulated day begins at `startHour`; 0 where it has only just begun. */
export function secondsUntilStart(unixSeconds: number, shiftSeconds: number): number {
  const { daySeconds, startHour, startToleranceSeconds } = scenario;
  const start = (startHour / 24) * daySeconds;
  const since = (((unixSeconds + shiftSeconds - start) % daySeconds) + daySeconds) % daySeconds;
  return since <= startToleranceSeconds ? 0 : daySeconds - since;
}

/** Thursday, as unix 0 is: the date from which the pages count simulated days, because an axis needs dates. */
const firstSimulatedSeconds = Date.UTC(2026, 0, 1) / 1000;

/**
 * Simulated time as unix seconds, in which a day has 86,400, for the axes of charts. `originSeconds` is any moment of the run; its
 * week is the first one.
 */
export function simulatedSeconds(unixSeconds: number, shiftSeconds: number, originSeconds: number): number {
  const week = 7 * scenario.daySeconds;
  const shifted = unixSeconds + shiftSeconds - Math.floor((originSeconds + shiftSeconds) / week) * week;
  return firstSimulatedSeconds + shifted * (86_400 / scenario.daySeconds);
}

const minutesPerDay = 24 * 60;

/** Simulated weekday and time of day, such as `Tue 08:30`. */
export function simulatedTime(unixSeconds: number, shiftSeconds: number): string {
  // A tiny amount is added, so that rounding never shows the minute before.
  const allMinutes = Math.floor(((unixSeconds + shiftSeconds) / scenario.daySeconds) * minutesPerDay + 1e-3);
  const name = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'][Math.floor(allMinutes / minutesPerDay) % 7];
  const minutes = allMinutes % minutesPerDay;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${name} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
