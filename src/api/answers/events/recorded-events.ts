import type { DecisionRecord, RecordAnswer, RecordedDecision, RecordKey } from '../../../forecast/index.ts';
import type { Event } from '../../schemas/events.ts';
import { changesBetween } from './changes.ts';

/** A span in which every decision is looked at; in a longer one, that of each minute. */
const everySeconds = 86_400;
const stepSeconds = 60;
const pageDecisions = 500;

/** What changed for a workload in a span of time, from the decisions on record, oldest first. */
export async function recordedEvents(
  record: DecisionRecord,
  { namespace, name, trigger }: RecordKey,
  { fromSeconds, toSeconds }: { readonly fromSeconds: number; readonly toSeconds: number },
): Promise<readonly Event[]> {
  const step = toSeconds - fromSeconds > everySeconds ? stepSeconds : undefined;
  const events: Event[] = [];
  let before: RecordedDecision | undefined;
  let from: number | undefined = fromSeconds;
  while (from !== undefined && from <= toSeconds) {
    const span = { fromSeconds: from, toSeconds, stepSeconds: step, limit: pageDecisions };
    const page: RecordAnswer = await record.read({ namespace, name, trigger }, span);
    for (const { decision } of page.rows) {
      const changes = before === undefined ? [] : changesBetween(before, decision);
      events.push(
        ...changes.map((change) => ({ at: decision.atSeconds, namespace, name, trigger, ...change })),
      );
      before = decision;
    }
    from = page.nextSeconds;
  }
  return events;
}
