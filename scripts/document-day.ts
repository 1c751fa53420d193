import { createDemandModel } from '../src/forecast/demand-model.ts';
import type { History, HistorySource } from '../src/forecast/history/source.ts';
import { createWorkingWeek, hashUniform } from '../src/load/shapes/index.ts';
import { silentLogger } from '../src/platform/log.ts';
import { toMetricValue } from '../src/scaler/metric-wire.ts';
import { parseTriggerMetadata } from '../src/scaler/trigger-metadata.ts';
import { createWorkload, type Workload } from '../src/scaler/workload.ts';
import {
  decideReplicas,
  type Fleet,
  type HpaBehavior,
  initialHpaState,
  kedaValue,
  readyReplicas,
  resizeFleet,
  runningFleet,
} from '../src/what-if/simulator/index.ts';
