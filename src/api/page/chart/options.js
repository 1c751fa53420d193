import uPlot from '/assets/uplot/uPlot.esm.js';
import { colourOf, drawMoment, drawNow, nameEvents, shadeEvents, shadeFuture } from './marks.js';
import { clockTime, timeLabels, timeZone } from './times.js';

const wholeSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const axisFont = '12px system-ui, sans-serif';

/** Scales, axes, lines and hooks of a chart, as the chart library takes them. */
export function plotOptions(lines, options, drawn, width) {
  const {
    height,
    format,
    wholeNumbers = false,
    onlyPast = false,
    timeLabel = `time in ${timeZone}`,
  } = options;
  const grid = { stroke: colourOf('line'), width: 1 };
  const axis = {
    stroke: colourOf('quiet'),
    grid,
    ticks: grid,
    font: axisFont,
    labelFont: axisFont,
    labelSize: 18,
    labelGap: 2,
  };
  const markNow = {
    drawClear: [(plot) => shadeFuture(plot, drawn), (plot) => shadeEvents(plot, drawn)],
    draw: [
      (plot) => nameEvents(plot, drawn),
      (plot) => drawMoment(plot, drawn),
      (plot) => drawNow(plot, drawn, format),
    ],
  };
  return {
    width,
    height,
    scales: {
      x: { time: true, range: () => [drawn.span.from, drawn.span.to] },
      y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.2 : 1] },
    },
    axes: [
      { ...axis, values: timeLabels, label: timeLabel, size: 34 },
      {
        ...axis,
        // Small charts have more than two values on their axis.
        space: height < 200 ? 25 : 40,
        ...(wholeNumbers ? { incrs: wholeSteps } : {}),
        ...(drawn.span.unit ? { label: drawn.span.unit } : {}),
        size: (_plot, labels) => 24 + 7 * Math.max(2, ...(labels ?? []).map((label) => label.length)),
        values: (_plot, ticks) => ticks.map(format),
      },
    ],
    series: [{ label: 'Time', class: 'time', value: (_plot, t) => (t == null ? '' : clockTime(t)) }].concat(
      lines.map((line) => seriesOf(line, format)),
    ),
    bands: bandsOf(lines),
    // The legend shows only values close to the pointer, so that over the past it shows no forecast.
    cursor: { sync: { key: 'forescale' }, drag: { x: false, y: false }, hover: { prox: 20 } },
    legend: {
      markers: {
        dash: (_plot, index) => (lines[index - 1]?.dash ? 'dashed' : 'solid'),
        fill: (_plot, index) => (lines[index - 1]?.fillTo ? tint(lines[index - 1]) : 'transparent'),
      },
    },
    hooks: onlyPast ? {} : markNow,
  };
}

function seriesOf({ label, colour, hidden, width = 1.5, dash, stepped, fillTo }, format) {
  return {
    label,
    class: fillTo === undefined ? 'line' : 'band',
    stroke: colourOf(colour),
    width: hidden ? 0 : width,
    dash,
    paths: stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
    points: { show: false },
    value: (_plot, value) => (value == null ? '' : format(value)),
  };
}

function bandsOf(lines) {
  const indexOf = (label) => lines.findIndex((line) => line.label === label) + 1;
  return lines
    .filter((line) => line.fillTo !== undefined)
    .map((line) => ({ series: [indexOf(line.label), indexOf(line.fillTo)], fill: tint(line) }));
}

const tint = ({ colour, opacity }) =>
  `color-mix(in srgb, ${colourOf(colour)} ${opacity * 100}%, transparent)`;
