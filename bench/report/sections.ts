import type { BenchReport } from '../benchmark.ts';
import type { Section } from './report.ts';
import { calibrationSections, errorSection, intervalSection } from './sections-accuracy.ts';
import { calendarSection } from './sections-calendar.ts';
import { costSections } from './sections-cost.ts';
import { hourlySection } from './sections-hourly.ts';
import { moneySections } from './sections-money.ts';
import { opponentSection } from './sections-opponents.ts';
import { robustnessSections } from './sections-robustness.ts';
import { verdictSection } from './verdict.ts';

/** All tables of a report, with the verdicts first. */
export function sectionsOf(report: BenchReport): Section[] {
  const { results, summary, comparisons, skipped, money, robustness, hourly, calendar, cost } = report;
  return [
    verdictSection(report),
    ...(results.length === 0 ? [] : [errorSection(results, summary), intervalSection(results)]),
    ...(comparisons.length === 0 && skipped.length === 0 ? [] : [opponentSection(comparisons, skipped)]),
    ...(summary.calibration.traces === 0 ? [] : calibrationSections(results, summary)),
    ...moneySections(money),
    ...robustnessSections(robustness),
    ...hourlySection(hourly),
    ...calendarSection(calendar),
    ...(cost === undefined ? [] : costSections(cost)),
  ];
}
