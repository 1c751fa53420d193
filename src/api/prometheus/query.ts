import type { Static } from 'typebox';
import { invalidField } from '../../platform/errors.ts';
import { type ListWriter, matrixEntry, sampleText, successText, vectorEntry } from './answer.ts';
import { evaluate } from './evaluation/evaluate.ts';
import type { Question } from './evaluation/question.ts';
import type { Moments, Row } from './evaluation/row.ts';
import { type InstantQuery, limitOf, momentOf, momentsOf, type RangeQuery } from './parameters.ts';
import type { Expression } from './promql/expression.ts';
import { parseExpression } from './promql/parse.ts';

/** Prometheus' own words. */
export const truncated = 'results truncated due to limit';

/** Answers a query for one moment: a vector, a number or a text. */
export async function answerInstant(
  { query, time, limit }: Static<typeof InstantQuery>,
  question: Question,
  list: ListWriter,
): Promise<string> {
  const atMs = momentOf('time', time, question.nowMs);
  const most = limitOf(limit);
  const expression = await expressionOf(query, question);
  if (expression.kind === 'scalar') {
    return successText(`{"resultType":"scalar","result":${sampleText(atMs, expression.value)}}`);
  }
  if (expression.kind === 'string') {
    const text = JSON.stringify(expression.value);
    return successText(`{"resultType":"string","result":[${atMs / 1000},${text}]}`);
  }
  const moments = { fromMs: atMs, stepMs: 0, count: 1 };
  await writeRows(evaluate(expression, moments, question), question, most, (row) =>
    list.add(vectorEntry(row, atMs)),
  );
  return successText(`{"resultType":"vector","result":${list.text()}}`, question.notes.list());
}

/** Answers a query for moments at equal distances: a matrix. */
export async function answerRange(
  { query, limit, ...range }: Static<typeof RangeQuery>,
  question: Question,
  list: ListWriter,
): Promise<string> {
  const moments = momentsOf(range, question.limits.queryPoints);
  const most = limitOf(limit);
  const expression = await expressionOf(query, question);
  if (expression.kind === 'string') {
    throw invalidField(
      'query',
      'invalid parameter "query": invalid expression type "string" for range query, must be Scalar or instant Vector',
    );
  }
  const rows =
    expression.kind === 'scalar'
      ? constant(expression.value, moments)
      : evaluate(expression, moments, question);
  await writeRows(rows, question, most, (row) => list.add(matrixEntry(row, moments)));
  return successText(`{"resultType":"matrix","result":${list.text()}}`, question.notes.list());
}

async function expressionOf(query: string | undefined, { slices, limits }: Question): Promise<Expression> {
  const text = query ?? '';
  if (text.length > limits.queryCharacters) {
    throw invalidField(
      'query',
      `invalid parameter "query": it is longer than ${limits.queryCharacters} characters`,
    );
  }
  return parseExpression({ parameter: 'query', text }, slices);
}

/** A number at every moment. */
function constant(value: number, { count }: Moments): readonly Row[] {
  return [{ labels: new Map(), values: new Float64Array(count).fill(value) }];
}

async function writeRows(
  rows: AsyncIterable<Row> | Iterable<Row>,
  { slices, notes }: Question,
  most: number,
  write: (row: Row) => void,
): Promise<void> {
  let written = 0;
  for await (const row of rows) {
    if (written >= most) {
      notes.add(truncated);
      return;
    }
    write(row);
    written++;
    if (slices.isOver()) await slices.nextTurn();
  }
}
