import type { Decision, Observation, WorkloadView } from '../../forecast/index.ts';
import { type LearnedNumbers, learnedNumbers } from './learned-numbers.ts';
import { labelsText } from './text-format.ts';

/** What is known of one workload at the moment of a scrape. Metrics are numbers of it. */
export interface WorkloadReading {
  readonly workload: WorkloadView;
  /** The labels of every series of the workload, as text. */
  readonly labels: string;
  readonly nowSeconds: number;
  readonly decision: Decision | undefined;
  readonly observed: Observation | undefined;
  readonly learned: LearnedNumbers;
}

/** What stays of a workload from one scrape to the next, some hundred bytes. */
interface Kept {
  readonly labels: string;
  readonly learned: LearnedNumbers;
}

const kept = new WeakMap<WorkloadView, Kept>();

/** Reads one workload from memory. What only new rows change is worked out once for each row, whoever scrapes. */
export function readWorkload(workload: WorkloadView, nowSeconds: number): WorkloadReading {
  const before = kept.get(workload);
  const labels = before?.labels ?? labelsOf(workload);
  const learned = learnedNumbers(workload, nowSeconds, before?.learned);
  if (learned !== before?.learned) kept.set(workload, { labels, learned });
  const decision = workload.decision();
  return { workload, labels, nowSeconds, decision, observed: workload.model.observed(), learned };
}

function labelsOf({ namespace, name, trigger }: WorkloadView): string {
  return labelsText([
    ['namespace', namespace],
    ['name', name],
    ['trigger', trigger],
  ]);
}
