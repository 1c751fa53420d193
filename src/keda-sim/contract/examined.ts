import type { ReportedValue } from '../../controllers/index.ts';
import type { ScaledObjectRef } from '../../platform/protocol/external-scaler.ts';
import type { ReportedSpec } from '../connection.ts';
import type { Asked, Subject, SubjectOptions } from './subject.ts';

/** What the points are judged by. */
export interface Examined {
  readonly options: SubjectOptions;
  readonly subject: Subject;
  /** The other addresses of the same name, each with a connection of its own. */
  readonly others: readonly Subject[];
  /** What GetMetricSpec and the first GetMetrics answered. */
  readonly specs: readonly ReportedSpec[];
  readonly first: Asked<readonly ReportedValue[]>;
  /** The trigger with metadata that makes its value 0, where the user knows it. */
  readonly zeroRef: ScaledObjectRef | undefined;
  /** The trigger with a source that cannot be reached, where its metadata has an address. */
  readonly brokenRef: ScaledObjectRef | undefined;
}
