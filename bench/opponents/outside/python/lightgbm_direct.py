"""LightGBM as a direct forecaster: a model for horizons of up to an hour and one for all others, of the residual to what is usual.

Usual is the mean of the same time of day on the last days and the same time of the week in the last weeks, on the logarithm. The
model of near horizons starts from the newest residual as well, since trees cut what is smooth into steps.
"""
import lightgbm
import numpy as np

DAY_SECONDS = 86_400
# A fit serves the questions of the next two days of the same series.
REFIT_SECONDS = 2 * DAY_SECONDS
NEAR_SECONDS = 3_600
ROWS_AT_MOST = 25_000
HORIZONS_AT_MOST = 12
DAYS_BACK = 7
WEEKS_BACK = 3
PARAMETERS = {
    "objective": "quantile",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.8,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "num_threads": 1,
    "deterministic": True,
    "seed": 1,
    "verbosity": -1,
}
TREES = 200


def create_lightgbm_direct():
    fitted = None

    def forecast(stepSeconds, firstSeconds, values, horizonSteps, quantiles):
        nonlocal fitted
        series = Series(np.log1p(values), firstSeconds, stepSeconds)
        if series.length < 4 * series.day:
            return None
        if fitted is None or not fitted.serves(series, horizonSteps, quantiles):
            fitted = Fit(series, horizonSteps, quantiles)
        return fitted.predict(series)

    return forecast


class Series:
    """Values before an origin, and what is known of any origin and horizon within them."""

    def __init__(self, logs, first_seconds, step_seconds):
        self.logs, self.first_seconds, self.step_seconds = logs, first_seconds, step_seconds
        self.day = round(DAY_SECONDS / step_seconds)
        self.length = len(logs)
        newest = np.arange(self.length)
        residuals = logs - self.usual(newest - 1, np.ones(self.length, dtype=int))
        # The first day has nothing before it and counts as usual.
        self.sums = np.concatenate([[0], np.cumsum(np.nan_to_num(residuals))])
        self.log_sums = np.concatenate([[0], np.cumsum(logs)])

    def same_slots(self, origins, horizons, period, count):
        """The newest `count` values that are whole periods before each target, NaN where there is none; one column for each."""
        back = -(-horizons // period)[:, None] + np.arange(count)
        index = (origins + horizons)[:, None] - back * period
        return np.where(index >= 0, self.logs[np.maximum(index, 0)], np.nan)

    def usual(self, origins, horizons):
        days = self.same_slots(origins, horizons, self.day, DAYS_BACK)
        weeks = self.same_slots(origins, horizons, 7 * self.day, WEEKS_BACK)
        of_days, of_weeks = mean_of_known(days), mean_of_known(weeks)
        return np.where(np.isnan(of_weeks), of_days, (of_days + of_weeks) / 2)

    def features(self, origins, horizons):
        usual = self.usual(origins, horizons)[:, None]
        days = self.same_slots(origins, horizons, self.day, DAYS_BACK)
        weeks = self.same_slots(origins, horizons, 7 * self.day, WEEKS_BACK)
        lengths = sorted({1, 2, 3, 6, 12, max(1, self.day // 8), max(1, self.day // 2), self.day, 7 * self.day})
        residuals = [self.mean_before(self.sums, origins, length) for length in lengths]
        level = self.mean_before(self.log_sums, origins, self.day)
        seconds = self.first_seconds + (origins + horizons) * self.step_seconds
        calendar = [seconds % DAY_SECONDS / DAY_SECONDS, seconds // DAY_SECONDS % 7]
        spread = [np.std(days, axis=1), self.logs[origins] - usual[:, 0], usual[:, 0] - level]
        return np.column_stack([horizons, *calendar, *residuals, *spread, days - usual, weeks - usual])

    @staticmethod
    def mean_before(sums, origins, length):
        """Mean of up to `length` values that end at each origin."""
        first = np.maximum(0, origins + 1 - length)
        return (sums[origins + 1] - sums[first]) / (origins + 1 - first)


class Fit:
    def __init__(self, series, horizon_steps, quantiles):
        self.series, self.horizon_steps, self.quantiles = series, horizon_steps, quantiles
        near = min(horizon_steps, max(1, NEAR_SECONDS // series.step_seconds))
        self.bands = [Band(series, 1, near, quantiles, carried=True)]
        if near < horizon_steps:
            self.bands.append(Band(series, near + 1, horizon_steps, quantiles, carried=False))

    def serves(self, series, horizon_steps, quantiles):
        """Whether a series goes on where the fitted one ended, and not for long."""
        own = self.series
        asked = (series.step_seconds, horizon_steps, quantiles)
        if asked != (own.step_seconds, self.horizon_steps, self.quantiles):
            return False
        behind = series.first_seconds + (series.length - own.length) * own.step_seconds - own.first_seconds
        steps = round(behind / own.step_seconds)
        if steps < 0 or behind > REFIT_SECONDS:
            return False
        last_day = slice(own.length - own.day, own.length)
        return np.array_equal(own.logs[last_day], series.logs[series.length - steps - own.day : series.length - steps])

    def predict(self, series):
        """Paths in the order of the quantiles, none below one of a lower quantile."""
        logs = np.concatenate([band.predict(series) for band in self.bands], axis=1)
        return np.maximum(0, np.expm1(np.maximum.accumulate(logs)))


class Band:
    """Models of the horizons from `first` to `last` steps, one for each quantile."""

    def __init__(self, series, first, last, quantiles, carried):
        self.first, self.last, self.carried = first, last, carried
        horizons = np.unique(np.geomspace(first, last, HORIZONS_AT_MOST).round().astype(int))
        # Usual needs a day, and means of residuals need some of the next one.
        start = 2 * series.day
        stride = max(1, (series.length - start) * len(horizons) // ROWS_AT_MOST)
        pairs = [(np.arange(start, series.length - steps, stride), steps) for steps in horizons]
        origins = np.concatenate([some for some, _ in pairs])
        ahead = np.concatenate([np.full(len(some), steps) for some, steps in pairs])
        wanted = series.logs[origins + ahead] - self.start(series, origins, ahead)
        data = lightgbm.Dataset(series.features(origins, ahead), wanted, free_raw_data=False)
        self.models = [lightgbm.train({**PARAMETERS, "alpha": level}, data, TREES) for level in quantiles]

    def start(self, series, origins, horizons):
        usual = series.usual(origins, horizons)
        return usual + series.mean_before(series.sums, origins, 1) if self.carried else usual

    def predict(self, series):
        horizons = np.arange(self.first, self.last + 1)
        origins = np.full(len(horizons), series.length - 1)
        features, start = series.features(origins, horizons), self.start(series, origins, horizons)
        return np.array([start + model.predict(features, num_threads=1) for model in self.models])


def mean_of_known(columns):
    known = ~np.isnan(columns)
    return np.where(known, columns, 0).sum(axis=1) / np.where(known.any(axis=1), known.sum(axis=1), np.nan)
