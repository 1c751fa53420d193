import { chainTest } from './lib/telemetry-app.ts';
import { spikeStages } from './lib/wanted-load.ts';

export const { options, setup, load, handleSummary } = chainTest('spike', spikeStages);
