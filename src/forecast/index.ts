export { type BacktestLine, type BacktestOptions, backtest, splitHorizons } from './backtest/backtest.ts';
export { type HorizonScore, scoreBacktest } from './backtest/score.ts';
export { type CalendarReading, type CalendarSpan, spanAround, spanOver } from './calendar/calendar-span.ts';
export { definitionErrors } from './calendar/definition-errors.ts';
export {
  type AddedEvent,
  AddedEventSchema,
  type CalendarDefinition,
  calendarProperties,
} from './calendar/definitions.ts';
export { type EventFeed, joinEvents, joinedEvents, nothingJoined } from './calendar/event-feed.ts';
export { listedEvent } from './calendar/listed-events.ts';
export { matchesWorkload } from './calendar/matching.ts';
export { type CalendarText, readCalendar } from './calendar/read-calendar.ts';
export {
  type CalendarEvent,
  createForecaster,
  createTimeZone,
  type DistrustReason,
  type ExpectedEvent,
  type ExplainRequest,
  type ExplainResult,
  type Explanation,
  type ForecastComponent,
  type Forecaster,
  type ForecastResult,
  fewestSeasonSteps,
  gridSecondsFor,
  type HorizonAccuracy,
  type LearningReason,
  modelOptionsFor,
  type PeakResult,
  type RowFollower,
  restoreState,
  type StateCopier,
  type Stateful,
  savedState,
} from './core/index.ts';
export type {
  DecisionRecord,
  NothingServed,
  RecordAnswer,
  RecordedDecision,
  RecordKey,
  RecordPrecision,
  RecordRow,
  RecordSpan,
  RecordState,
  ServedDecision,
} from './decision-record.ts';
export { nothingObserved, reactiveReason } from './decision-record.ts';
export type { DemandModel } from './demand-model.ts';
export {
  createDemandModels,
  type DemandModels,
  type HeldModel,
  type ModelRequest,
  type ResolveSource,
} from './demand-models.ts';
export type { Following, KeptFollower } from './following.ts';
export {
  achievedService,
  budgetLeftRatio,
  outcomeWindows,
  type ServedSpan,
  type ServiceOutcome,
  servedPolicies,
} from './outcome.ts';
export { createRefreshes, type RefreshOutcome } from './refresh.ts';
export { quantised, type RefreshLoop, startLoop } from './refresh-loop.ts';
export { replay } from './replays/replay.ts';
export type { LearnedStates, ReplayJob, ReplayThreads } from './replays/replay-job.ts';
export type { SnapshotStore } from './snapshots/snapshot-place.ts';
export { type WorkloadState, workloadState, workloadStates } from './workload-state.ts';
export {
  type ClusterStanding,
  type Decision,
  decisionBases,
  type LeadTime,
  type ModelHealth,
  type Observation,
  type WorkloadDirectory,
  type WorkloadView,
} from './workload-view.ts';
