import { readFileSync } from 'node:fs';
import type { ScaleReport } from './scale-report.ts';

/** The run that `npm run bench-scale -- --record bench/scale/recorded/scale.json` recorded last, for the documents. */
export function readRecordedReport(): ScaleReport {
  return JSON.parse(readFileSync(new URL('../recorded/scale.json', import.meta.url), 'utf8')) as ScaleReport;
}
