/** What one rule did in some span of time. */
interface Served {
  /** Seconds in which demand was above what the ready replicas carried. */
  readonly shortSeconds: number;
  /** Replicas that existed, ready or not, added up over the seconds. */
  readonly replicaSeconds: number;
}

/** What a span of time brought. */
interface ServedSpan {
  /** Seconds for which demand is known. */
  readonly seconds: number;
  readonly forescale: Served;
  /** The plain reactive rule: the observed demand as the metric, through an HPA with the same target. */
  readonly reactive: Served;
}

const hourSeconds = 3_600;
const keptHours = 7 * 24 + 1;
/** Numbers of an hour: seconds, and for each rule the short seconds and the replica seconds. */
const width = 5;

/** What was served in each of the last hours. Memory is bounded: a week of hours. */
export interface ServedHours {
  /** Adds `seconds` that end at `atSeconds`; times do not fall. */
  add(
    atSeconds: number,
    seconds: number,
    forescale: { readonly isShort: boolean; readonly replicas: number },
    reactive: { readonly isShort: boolean; readonly replicas: number },
  ): void;
  /** Sums over the hours that end after `fromSeconds`: less than an hour more than was asked for. */
  since(fromSeconds: number): ServedSpan;
}

export function createServedHours(): ServedHours {
  const numbers = new Float32Array(keptHours * width);
  const hours = new Float64Array(keptHours).fill(Number.NaN);
  return {
    add(atSeconds, seconds, forescale, reactive) {
      const hour = Math.floor((atSeconds - seconds) / hourSeconds);
      const place = hour % keptHours;
      const row = place * width;
      if (hours[place] !== hour) {
        hours[place] = hour;
        numbers.fill(0, row, row + width);
      }
      const added = [
        seconds,
        forescale.isShort ? seconds : 0,
        forescale.replicas * seconds,
        reactive.isShort ? seconds : 0,
        reactive.replicas * seconds,
      ];
      for (const [index, number] of added.entries())
        numbers[row + index] = (numbers[row + index] ?? 0) + number;
    },
    since(fromSeconds) {
      const sums = new Float64Array(width);
      for (const [place, hour] of hours.entries()) {
        if (!((hour + 1) * hourSeconds > fromSeconds)) continue;
        for (let index = 0; index < width; index++)
          sums[index] = (sums[index] ?? 0) + (numbers[place * width + index] ?? 0);
      }
      const [known = 0, ownShort = 0, ownReplicas = 0, reactiveShort = 0, reactiveReplicas = 0] = sums;
      return {
        seconds: known,
        forescale: { shortSeconds: ownShort, replicaSeconds: ownReplicas },
        reactive: { shortSeconds: reactiveShort, replicaSeconds: reactiveReplicas },
      };
    },
  };
}
