import { fileURLToPath } from 'node:url';

/** Real traffic of several kinds, some of which the forecast loses: the files in the repository and what they are. */
export const traces = [
  ['svc-ms-mongo-app-02-1m', 'queries of a Microsoft service'],
  ['demand-nyc-taxi-a-30m', 'taxi passengers in New York'],
  ['llm-servegen-small-31-10m', 'requests to a language model'],
  ['cloud-crane-06-1m', 'bursts without a season'],
] as const;

export const tracesFolder = fileURLToPath(new URL('../../bench/traces/', import.meta.url));
