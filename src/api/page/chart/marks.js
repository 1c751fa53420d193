/** The colour that a custom property of the page's styles has now, by light or dark. */
export const colourOf = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Gives the time after now another background. */
export function shadeFuture({ ctx, bbox, valToPos }, { span }) {
  const left = Math.max(bbox.left, valToPos(span.now, 'x', true));
  ctx.save();
  ctx.fillStyle = colourOf('future');
  ctx.fillRect(left, bbox.top, bbox.left + bbox.width - left, bbox.height);
  ctx.restore();
}

/** Draws the now line, and on it a dot for the newest value of each marked line, unless it ended before. */
export function drawNow(plot, { span, marked }, format) {
  const { ctx, bbox, valToPos } = plot;
  const ratio = devicePixelRatio;
  const x = verticalLine(plot, span.now, 'quiet', [4 * ratio, 4 * ratio]);
  ctx.save();
  ctx.fillStyle = colourOf('quiet');
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
    if (newest == null) continue;
    drawDot(ctx, line, `${line.label} ${format(newest)}`, x, Math.round(valToPos(newest, 'y', true)), bbox);
  }
  ctx.restore();
}

/** Draws the line of the moment that is explained, where it is in sight. */
export function drawMoment(plot, { span }) {
  if (span.moment === undefined || span.moment < span.from || span.moment > span.to) return;
  const x = verticalLine(plot, span.moment, 'ink', []);
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const isNearEnd = x > bbox.left + bbox.width / 2;
  ctx.save();
  ctx.fillStyle = colourOf('ink');
  ctx.font = `600 ${12 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'top';
  ctx.textAlign = isNearEnd ? 'right' : 'left';
  ctx.fillText('explained', x + (isNearEnd ? -5 : 5) * ratio, bbox.top + 20 * ratio);
  ctx.restore();
}

function verticalLine({ ctx, bbox, valToPos }, time, colour, dash) {
  const x = Math.round(valToPos(time, 'x', true));
  ctx.save();
  ctx.strokeStyle = colourOf(colour);
  ctx.lineWidth = devicePixelRatio * (dash.length > 0 ? 1 : 1.5);
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
  return x;
}

/** A dot at a value, with a text to its left that a halo keeps apart from the lines below it. */
function drawDot(ctx, { colour }, text, x, y, bbox) {
  const ratio = devicePixelRatio;
  ctx.fillStyle = colourOf(colour);
  ctx.beginPath();
  ctx.arc(x, y, 4.5 * ratio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.font = `600 ${12 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'bottom';
  ctx.textAlign = 'right';
  // Below the words at the top of the chart, which belong to the now line.
  const baseline = Math.max(y - 5 * ratio, bbox.top + 34 * ratio);
  ctx.lineWidth = 4 * ratio;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = colourOf('card');
  ctx.strokeText(text, x - 9 * ratio, baseline);
  ctx.fillText(text, x - 9 * ratio, baseline);
}
