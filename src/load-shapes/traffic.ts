import { type FlashSale, withFlashSale } from './flash-sale.ts';
import { type Growth, withGrowth } from './growth.ts';
import { withHolidays } from './holidays.ts';
import type { LoadShape } from './load-shape.ts';
import { createWorkingWeek, type WorkingWeekOptions } from './working-week.ts';

export interface TrafficOptions extends WorkingWeekOptions {
  readonly growth?: Pick<Growth, 'ratioPerWeek' | 'fromSeconds'>;
  /** A moment within each holiday, unix seconds. */
  readonly holidays?: readonly number[] | undefined;
  readonly flashSales?: readonly FlashSale[] | undefined;
}

/**
 * Load of a working week with holidays, which grows from week to week, and of flash sales, which do not grow. Throws a
 * RangeError where a value is out of range.
 */
export function createTraffic(options: TrafficOptions): LoadShape {
  const { daySeconds = 86_400, growth, holidays = [], flashSales = [] } = options;
  const week = createWorkingWeek(options);
  const days = holidays.length === 0 ? week : withHolidays(week, { onSeconds: holidays, daySeconds });
  const grown = growth === undefined ? days : withGrowth(days, { ...growth, daySeconds });
  return flashSales.reduce(withFlashSale, grown);
}
