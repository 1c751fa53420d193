export { hashUniform, smoothNoise } from './noise.ts';
export { createWorkingWeek, type LoadShape } from './working-week.ts';
