"""Models of statsforecast on the logarithm, fitted anew for every question."""
import numpy as np
from statsforecast.models import AutoCES, AutoETS, MSTL, DynamicOptimizedTheta

DAY_SECONDS = 86_400
# Fits of MSTL with AutoETS take minutes on a finer grid.
MSTL_LEAST_STEP_SECONDS = 600


def create_auto_ces():
    return on_logarithm(lambda day, week: AutoCES(season_length=day))


def create_dynamic_theta():
    return on_logarithm(lambda day, week: DynamicOptimizedTheta(season_length=day, decomposition_type="additive"))


def create_mstl_ets():
    def model(day, week):
        return MSTL(season_length=[day, week] if week else day, trend_forecaster=AutoETS(model="ZZN"))

    forecast = on_logarithm(model)

    def on_coarse_grid(stepSeconds, **question):
        return None if stepSeconds < MSTL_LEAST_STEP_SECONDS else forecast(stepSeconds=stepSeconds, **question)

    return on_coarse_grid


def on_logarithm(model_of):
    """Forecasts with a model of a day's steps and, where two weeks are known, a week's steps."""

    def forecast(stepSeconds, firstSeconds, values, horizonSteps, quantiles):
        day = round(DAY_SECONDS / stepSeconds)
        if len(values) < 2 * day:
            return None
        model = model_of(day, 7 * day if len(values) >= 14 * day else None)
        # A quantile above the median is the upper end of a central interval.
        intervals = {level: round(200 * level - 100, 6) for level in quantiles if level > 0.5}
        found = model.forecast(y=np.log1p(values), h=horizonSteps, level=sorted(intervals.values()) or None)
        columns = [found[f"hi-{intervals[level]}"] if level in intervals else found["mean"] for level in quantiles]
        return [np.maximum(0, np.expm1(column)) for column in columns]

    return forecast
