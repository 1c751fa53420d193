import {
  addCalendarEventRoute,
  getWorkloadCalendarRoute,
  listCalendarsRoute,
  removeCalendarEventRoute,
} from '../calendars/calendar-routes.ts';
import { streamChangesRoute } from '../stream/stream-routes.ts';
import { createForecastRoute } from './ad-hoc/create-forecast.ts';
import { createWhatIfRoute } from './ad-hoc/create-what-if.ts';
import { explainWorkloadRoute } from './explain-workload.ts';
import { getAccuracyRoute } from './get-accuracy.ts';
import { getForecastRoute } from './get-forecast.ts';
import { getHistoryRoute } from './get-history.ts';
import { getMetricsRoute } from './get-metrics.ts';
import { getOutcomeRoute } from './get-outcome.ts';
import { getStatusRoute } from './get-status.ts';
import { getWorkloadRoute } from './get-workload.ts';
import { listDecisionsRoute } from './list-decisions.ts';
import { listEventsRoute, listWorkloadEventsRoute } from './list-events.ts';
import { listWorkloadsRoute } from './list-workloads.ts';
import { askPeerRecordRoute } from './peers/ask-peer-record.ts';
import { getKnownWorkloadsRoute } from './peers/get-known-workloads.ts';
import { getPeerSnapshotRoute } from './peers/get-peer-snapshot.ts';
import { getPeerStateRoute } from './peers/get-peer-state.ts';
import { listShardsRoute } from './peers/list-shards.ts';
import { setPeerModeRoute } from './peers/set-peer-mode.ts';
import { getHealthRoute, getReadinessRoute } from './probes.ts';
import type { Route } from './route.ts';
import { setModeRoute } from './set-mode.ts';

/** Every route of the API, in the order of the OpenAPI document. */
export const routes: readonly Route[] = [
  listWorkloadsRoute,
  getWorkloadRoute,
  getForecastRoute,
  getHistoryRoute,
  getAccuracyRoute,
  getOutcomeRoute,
  explainWorkloadRoute,
  listDecisionsRoute,
  listWorkloadEventsRoute,
  getWorkloadCalendarRoute,
  streamChangesRoute,
  createForecastRoute,
  createWhatIfRoute,
  listEventsRoute,
  listCalendarsRoute,
  addCalendarEventRoute,
  removeCalendarEventRoute,
  getStatusRoute,
  listShardsRoute,
  setModeRoute,
  getKnownWorkloadsRoute,
  getPeerStateRoute,
  getPeerSnapshotRoute,
  setPeerModeRoute,
  askPeerRecordRoute,
  getHealthRoute,
  getReadinessRoute,
  getMetricsRoute,
];
