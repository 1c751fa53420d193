import type { ForecastResult, WorkloadView } from '../../forecast/index.ts';
import { toForecastJson } from '../answers/forecast-json.ts';
import { percentage } from '../answers/words.ts';
import { identityOf } from '../answers/workload-answers.ts';
import type { Answer } from '../instance.ts';
import type { Rows } from '../rows/written-rows.ts';
import type { ForecastSchema } from '../schemas/forecast.ts';

export type WorkloadForecast = Answer<typeof ForecastSchema>;

/** Which forecast of a workload is told. */
export interface AskedForecast {
  /** The points begin after this moment; undefined = with the first step that is forecast. */
  readonly atSeconds: number | undefined;
  /** Whether it was made as of that moment. */
  readonly isPast: boolean;
}

/** A forecast with the replicas that carry it, and with what came where it is of the past. */
export function toWorkloadForecast(
  workload: WorkloadView,
  result: ForecastResult,
  { atSeconds, isPast }: AskedForecast,
): WorkloadForecast {
  const { model, threshold } = workload;
  const { points, ...forecast } = toForecastJson(result, model.gridSeconds);
  const hpaTolerance = workload.cluster().hpaTolerance.up;
  const replicas = (demand: number) => (Number.isFinite(demand) ? Math.ceil(demand / threshold) : null);
  const shown = atSeconds === undefined ? points : points.filter(({ t }) => t > atSeconds);
  const cameAt = isPast ? observedAt(model, shown) : undefined;
  return {
    ...identityOf(workload),
    ...forecast,
    made: isPast ? 'replayed' : 'now',
    at: atSeconds ?? null,
    threshold,
    hpaTolerance,
    replicasMeaning: meaningOf(hpaTolerance),
    points: shown.map((point) => ({
      ...point,
      replicas: {
        median: replicas(point.median),
        quantiles: Object.fromEntries(
          Object.entries(point.quantiles).map(([q, demand]) => [q, replicas(demand)]),
        ),
      },
      ...(cameAt === undefined ? {} : { came: cameAt(point.t) }),
    })),
  };
}

function meaningOf(hpaTolerance: number): string {
  return `Replicas that carry the demand at the threshold, rounded up, before the limits of the HPA. The HPA ignores differences of up to ${percentage(hpaTolerance)} between what its replicas carry and the demand, so that it may keep one more or fewer; the signal that KEDA is told is raised by as much as a needed replica takes.`;
}

/** The demand observed at moments of the grid; null where none is remembered. */
function observedAt(
  model: WorkloadView['model'],
  points: readonly { readonly t: number }[],
): (atSeconds: number) => number | null {
  const [first, last] = [points[0]?.t ?? 0, points.at(-1)?.t ?? 0];
  const half = model.gridSeconds / 2;
  const { timestamps, values } = model.history(first - half, last + half);
  const came = new Map(Array.from(timestamps, (t, index) => [Math.round(t), values[index] ?? null]));
  return (atSeconds) => came.get(Math.round(atSeconds)) ?? null;
}

/** The points as rows: the median, the quantiles, and the replicas for each of them. */
export function forecastRows({ points, unit }: WorkloadForecast): Rows {
  const levels = Object.keys(points[0]?.quantiles ?? {}).filter((q) => q !== '0.5');
  const isPast = points[0]?.came !== undefined;
  return {
    columns: [
      'median',
      ...levels,
      'replicas',
      ...levels.map((q) => `replicas ${q}`),
      ...(isPast ? ['came'] : []),
    ],
    unit,
    rows: points.map(({ t, ...json }) => ({
      atSeconds: t,
      cells: [
        json.median,
        ...levels.map((q) => json.quantiles[q]),
        json.replicas.median,
        ...levels.map((q) => json.replicas.quantiles[q]),
        ...(isPast ? [json.came] : []),
      ],
      json,
    })),
  };
}
