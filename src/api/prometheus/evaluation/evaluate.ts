import type { Aggregate, Selector, Vector } from '../promql/expression.ts';
import { createGroups } from './aggregate.ts';
import type { Question } from './question.ts';
import type { Moments, Row } from './row.ts';
import { selectSeries } from './select.ts';

/** Moments after which a long series lets others in. */
const momentsAtOnce = 64;

/**
 * The series of an expression, one after the other, so that no more of them is held than an aggregation needs. Everything comes from
 * memory, in slices that leave the event loop free. Rejects with `too-large` where that would look at too much.
 */
export function evaluate(vector: Vector, moments: Moments, question: Question): AsyncGenerator<Row> {
  return vector.kind === 'selector'
    ? selected(vector, moments, question)
    : aggregated(vector, moments, question);
}

async function* selected(selector: Selector, moments: Moments, question: Question): AsyncGenerator<Row> {
  const { fromMs, stepMs, count } = moments;
  const { slices, budget } = question;
  const firstMs = fromMs - selector.offsetMs;
  const span = { fromMs: firstMs, toMs: firstMs + (count - 1) * stepMs };
  for await (const { labels, valueAt } of selectSeries(selector, span, stepMs, question)) {
    budget.spend(count);
    const values = new Float64Array(count);
    let isEmpty = true;
    for (let index = 0; index < count; index++) {
      const value = valueAt(firstMs + index * stepMs);
      values[index] = value;
      if (!Number.isNaN(value)) isEmpty = false;
      if (index % momentsAtOnce === 0 && slices.isOver()) await slices.nextTurn();
    }
    if (!isEmpty) yield { labels, values };
  }
}

async function* aggregated(
  { aggregation, grouping, of }: Aggregate,
  moments: Moments,
  question: Question,
): AsyncGenerator<Row> {
  const { slices, budget } = question;
  const groups = createGroups(aggregation, grouping, moments.count);
  for await (const row of evaluate(of, moments, question)) {
    const before = groups.size;
    groups.add(row);
    if (groups.size > before) budget.spend(moments.count);
    if (slices.isOver()) await slices.nextTurn();
  }
  yield* groups.rows();
}
