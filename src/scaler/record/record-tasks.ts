import type { RecordAnswer, RecordKey, RecordSpan } from '../../forecast/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { answerAt, answerSpan } from './answer.ts';
import type { Noted } from './keeper.ts';
import type { SafeKeeper } from './safe-keeper.ts';

/** What is asked of the keeper of the record, in this thread or in another. */
export type RecordTask =
  | { readonly kind: 'append'; readonly noted: readonly Noted[] }
  | { readonly kind: 'triggers'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'at'; readonly key: RecordKey; readonly atSeconds: number }
  | { readonly kind: 'span'; readonly key: RecordKey; readonly span: RecordSpan };

export type RecordResult = RecordAnswer | readonly string[] | undefined;

export interface TaskOptions {
  /** For how long a decision is in force at most. */
  readonly inForceSeconds: number;
  /** Longest time that is spent on keeping the record small after decisions were appended, milliseconds. */
  readonly tidyMs: number;
}

/** Does one task. `monotonic` gives seconds and never goes back. */
export function doRecordTask(
  keeper: SafeKeeper,
  task: RecordTask,
  { inForceSeconds, tidyMs }: TaskOptions,
  { clock, monotonic }: { readonly clock: Clock; readonly monotonic: Clock },
): RecordResult {
  switch (task.kind) {
    case 'append': {
      keeper.append(task.noted, monotonic());
      const untilSeconds = monotonic() + tidyMs / 1000;
      while (keeper.tidy(clock()) && monotonic() < untilSeconds);
      return undefined;
    }
    case 'triggers':
      return keeper.read((kept) => kept.triggers(task.namespace, task.name));
    case 'at':
      return answer(keeper, task.key, (kept) => answerAt(kept, task.key, task.atSeconds, inForceSeconds));
    case 'span':
      return answer(keeper, task.key, (kept) => answerSpan(kept, task.key, task.span, inForceSeconds));
  }
}

function answer(
  keeper: SafeKeeper,
  key: RecordKey,
  ask: (kept: Parameters<Parameters<SafeKeeper['read']>[0]>[0]) => ReturnType<typeof answerAt>,
): RecordAnswer {
  const { oldestSeconds, ...page } = keeper.read((kept) => ({
    ...ask(kept),
    oldestSeconds: kept.oldestSeconds(key),
  }));
  return { ...keeper.state(), ...page, oldestSeconds };
}
