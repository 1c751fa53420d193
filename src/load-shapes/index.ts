export { type FlashSale, withFlashSale } from './flash-sale.ts';
export { withGrowth } from './growth.ts';
export { withHolidays } from './holidays.ts';
export type { LoadShape } from './load-shape.ts';
export { hashUniform, smoothNoise } from './noise.ts';
export { createRandom, type Random } from './random.ts';
export { createTraffic } from './traffic.ts';
export { createWorkingWeek, usualWeek } from './working-week.ts';
