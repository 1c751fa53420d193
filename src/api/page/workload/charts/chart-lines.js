const dashed = { dash: [7, 5] };
const signalStyle = { colour: 'signal', width: 2.5, dash: [2, 3], stepped: true, marked: true };

/** The rows of a history as a line with a gap where rows are missing. */
export function withGaps({ timestamps, values, stepSeconds }) {
  const x = [];
  const y = [];
  for (const [index, t] of timestamps.entries()) {
    if (index > 0 && t - timestamps[index - 1] > 1.5 * stepSeconds) {
      x.push(t - stepSeconds / 2);
      y.push(null);
    }
    x.push(t);
    y.push(values[index]);
  }
  return { x, y };
}

/** Returns a function that makes the line of a quantile up to `to`. The line starts where the observed line ends. */
export function quantilesFrom(observed, { origin, points }, to) {
  const joins = observed.x.at(-1) === origin;
  const shown = points.filter(({ t }) => t <= to);
  const x = [...(joins ? [origin] : []), ...shown.map(({ t }) => t)];
  return (q) => ({
    x,
    y: [...(joins ? [observed.y.at(-1)] : []), ...shown.map(({ quantiles }) => quantiles[q])],
  });
}

/** A line needs two values to be seen, unless its newest is marked. */
const isSeen = ({ data, marked }) => data.y.filter((value) => value != null).length >= (marked ? 1 : 2);

/** Whether there is more to draw than a dot. */
export const isWorthDrawing = (lines) =>
  lines.some(({ data }) => data.x.length > 2 && data.y.filter((value) => value != null).length > 1);

/** The lines of the chart of demand: what came, what had been forecast for it, what is forecast, and what KEDA was told. */
export function demandLines(observed, quantile, record) {
  const expected = 'Was expected';
  const median = 'Forecast';
  const bound90 = '9 in 10 stay below';
  const band = { colour: 'forecast', hidden: true };
  const past =
    record === undefined
      ? []
      : [
          { label: expected, colour: 'other', width: 1.5, dash: [4, 3], data: record.expected },
          {
            label: 'Was planned for',
            colour: 'other',
            hidden: true,
            fillTo: expected,
            opacity: 0.2,
            data: record.bound,
          },
        ];
  const lines = [
    ...past,
    { label: 'Observed', colour: 'observed', width: 2, data: observed },
    { label: median, colour: 'forecast', width: 2, ...dashed, data: quantile('0.5') },
    { label: bound90, ...band, fillTo: median, opacity: 0.34, data: quantile('0.9') },
    { label: '99 in 100 stay below', ...band, fillTo: bound90, opacity: 0.14, data: quantile('0.99') },
    ...(record === undefined ? [] : [{ label: 'Signal', ...signalStyle, data: record.signal }]),
  ];
  return lines.filter(isSeen);
}

/** The lines of the chart of replicas: needed, asked for, running, and the most that are allowed. */
export function replicaLines(observed, quantile, record, { threshold, most, span }) {
  const needed = ({ x, y }) => ({
    x,
    y: y.map((value) => (value == null ? null : Math.ceil(value / threshold))),
  });
  const lines = [
    { label: 'Needed', colour: 'observed', width: 2, stepped: true, data: needed(observed) },
    {
      label: 'Needed for 99 in 100',
      colour: 'forecast',
      ...dashed,
      stepped: true,
      data: needed(quantile('0.99')),
    },
    ...(record === undefined
      ? []
      : [
          { label: 'Running', colour: 'other', width: 2, stepped: true, data: record.running },
          { label: 'Asked', ...signalStyle, data: record.asked },
        ]),
  ];
  if (most !== null) {
    const limit = { x: [span.from, span.to], y: [most, most] };
    lines.push({ label: 'maxReplicaCount', colour: 'bad', dash: [10, 4], data: limit });
  }
  return lines.filter(isSeen);
}
