import { Type } from 'typebox';
import { toForecastJson } from '../answers/forecast-json.ts';
import { answers } from '../instance.ts';
import { ForecastSchema } from '../schemas/forecast.ts';
import { findWorkload, WorkloadPath, workloadQuery } from './find-workload.ts';
import { Duration, horizonStepsWithin, QuantilesText, quantilesOf, secondsOf } from './parameters.ts';
import type { Route } from './route.ts';

/** `GET /api/v1/workloads/{namespace}/{name}/forecast`: median and quantiles for each step ahead, from memory. */
export const getForecastRoute: Route = (app, { directory, limits }) => {
  app.get(
    '/api/v1/workloads/:namespace/:name/forecast',
    {
      schema: {
        operationId: 'getForecast',
        summary: 'Forecast of a workload’s demand',
        tags: ['workloads'],
        params: WorkloadPath,
        querystring: workloadQuery({
          horizon: Type.Optional(Duration('how far ahead (default: the trigger’s horizon)')),
          quantiles: Type.Optional(QuantilesText),
        }),
        response: answers(ForecastSchema),
      },
    },
    ({ params, query }) => {
      const { model, horizonSeconds, unit } = findWorkload(directory, params, query.trigger);
      const horizonSteps = horizonStepsWithin(
        secondsOf(query.horizon, horizonSeconds),
        model.gridSeconds,
        limits.forecastPoints,
      );
      const quantiles = query.quantiles === undefined ? undefined : quantilesOf(query.quantiles);
      return {
        ...toForecastJson(model.forecast({ horizonSteps, quantiles }), model.gridSeconds),
        ...(unit === undefined ? {} : { unit }),
      };
    },
  );
};
