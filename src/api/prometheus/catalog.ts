import type { Static } from 'typebox';
import { invalidField } from '../../platform/errors.ts';
import { type ListWriter, labelsText, successText } from './answer.ts';
import type { Question } from './evaluation/question.ts';
import { knownSeries } from './evaluation/select.ts';
import { limitOf, momentOf, type SeriesQuery } from './parameters.ts';
import type { Selector } from './promql/expression.ts';
import type { Labels } from './promql/matcher.ts';
import { parseSelector } from './promql/parse.ts';
import { truncated } from './query.ts';

type Asked = Static<typeof SeriesQuery>;

/** Lists the series that have a value now and that a selector asks for, each once. */
export function answerSeries(asked: Asked, question: Question, list: ListWriter): Promise<string> {
  if (asked['match[]'] === undefined) {
    throw invalidField('match[]', 'no match[] parameter provided');
  }
  return answerDistinct(asked, question, list, { of: (labels) => [labelsText(labels)], isSorted: false });
}

/** Lists the names of the labels that series have. */
export function answerLabels(asked: Asked, question: Question, list: ListWriter): Promise<string> {
  const namesOf = (labels: Labels) => Array.from(labels.keys(), (label) => JSON.stringify(label));
  return answerDistinct(asked, question, list, { of: namesOf, isSorted: true });
}

/** Lists the values that a label has. */
export function answerLabelValues(
  label: string,
  asked: Asked,
  question: Question,
  list: ListWriter,
): Promise<string> {
  if (!/^[a-zA-Z_]\w*$/.test(label)) {
    throw invalidField('name', `invalid label name: ${JSON.stringify(label)}`);
  }
  const valueIn = (labels: Labels) => {
    const value = labels.get(label);
    return value === undefined ? [] : [JSON.stringify(value)];
  };
  return answerDistinct(asked, question, list, { of: valueIn, isSorted: true });
}

interface Wanted {
  readonly of: (labels: Labels) => readonly string[];
  readonly isSorted: boolean;
}

/** Writes what is wanted of each series that is asked for, each text once. */
async function answerDistinct(
  asked: Asked,
  question: Question,
  list: ListWriter,
  { of, isSorted }: Wanted,
): Promise<string> {
  checkSpan(asked, question);
  const most = limitOf(asked.limit);
  const entries = new Set<string>();
  for (const selector of await selectorsOf(asked, question)) {
    for await (const labels of knownSeries(selector, question))
      for (const entry of of(labels)) entries.add(entry);
  }
  const sorted = isSorted ? [...entries].sort() : [...entries];
  for (const entry of sorted.slice(0, most)) list.add(entry);
  if (sorted.length > most) question.notes.add(truncated);
  return successText(list.text(), question.notes.list());
}

function checkSpan({ start, end }: Asked, { nowMs }: Question): void {
  const fromMs = momentOf('start', start, nowMs);
  const toMs = momentOf('end', end, Math.max(nowMs, fromMs));
  if (toMs < fromMs) {
    throw invalidField('end', 'invalid parameter "end": end timestamp must not be before start time');
  }
}

/** The selectors of the request; without one, all series are asked for. */
async function selectorsOf(
  asked: Asked,
  { slices, limits }: Question,
): Promise<readonly Pick<Selector, 'matchers'>[]> {
  const given = asked['match[]'];
  if (given === undefined) return [{ matchers: [] }];
  const selectors: Selector[] = [];
  for (const text of typeof given === 'string' ? [given] : given) {
    if (text.length > limits.queryCharacters) {
      throw invalidField(
        'match[]',
        `invalid parameter "match[]": it is longer than ${limits.queryCharacters} characters`,
      );
    }
    selectors.push(await parseSelector({ parameter: 'match[]', text }, slices));
  }
  return selectors;
}
