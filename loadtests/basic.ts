import { chainTest } from './lib/telemetry-app.ts';
import { growingStages } from './lib/wanted-load.ts';

export const { options, setup, load, handleSummary } = chainTest('basic', growingStages);
