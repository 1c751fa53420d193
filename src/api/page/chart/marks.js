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

/** Shades the time of events, between edges, so that they are seen without their colour. */
export function shadeEvents({ ctx, bbox, valToPos }, { span }) {
  const right = bbox.left + bbox.width;
  ctx.save();
  for (const { from, to } of span.events ?? []) {
    const begin = Math.max(bbox.left, valToPos(from, 'x', true));
    const end = Math.min(right, valToPos(to, 'x', true));
    if (end <= bbox.left || begin >= right) continue;
    ctx.fillStyle = colourOf('event');
    ctx.fillRect(begin, bbox.top, Math.max(end - begin, devicePixelRatio), bbox.height);
    ctx.fillStyle = colourOf('edge');
    for (const edge of [begin, end])
      if (edge > bbox.left && edge < right) ctx.fillRect(edge, bbox.top, devicePixelRatio, bbox.height);
  }
  ctx.restore();
}

/** Names the events at the bottom, each where the name before it leaves room; the list of events has them all. */
export function nameEvents({ ctx, bbox, valToPos }, { span }) {
  const ratio = devicePixelRatio;
  const right = bbox.left + bbox.width;
  let freeFrom = bbox.left;
  ctx.save();
  ctx.font = `${12 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'bottom';
  ctx.textAlign = 'left';
  ctx.lineWidth = 4 * ratio;
  ctx.lineJoin = 'round';
  for (const { from, to, name } of span.events ?? []) {
    const [begin, end] = [valToPos(from, 'x', true), valToPos(to, 'x', true)];
    if (end <= bbox.left || begin >= right) continue;
    const width = ctx.measureText(name).width;
    const left = Math.min(Math.max(begin, bbox.left) + 5 * ratio, right - width - 2 * ratio);
    if (left < freeFrom) continue;
    freeFrom = left + width + 8 * ratio;
    const baseline = bbox.top + bbox.height - 4 * ratio;
    ctx.strokeStyle = colourOf('card');
    ctx.strokeText(name, left, baseline);
    ctx.fillStyle = colourOf('ink');
    ctx.fillText(name, left, baseline);
  }
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
