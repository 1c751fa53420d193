// Formats are made once, because making one takes longer than formatting a hundred dates.
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const weekdayAndDay = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
});
const dayOfMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

const two = (number) => String(number).padStart(2, '0');

/** The zone of the reader's clock, in which every time of the page is: `Europe/Berlin`. */
export const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Day and time of a moment, by the reader's clock; with seconds where they are asked for. */
export function clockTime(unixSeconds, { withSeconds = false } = {}) {
  const t = new Date(unixSeconds * 1000);
  const day = weekdayAndDay.format(t);
  const seconds = withSeconds ? `:${two(t.getSeconds())}` : '';
  return `${day} ${two(t.getHours())}:${two(t.getMinutes())}${seconds}`;
}

/** The date of a moment, by the reader's clock. */
export function dateOf(unixSeconds) {
  return date.format(new Date(unixSeconds * 1000));
}

/** Time of a moment of today, and the day before it for another day. */
export function nearTime(unixSeconds, nowSeconds) {
  const [t, now] = [unixSeconds, nowSeconds].map((seconds) => new Date(seconds * 1000));
  const time = `${two(t.getHours())}:${two(t.getMinutes())}`;
  if (t.toDateString() === now.toDateString()) return time;
  return `${weekday.format(t)} ${time}`;
}

/** Labels of the time axis: hours and minutes, with seconds where ticks are that close, or the date where a day begins. */
export function timeLabels(_plot, ticks, _axis, _space, increment) {
  return ticks.map((tick) => {
    const t = new Date(tick * 1000);
    const isMidnight = t.getHours() + t.getMinutes() + t.getSeconds() === 0;
    if (isMidnight || increment >= 86_400) {
      return dayOfMonth.format(t);
    }
    const minutes = `${two(t.getHours())}:${two(t.getMinutes())}`;
    return increment < 60 ? `${minutes}:${two(t.getSeconds())}` : minutes;
  });
}
