import type { BacktestLine, CalendarEvent, HorizonScore } from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import { formatPercentage, textTable } from '../../platform/terminal/text-table.ts';

/** A backtest with a calendar, and the same without it. */
interface Both {
  readonly lines: readonly BacktestLine[];
  readonly without: readonly BacktestLine[];
  readonly events: readonly CalendarEvent[];
  readonly scoresOf: (lines: readonly BacktestLine[]) => readonly HorizonScore[];
}

/** What a calendar does to the error of the median: while its events last, and at all other times. */
export function besideWithout({ lines, without, events, scoresOf }: Both): string {
  const judged = events.filter(({ effect }) => effect.type !== 'ignored');
  // The value at a moment is that of the time before it.
  const isAt = (seconds: number) =>
    judged.some(({ startSeconds, endSeconds }) => startSeconds < seconds && seconds <= endSeconds);
  const [during, duringWithout] = [lines, without].map((all) => scoresOf(targetsOnly(all, isAt)));
  const isOther = (seconds: number) => !isAt(seconds);
  const [other, otherWithout] = [lines, without].map((all) => scoresOf(targetsOnly(all, isOther)));
  const rows = (during ?? []).flatMap((score, index) => {
    if (score.count === 0) return [];
    const errors = [score, duringWithout?.[index], other?.[index], otherWithout?.[index]];
    return [
      [
        formatDuration(score.horizonSeconds),
        String(score.count),
        ...errors.map((one) => formatPercentage(one?.wape ?? Number.NaN)),
      ],
    ];
  });
  if (rows.length === 0) return '\nno event of the calendar is in the time that was scored\n';
  return [
    '\nerror of the median ÷ demand (WAPE) with the calendar, and without it\n',
    textTable([['horizon', 'count at events', 'at events', 'without', 'at other times', 'without'], ...rows]),
  ].join('');
}

/** The lines with the forecasts of some moments alone. */
function targetsOnly(
  lines: readonly BacktestLine[],
  isWanted: (seconds: number) => boolean,
): readonly BacktestLine[] {
  return lines.map(({ origin, forecasts, peaks }) => ({
    origin,
    forecasts: forecasts.filter(({ horizonSeconds }) => isWanted(origin + horizonSeconds)),
    peaks,
  }));
}
