import { tenths, words } from './svg-text.ts';

/** A rectangle of the picture with two axes. An axis is logarithmic where it shows ratios or growth. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
}

interface Scale {
  readonly from: number;
  readonly to: number;
  readonly isLogarithmic?: boolean;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** CSS rules for the parts of a plot. */
export const plotStyle = {
  light: [
    '.parity { stroke: #59636e; stroke-width: 1.4; stroke-dasharray: 5 3 }',
    '.one { fill: none; stroke: #0a7d76; stroke-width: 2.4; stroke-linejoin: round }',
    '.two { fill: none; stroke: #bc6a00; stroke-width: 2.4; stroke-linejoin: round }',
    '.three { fill: none; stroke: #8250df; stroke-width: 2.4; stroke-linejoin: round }',
    '.one-dot { fill: #0a7d76 } .two-dot { fill: #bc6a00 } .three-dot { fill: #8250df }',
    '.band { fill: #0a7d76; fill-opacity: 0.14 }',
    '.span { stroke: #8c959f; stroke-width: 2 }',
  ],
  dark: [
    '.parity { stroke: #9198a1 }',
    '.one { stroke: #2bc4b6 } .two { stroke: #f0a04b } .three { stroke: #b392f0 }',
    '.one-dot { fill: #2bc4b6 } .two-dot { fill: #f0a04b } .three-dot { fill: #b392f0 }',
    '.band { fill: #2bc4b6; fill-opacity: 0.18 }',
    '.span { stroke: #59636e }',
  ],
} as const;

export type Tone = 'one' | 'two' | 'three';

export function xOf({ left, width, x }: Plot, value: number): number {
  return tenths(left + width * shareOf(x, value));
}

export function yOf({ top, height, y }: Plot, value: number): number {
  return tenths(top + height * (1 - shareOf(y, value)));
}

function shareOf({ from, to, isLogarithmic = false }: Scale, value: number): number {
  const share = isLogarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return Math.min(1, Math.max(0, share));
}

/** Draws a horizontal grid line with its label at the left. */
export function yTick(plot: Plot, value: number, text: string): string {
  const y = yOf(plot, value);
  return (
    `<line class="grid" x1="${plot.left}" y1="${y}" x2="${plot.left + plot.width}" y2="${y}"/>` +
    words(plot.left - 8, y + 4, text, 'quiet', 'end')
  );
}

/** Draws a label below the plot and, with `line`, a vertical grid line above it. */
export function xTick(plot: Plot, value: number, text: string, line: 'line' | 'label only'): string {
  const x = xOf(plot, value);
  const bottom = plot.top + plot.height;
  const stroke = `<line class="grid" x1="${x}" y1="${plot.top}" x2="${x}" y2="${bottom}"/>`;
  return (line === 'line' ? stroke : '') + words(x, bottom + 18, text, 'quiet', 'middle');
}

export function path(plot: Plot, tone: Tone, points: readonly Point[]): string {
  const corners = points.map(({ x, y }) => `${xOf(plot, x)},${yOf(plot, y)}`);
  return `<polyline class="${tone}" points="${corners.join(' ')}"/>${points.map(({ x, y }) => dot(plot, tone, x, y)).join('')}`;
}

export function dot(plot: Plot, tone: Tone, x: number, y: number): string {
  return `<circle class="${tone}-dot" cx="${xOf(plot, x)}" cy="${yOf(plot, y)}" r="3.5"/>`;
}

/** Draws the area between a lower and an upper value at each position. */
export function band(
  plot: Plot,
  edges: readonly { readonly x: number; readonly low: number; readonly high: number }[],
): string {
  const upper = edges.map(({ x, high }) => `${xOf(plot, x)},${yOf(plot, high)}`);
  const lower = edges.map(({ x, low }) => `${xOf(plot, x)},${yOf(plot, low)}`).reverse();
  return `<polygon class="band" points="${[...upper, ...lower].join(' ')}"/>`;
}
