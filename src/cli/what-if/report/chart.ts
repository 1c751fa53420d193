import { escaped, tenths } from '../../../what-if/report/svg-text.ts';

/** One axis of a chart. */
export interface Axis {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly isLogarithmic?: boolean;
  readonly ticks: readonly Tick[];
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

interface ChartOptions {
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  readonly x: Axis;
  readonly y: Axis;
  /** A second scale of the same axis, at the right. */
  readonly right?: { readonly title: string; readonly ticks: readonly Tick[] } | undefined;
  /** SVG within the frame. */
  readonly marks: string;
}

/** Length of each side of the drawing; CSS stretches it to the width of the page. */
const side = 1000;

/** Where a value lies in the drawing. */
export interface Frame {
  xOf(value: number): number;
  yOf(value: number): number;
}

export function frameOf({ x, y }: Pick<ChartOptions, 'x' | 'y'>): Frame {
  return {
    xOf: (value) => tenths(side * shareOf(x, value)),
    yOf: (value) => tenths(side * (1 - shareOf(y, value))),
  };
}

/** 0 … 1 on the axis, and beyond it for a value beyond its ends. */
function shareOf({ from, to, isLogarithmic = false }: Axis, value: number): number {
  return isLogarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

/**
 * A chart as HTML. Lines are SVG that is stretched to the space there is; words are HTML around it, so that they have one size on
 * a phone and on a wide screen.
 */
export function chart({ label, x, y, right, marks }: ChartOptions): string {
  const { xOf, yOf } = frameOf({ x, y });
  const left = y.ticks.map(({ at, label: text }) => tick('bottom', y, at, text)).join('');
  const rights = (right?.ticks ?? []).map(({ at, label: text }) => tick('bottom', y, at, text)).join('');
  const below = x.ticks.map(({ at, label: text }) => tick('left', x, at, text)).join('');
  const grid = [
    ...y.ticks.map(({ at }) => `<path class="grid" d="M0 ${yOf(at)}H${side}"/>`),
    ...x.ticks.map(({ at }) => `<path class="grid" d="M${xOf(at)} 0V${side}"/>`),
  ];
  return `<div class="chart" role="img" aria-label="${escaped(label)}">
<div class="titles"><span>${escaped(y.title)}</span><span>${escaped(right?.title ?? '')}</span></div>
<div class="plot"><svg viewBox="0 0 ${side} ${side}" preserveAspectRatio="none">${grid.join('')}${marks}</svg>
<div class="ys">${left}</div><div class="ys right">${rights}</div><div class="xs">${below}</div></div>
<div class="x-title">${escaped(x.title)}</div>
</div>`;
}

function tick(side: 'left' | 'bottom', axis: Axis, at: number, text: string): string {
  return `<span style="${side}:${tenths(100 * shareOf(axis, at))}%">${escaped(text)}</span>`;
}

/** Round values for about `count` ticks within an axis. */
export function roundTicks(from: number, to: number, count: number): readonly Tick[] {
  const rough = (to - from) / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 5, 10].find((factor) => factor * unit >= rough) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const at = (first + i) * step;
    return { at, label: Number(at.toPrecision(6)).toLocaleString('en') };
  });
}
