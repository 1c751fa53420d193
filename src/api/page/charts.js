import uPlot from '/assets/uplot/uPlot.esm.js';

/**
 * @typedef {object} Line
 * @property {string} label
 * @property {string} colour name of a CSS custom property
 * @property {number[]} [dash] lengths of dashes and gaps, so that lines do not differ by colour alone
 * @property {number} [width]
 * @property {boolean} [stepped]
 * @property {boolean} [hidden] draws no line; it is only an edge of a band
 * @property {string} [fillTo] label of the line that a band is filled down to
 * @property {number} [opacity] opacity of the band
 * @property {boolean} [marked] a dot and a label at the now line show its newest value
 * @property {{ x: number[], y: (number | null)[] }} data x rising; null = missing
 */

const colourOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/**
 * A time chart in `element`. `update(lines, span)` draws; the chart is built anew only when its lines change. With
 * `onlyPast` it ends now, and nothing marks where the forecast begins.
 * @param {HTMLElement} element
 * @param {{ height: number, format: (value: number) => string, wholeNumbers?: boolean, onlyPast?: boolean }} options
 */
export function createChart(element, options) {
  const { height } = options;
  /** What is drawn now, which the hooks of the chart read. */
  const drawn = { span: { from: 0, now: 0, to: 1 }, marked: [] };
  let plot;
  let shape = '';

  new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height })).observe(element);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    shape = '';
  });

  return {
    /** @param {Line[]} lines @param {{ from: number, now: number, to: number }} span */
    update(lines, span) {
      drawn.span = span;
      drawn.marked = lines.filter((line) => line.marked && line.data.y.length > 0);
      const newShape = JSON.stringify(lines.map(({ data, ...look }) => look));
      if (newShape !== shape) {
        plot?.destroy();
        plot = new uPlot(plotOptions(lines, options, drawn, element.clientWidth), [[]], element);
      }
      shape = newShape;
      plot.setData(uPlot.join(lines.map(({ data }) => [data.x, data.y])));
    },
  };
}

/** Scales, axes, lines and hooks of a chart, as the chart library takes them. */
function plotOptions(lines, { height, format, wholeNumbers = false, onlyPast = false }, drawn, width) {
  const grid = { stroke: colourOf('line'), width: 1 };
  const axis = { stroke: colourOf('quiet'), grid, ticks: grid };
  const valueTicks = wholeNumbers ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] } : {};
  const markNow = {
    drawClear: [(plot) => shadeFuture(plot, drawn)],
    draw: [(plot) => drawNow(plot, drawn, format)],
  };
  return {
    width,
    height,
    scales: {
      x: { time: true, range: () => [drawn.span.from, drawn.span.to] },
      y: { range: (_plot, _min, max) => [0, Math.max(max ?? 0, 1e-9) * 1.2] },
    },
    axes: [
      { ...axis, values: timeLabels },
      { ...axis, ...valueTicks, size: 56, values: (_plot, ticks) => ticks.map(format) },
    ],
    series: [{ label: 'Time', value: (_plot, time) => (time == null ? '–' : clockTime(time)) }].concat(
      lines.map((line) => seriesOf(line, format)),
    ),
    bands: bandsOf(lines),
    // The legend shows only values close to the pointer, so that over the past it shows no forecast.
    cursor: { sync: { key: 'forescale' }, drag: { x: false, y: false }, hover: { prox: 20 } },
    legend: { markers: { dash: (_plot, index) => (lines[index - 1]?.dash ? 'dashed' : 'solid') } },
    hooks: onlyPast ? {} : markNow,
  };
}

function seriesOf({ label, colour, hidden, width = 1.5, dash, stepped }, format) {
  return {
    label,
    stroke: colourOf(colour),
    width: hidden ? 0 : width,
    dash,
    paths: stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
    points: { show: false },
    value: (_plot, value) => (value == null ? '–' : format(value)),
  };
}

function bandsOf(lines) {
  const indexOf = (label) => lines.findIndex((line) => line.label === label) + 1;
  return lines
    .filter((line) => line.fillTo !== undefined)
    .map((line) => ({
      series: [indexOf(line.label), indexOf(line.fillTo)],
      fill: `color-mix(in srgb, ${colourOf(line.colour)} ${line.opacity * 100}%, transparent)`,
    }));
}

/** Gives the time after now another background. */
function shadeFuture({ ctx, bbox, valToPos }, { span }) {
  const left = Math.max(bbox.left, valToPos(span.now, 'x', true));
  ctx.save();
  ctx.fillStyle = colourOf('future');
  ctx.fillRect(left, bbox.top, bbox.left + bbox.width - left, bbox.height);
  ctx.restore();
}

/** Draws the now line, and the newest value of each marked line on it. */
function drawNow({ ctx, bbox, valToPos }, { span, marked }, format) {
  const x = Math.round(valToPos(span.now, 'x', true));
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colourOf('quiet');
  ctx.lineWidth = ratio;
  ctx.setLineDash([4 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = `${12 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'top';
  ctx.textAlign = 'right';
  ctx.fillText('now', x - 5 * ratio, bbox.top + 4 * ratio);
  ctx.textAlign = 'left';
  const room = bbox.left + bbox.width - x - 5 * ratio;
  if (ctx.measureText('forecast').width <= room)
    ctx.fillText('forecast', x + 5 * ratio, bbox.top + 4 * ratio);
  for (const line of marked) {
    const newest = line.data.y.at(-1);
    drawMark(ctx, line, `${line.label} ${format(newest)}`, x, Math.round(valToPos(newest, 'y', true)));
  }
  ctx.restore();
}

function drawMark(ctx, { colour }, text, x, y) {
  const ratio = devicePixelRatio;
  ctx.fillStyle = colourOf(colour);
  ctx.beginPath();
  ctx.arc(x, y, 4.5 * ratio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.font = `600 ${12 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'bottom';
  ctx.textAlign = 'right';
  ctx.fillText(text, x - 8 * ratio, y - 3 * ratio);
}

const two = (number) => String(number).padStart(2, '0');

function clockTime(unixSeconds) {
  const t = new Date(unixSeconds * 1000);
  const day = t.toLocaleDateString(undefined, { weekday: 'short', day: 'numeric', month: 'short' });
  return `${day} ${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
}

/** Labels of the time axis: hours and minutes, with seconds where ticks are that close, or the date where a day begins. */
function timeLabels(_plot, ticks, _axis, _space, increment) {
  return ticks.map((tick) => {
    const t = new Date(tick * 1000);
    const isMidnight = t.getHours() + t.getMinutes() + t.getSeconds() === 0;
    if (isMidnight || increment >= 86_400) {
      return t.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
    }
    const minutes = `${two(t.getHours())}:${two(t.getMinutes())}`;
    return increment < 60 ? `${minutes}:${two(t.getSeconds())}` : minutes;
  });
}
