import { useLayoutEffect } from 'react';

/** Share of a colour with which Grafana fills the time of an annotation, in hexadecimal. */
const faint = '1a';

/**
 * Draws the annotations of a dashboard over a plot, as Grafana's time series panel does: dashed lines where one begins and ends, its
 * time filled faintly between them, and a bar below the axis. That part of Grafana is not among its published components.
 */
export function Annotations({ config, annotations, theme }) {
  useLayoutEffect(() => {
    config.addHook('draw', (plot) => {
      for (const { color, marks } of annotations)
        for (const mark of marks) drawMark(plot, mark, theme.visualization.getColorByName(color));
    });
  }, [config, annotations, theme]);
  return null;
}

function drawMark(plot, { from, to }, color) {
  const { ctx, bbox } = plot;
  const pixelOf = (seconds) => plot.valToPos(seconds * 1000, 'x', true);
  const [left, right] = [Math.max(bbox.left, pixelOf(from)), Math.min(bbox.left + bbox.width, pixelOf(to))];
  if (right < left) return;
  ctx.save();
  ctx.fillStyle = color + faint;
  ctx.fillRect(left, bbox.top, right - left, bbox.height);
  ctx.fillStyle = color;
  ctx.fillRect(left, bbox.top + bbox.height, Math.max(2, right - left), 5);
  ctx.strokeStyle = color;
  ctx.lineWidth = 2;
  ctx.setLineDash([5, 5]);
  for (const at of to > from ? [left, right] : [left]) {
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
