import uPlot from '/assets/uplot/uPlot.esm.js';
import { plotOptions } from './chart/options.js';
import { pickMoments } from './chart/pick.js';

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
 *
 * @typedef {object} Span what a chart shows; unix seconds
 * @property {number} from
 * @property {number} now
 * @property {number} to
 * @property {number} [moment] marked by a line
 * @property {string} [unit] label of the value axis
 * @property {{ from: number, to: number, name: string }[]} [events] shaded and named, in the order of their starts
 *
 * @typedef {object} ChartOptions
 * @property {number} height
 * @property {(value: number) => string} format
 * @property {boolean} [wholeNumbers]
 * @property {boolean} [onlyPast] it ends now, and nothing marks where the forecast begins
 * @property {string} [timeLabel] label of the time axis, where it is not the reader's clock
 * @property {(unixSeconds: number) => void} [onPick] a past moment was chosen by pointer or keyboard
 */

/**
 * A time chart in `element`. `update(lines, span)` draws; the chart is built anew only when its lines change.
 * @param {HTMLElement} element
 * @param {ChartOptions} options
 */
export function createChart(element, options) {
  const { height } = options;
  /** What is drawn now, which the hooks of the chart read. */
  const drawn = { span: { from: 0, now: 0, to: 1 }, marked: [] };
  let plot;
  let shape = '';
  let newest;

  function draw(lines, span) {
    newest = [lines, span];
    drawn.span = span;
    drawn.marked = lines.filter((line) => line.marked && line.data.y.length > 0);
    const newShape = JSON.stringify([span.unit, ...lines.map(({ data, ...look }) => look)]);
    if (newShape !== shape) {
      plot?.destroy();
      plot =
        lines.length === 0
          ? undefined
          : new uPlot(plotOptions(lines, options, drawn, element.clientWidth), [[]], element);
      if (plot && options.onPick) pickMoments(plot, drawn, options.onPick);
    }
    shape = newShape;
    // A chart that has nothing to show is hidden, and has no lines that could be joined.
    plot?.setData(uPlot.join(lines.map(({ data }) => [data.x, data.y])));
  }

  new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height })).observe(element);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    shape = '';
    if (newest) draw(...newest);
  });

  return {
    /** @param {Line[]} lines @param {Span} span */
    update: draw,
  };
}
