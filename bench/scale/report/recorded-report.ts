import { readFileSync } from 'node:fs';
import type { ShardTrialReport } from '../shards/trial-report.ts';
import type { ScaleReport } from './scale-report.ts';

/** The run that `npm run bench-scale -- --record bench/scale/recorded/scale.json` recorded last, for the documents. */
export const readRecordedReport = () => readRecorded('scale.json') as ScaleReport;

/** What `npm run bench-scale -- --source …` recorded last with each real source. */
export const readRecordedSources = () =>
  ['victoria-metrics.json', 'prometheus.json'].map((name) => readRecorded(name) as ScaleReport);

/** The run that `npm run bench-shards -- --record bench/scale/recorded/shards.json` recorded last. */
export const readRecordedTrial = () => readRecorded('shards.json') as ShardTrialReport;

const readRecorded = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../recorded/${name}`, import.meta.url), 'utf8'));
